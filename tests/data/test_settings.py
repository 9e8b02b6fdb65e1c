"""Bad settings of a data set get one clear line."""

from __future__ import annotations

from typing import Any

import pytest

from nnlab import data
from nnlab.errors import ConfigurationError


def test_what_is_not_given_is_completed() -> None:
    checked = data.check({"name": "moons", "noise": 1})
    assert checked["noise"] == 1.0
    assert checked["examples"] == 1000
    assert checked["validation"] == checked["test"] == 0.15


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "mnits"}, "unknown dataset 'mnits': did you mean mnist?"),
        ({}, "unknown dataset 'None'"),
        ({"name": "iris", "sclaing": "none"}, "unknown key of dataset 'sclaing': did you mean scaling?"),
        ({"name": "iris", "noise": 0.1}, "unknown key of dataset 'noise'"),
        (
            {"name": "iris", "scaling": "z"},
            "dataset.scaling=z is not allowed: dataset.scaling must be one of",
        ),
        ({"name": "iris", "subset": 0}, "dataset.subset=0 is not allowed"),
        ({"name": "iris", "validation": 0.0}, "dataset.validation=0.0 is not allowed"),
        ({"name": "iris", "validation": 1.0}, "dataset.validation=1.0 is not allowed"),
        ({"name": "iris", "validation": True}, "a fraction above 0 and below 1, or a whole number"),
        ({"name": "iris", "test": None}, "dataset.test=null is not allowed"),
        ({"name": "iris", "test": 0}, "dataset.test=0 is not allowed"),
        ({"name": "iris", "test": float("nan")}, "dataset.test=nan is not allowed"),
        ({"name": "iris", "validation": 0.5, "test": 0.5}, "their sum must be below 1"),
        ({"name": "iris", "scale_targets": True}, "dataset.scale_targets must be false"),
        ({"name": "multilabel", "scale_targets": True}, "dataset.scale_targets must be false"),
        ({"name": "multilabel", "noise": 0.1}, "unknown key of dataset 'noise'"),
        (
            {"name": "csv", "path": "a", "target": "y", "weights": 3},
            "must be null or the name of a column",
        ),
        ({"name": "sine", "scale_targets": "yes"}, "dataset.scale_targets must be true or false"),
        (
            {"name": "mnist", "test": 0.1},
            "dataset.test must be null: this data set has an official test split",
        ),
        ({"name": "mnist", "mirrors": []}, "dataset.mirrors must be a list that is not empty"),
        ({"name": "mnist", "mirrors": [1]}, "dataset.mirrors=1 is not allowed"),
        ({"name": "moons", "noise": -1}, "dataset.noise=-1 is not allowed"),
        ({"name": "moons", "examples": 9}, "dataset.examples=9 is not allowed"),
        ({"name": "moons", "seed": 2**32}, "dataset.seed"),
        ({"name": "csv"}, "dataset.path=null is not allowed: dataset.path must be the path of a CSV file"),
        ({"name": "csv", "path": "a"}, "dataset.target=null is not allowed"),
        ({"name": "csv", "path": "a", "target": "y", "separator": "||"}, "one character, or tab"),
        ({"name": "csv", "path": "a", "target": "y", "task": "rank"}, "classification, regression, multilabel"),
        ({"name": "npz"}, "dataset.path=null is not allowed: dataset.path must be the path of an npz file"),
    ],
)
def test_bad_settings(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as raised:
        data.check(settings)
    assert "\n" not in str(raised.value)
    with pytest.raises(ConfigurationError, match=message):
        data.load(settings)
