"""The menu in conf/ and the pieces in the package say the same."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import hydra
import pytest
import yaml

from nnlab import registry, schema
from nnlab.composition import Composer, checked, compose, composed, conf_folder, plain_values
from nnlab.errors import ConfigurationError
from nnlab.toolbox import GROUPS, page
from nnlab.trace.settings import TraceSettings

PACKAGES = {group: packages for group, packages in GROUPS.items() if group != "dataset"}
PIECES = [(group, name) for group, packages in PACKAGES.items() for name in registry.pieces(*packages)]
BESIDES = {schema.AUTO, schema.NONE}  # choices that stand for no piece
CHOICES = sorted(path for path in conf_folder().glob("*/*.yaml"))


@pytest.mark.parametrize(("group", "name"), PIECES, ids=str)
def test_a_piece_stands_in_the_menu_with_its_defaults(group: str, name: str) -> None:
    settings = yaml.safe_load((conf_folder() / group / f"{name}.yaml").read_text(encoding="utf-8"))
    parameters = registry.pieces(*PACKAGES[group])[name].PARAMETERS
    assert settings == {"name": name} | {key: parameter.default for key, parameter in parameters.items()}


def test_a_piece_documents_itself() -> None:
    for group, name in PIECES:
        assert len(registry.pieces(*PACKAGES[group])[name].__doc__ or "") > 20, (group, name)


def test_the_regularisers_are_the_keys_of_their_group() -> None:
    for path in (conf_folder() / "regularisation").glob("*.yaml"):
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(settings) == set(registry.pieces("nnlab.kernels.regularisation"))
    assert set((conf_folder() / "regularisation").glob("none.yaml"))


def test_the_page_of_all_choices_is_that_of_the_code() -> None:
    written = (conf_folder() / "README.md").read_text(encoding="utf-8")
    assert written == page(), "write it anew: python -m nnlab.toolbox > conf/README.md"


def rows(text: str) -> list[dict[str, str]]:
    """Return all rows of all tables, each as its cells by the heads of their columns."""
    found: list[dict[str, str]] = []
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        heads, _, *lines = [re.split(r" *(?<!\\)\| *", line)[1:-1] for line in table.splitlines()]  # \| is no border
        found += [dict(zip(heads, cells, strict=True)) for cells in lines]
    return found


def test_every_row_of_the_page_says_what_the_choice_is_and_names_a_source() -> None:
    choices = [row for row in rows(page()) if "source" in row]  # all but the plain keys
    assert len(choices) > len(PIECES)
    for row in choices:
        assert len(row["what it is"]) >= 10, row
        assert 4 <= len(row["source"]) <= 200, row


def test_every_key_has_a_line_on_the_page() -> None:
    for key in set(compose([]).as_dict()) - {"tracking"}:
        assert f"`{key}" in page() or f"## {key}" in page(), key


@pytest.mark.parametrize("path", CHOICES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_choice_is_short_begins_with_a_comment_and_is_accepted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= 13
    if path.parent.name == "dataset" and path.stem in ("csv", "npz"):
        pytest.skip("needs a file of the user's own")
    if path.parent.name == "trace":  # of a command of its own
        assert TraceSettings.from_mapping(plain_values(composed([f"trace={path.stem}"], "trace"))).updates >= 1
        return
    config = compose([f"{path.parent.name}={path.stem}"])
    if path.parent.name in (*PACKAGES, "dataset"):
        assert getattr(config, path.parent.name)["name"] == path.stem


def test_every_piece_has_one_choice_and_no_choice_is_without_a_piece() -> None:
    for group, packages in PACKAGES.items():
        choices = {path.stem for path in (conf_folder() / group).glob("*.yaml")} - BESIDES
        assert choices == set(registry.pieces(*packages))


JOBS = [
    ["activation=tanh", "epochs=3", "optimizer.learning_rate=0.01"],
    ["activation=tanh", "epochs=4", "width=[3,4]", "layer_activations={1: relu}"],
    ["activation=relu", "optimizer=sgd", "learning_rate=0.5", "regularisation.l2=0.1", "seeds=[0,7]"],
    ["activation=relu", "optimizer=sgd", "class_weights=null", "tracking.experiment='a, b'", "depth=3"],
]


def test_many_configurations_are_those_that_hydra_composes_one_by_one() -> None:
    with hydra.initialize_config_dir(str(conf_folder()), version_base="1.3"):
        composer = Composer()
        assert [composer(job) for job in JOBS] == [checked(hydra.compose("config", job)) for job in JOBS]


def test_configurations_are_those_that_hydra_composes_whatever_was_composed_before() -> None:
    for job in [*JOBS, *JOBS]:
        assert compose(job) == checked(composed(job))


def test_a_menu_that_is_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    menu = tmp_path / "conf"
    shutil.copytree(conf_folder(), menu)
    monkeypatch.setattr("nnlab.composition.conf_folder", lambda: menu)
    assert compose(["activation=tanh"]).epochs == compose([]).epochs
    path = menu / "config.yaml"
    before = compose([]).epochs
    path.write_text(re.sub(r"(?m)^epochs: *\d+", f"epochs: {before + 7}", path.read_text()), encoding="utf-8")
    assert compose([]).epochs == before + 7


@pytest.mark.parametrize("override", ["epoch=3", "epochs=many", "activation=rel", "optimizer.rate=1", "epochs"])
def test_many_configurations_are_refused_in_the_same_words(override: str) -> None:
    with pytest.raises(ConfigurationError) as one:
        compose([override])
    with hydra.initialize_config_dir(str(conf_folder()), version_base="1.3"):
        composer = Composer()
        composer([])
        with pytest.raises(ConfigurationError) as other:
            composer([override])
    assert str(other.value) == str(one.value)
