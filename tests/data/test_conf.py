"""The menu in conf/dataset says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nnlab import data
from nnlab.registry import pieces

FOLDER = Path(__file__).parents[2] / "conf" / "dataset"
NAMES = sorted(pieces("nnlab.data.sources"))
MUST_BE_GIVEN = {"csv": {"path": "a.csv", "target": "y"}, "npz": {"path": "a.npz"}}


def test_every_source_is_on_the_menu_and_nothing_else() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_defaults_on_the_menu_are_those_of_the_code(name: str) -> None:
    listed = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
    given = MUST_BE_GIVEN.get(name, {})
    assert [key for key, value in listed.items() if value is None and key in given] == list(given)
    comp = listed | given
    ref = data.check({"name": name, **given})
    assert comp == ref
    assert {key: type(value) for key, value in comp.items()} == {k: type(v) for k, v in ref.items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_is_a_sentence_and_a_command_and_every_other_line_is_explained(name: str) -> None:
    first, *others = (FOLDER / f"{name}.yaml").read_text().splitlines()
    assert first.startswith("# ")
    assert f": python -m nnlab.run dataset={name}" in first
    assert all("  # " in line for line in others if not line.startswith("  - "))
