"""The menu in conf/ and the pieces in the package say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nnlab import registry, schema
from nnlab.composition import compose, conf_folder

PACKAGES = {
    "activation": "nnlab.kernels.activation",
    "initialisation": "nnlab.initialisation",
    "loss": "nnlab.kernels.loss",
    "optimizer": "nnlab.kernels.optimizer",
}
PIECES = [(group, name) for group, package in PACKAGES.items() for name in registry.pieces(package)]
CHOICES = sorted(path for path in conf_folder().glob("*/*.yaml"))


@pytest.mark.parametrize(("group", "name"), PIECES, ids=str)
def test_a_piece_stands_in_the_menu_with_its_defaults(group: str, name: str) -> None:
    settings = yaml.safe_load((conf_folder() / group / f"{name}.yaml").read_text(encoding="utf-8"))
    parameters = registry.piece(PACKAGES[group], name).PARAMETERS
    assert settings == {"name": name} | {key: parameter.default for key, parameter in parameters.items()}


def test_a_piece_documents_itself() -> None:
    for group, name in PIECES:
        assert len(registry.piece(PACKAGES[group], name).__doc__ or "") > 20, (group, name)


@pytest.mark.parametrize("path", CHOICES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_choice_is_short_begins_with_a_comment_and_is_accepted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= 12
    if path.parent.name == "dataset" and path.stem in ("csv", "npz"):
        pytest.skip("needs a file of the user's own")
    config = compose([f"{path.parent.name}={path.stem}"])
    if path.parent.name in (*PACKAGES, "dataset"):
        assert getattr(config, path.parent.name)["name"] == path.stem


def test_every_piece_has_one_choice_and_no_choice_is_without_a_piece() -> None:
    for group, package in PACKAGES.items():
        choices = {path.stem for path in (conf_folder() / group).glob("*.yaml")} - {schema.AUTO}
        assert choices == set(registry.pieces(package))


def test_an_activation_has_at_most_one_parameter_beside_pieces() -> None:
    for name, module in registry.pieces(PACKAGES["activation"]).items():
        assert len(set(module.PARAMETERS) - {"pieces"}) <= 1, name
