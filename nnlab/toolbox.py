"""The page conf/README.md, which lists all choices: ``python -m nnlab.toolbox > conf/README.md`` writes it anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from nnlab import registry
from nnlab.checks import Parameter
from nnlab.composition import conf_folder
from nnlab.kernels.operation import dropconnect

# Groups of the configuration, in the order in which a network and its training are described, and their packages.
GROUPS = {
    "dataset": ("nnlab.data.sources",),
    "activation": ("nnlab.kernels.activation",),
    "normalisation": ("nnlab.kernels.normalisation",),
    "connection": ("nnlab.connection",),
    "initialisation": ("nnlab.initialisation",),
    "loss": ("nnlab.kernels.loss",),
    "optimizer": ("nnlab.kernels.optimizer", "nnlab.training.minimiser"),
    "schedule": ("nnlab.training.schedule",),
    "momentum_schedule": ("nnlab.training.momentum_schedule",),
    "early_stopping": ("nnlab.training.early_stopping",),
}
_REGULARISATION = "nnlab.kernels.regularisation"
_NOISE = "nnlab.kernels.noise"
_HEADER = """# All choices

Written by `python -m nnlab.toolbox > conf/README.md`; a test holds it to the code.

`group=choice` takes a choice, `group.setting=value` changes a setting of it, as in
`python -m nnlab.run activation=leaky_relu activation.slope=0.2`. Each choice is a file in `conf/`, and one in the
package, whose docstring says more. A setting in the tables stands with its default.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEADER, *_groups(), *_regularisation(), *_noise(), *_keys()])


def _groups() -> Iterator[str]:
    for group, packages in GROUPS.items():
        yield f"## {group}\n"
        yield "| choice | what it is | settings | source |\n| --- | --- | --- | --- |"
        for name, module in registry.pieces(*packages).items():
            what, source = described(module)
            yield f"| `{name}` | {what} | {_settings(module.PARAMETERS)} | {source} |"
        yield ""


def _regularisation() -> Iterator[str]:
    yield "## regularisation\n\nAll are off unless a number is given, and go together: `regularisation.l2=1e-4`.\n"
    yield "| setting | what it is | source |\n| --- | --- | --- |"
    yield from _rows(registry.pieces(_REGULARISATION))


def _noise() -> Iterator[str]:
    yield "## Noise\n\nOf the keys `dropout`, `input_dropout`, `dropout_noise`, `dropconnect` and `input_noise`.\n"
    yield "| name | what it is | source |\n| --- | --- | --- |"
    yield from _rows(registry.pieces(_NOISE) | {"dropconnect": dropconnect})


def _rows(pieces: dict[str, ModuleType]) -> Iterator[str]:
    for name, module in sorted(pieces.items()):
        what, source = described(module)
        yield f"| `{name}` | {what} | {source} |"
    yield ""


def _keys() -> Iterator[str]:
    """List the plain keys of config.yaml, of one level or two, with the comments that stand there."""
    yield "## Plain keys\n\n| key | default | what it is |\n| --- | --- | --- |"
    parent = ""
    for line in (conf_folder() / "config.yaml").read_text(encoding="utf-8").partition("\nhydra:")[0].splitlines():
        found = re.fullmatch(r"(  )?(\w+):(?: ([^#]+?))?(?: # (.*))?", line)
        if found is None:  # of the list of defaults, a comment, or empty
            continue
        indent, key, default, what = found.groups(default="")
        parent = parent if indent else f"{key}."
        if default:
            yield f"| `{parent if indent else ''}{key}` | `{default}` | {_cell(what)} |"
    yield ""


def described(module: ModuleType) -> tuple[str, str]:
    """Return what a piece is, the first paragraph of its docstring, and its source, with which the docstring ends."""
    text, _, source = (module.__doc__ or "").partition("Source: ")
    what = text.split("\n\n")[0]
    return _cell(what), _cell(source).removesuffix(".")


def _settings(parameters: dict[str, Parameter]) -> str:
    return ", ".join(f"`{key}={_shown(parameter.default)}`" for key, parameter in parameters.items())


def _shown(value: Any) -> str:
    return json.dumps(value).strip('"')


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201
