"""A table of one's own: what is read, and one clear line for everything that cannot be."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab import data
from nnlab.data import Dataset
from nnlab.errors import ConfigurationError, DataError

FLOWERS = "petal,sepal,species\n" + "1.5,2,red\n3,4,blue\n5,6e-1,red\n" * 4


def load(folder: Path, content: str | bytes, **given: Any) -> Dataset:
    path = folder / "flowers.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return data.load({"name": "csv", "path": str(path), "target": "species"} | given)


def test_text_is_classes(tmp_path: Path) -> None:
    dataset = load(tmp_path, FLOWERS)
    assert dataset.name == "flowers"
    assert dataset.source == str(tmp_path / "flowers.csv")
    assert dataset.task == "classification"
    assert dataset.class_names == ("blue", "red")
    assert dataset.feature_names == ("petal", "sepal")
    assert np.array_equal(dataset.inputs[:3], [[1.5, 2], [3, 4], [5, 0.6]])
    assert np.array_equal(dataset.targets[:3], [[0, 1], [1, 0], [0, 1]])
    assert dataset.inputs.flags.c_contiguous


@pytest.mark.parametrize(
    ("column", "task", "class_names"),
    [
        (["1", "0"] * 5, "classification", ("0", "1")),
        (["10", "9"] * 5, "classification", ("9", "10")),
        (["1.0", "2.0"] * 5, "classification", ("1", "2")),
        (["True", "False"] * 5, "classification", ("False", "True")),
        (["3a", "3", "5"] * 3, "regression", None),
        (["3a", "b", "5"] * 3, "classification", ("3a", "5", "b")),
        (["1.5", "2"] * 5, "regression", ()),
        ([str(row) for row in range(10)], "regression", ()),
        ([str(row) for row in range(21)] * 3, "regression", ()),
        ([str(row) for row in range(20)] * 2, "classification", tuple(str(row) for row in range(20))),
    ],
)
def test_the_task_follows_from_the_target(
    tmp_path: Path, column: list[str], task: str, class_names: tuple[str, ...] | None
) -> None:
    content = "x,species\n" + "".join(f"{row},{value}\n" for row, value in enumerate(column))
    if class_names is None:  # a number with a typing error in it
        with pytest.raises(DataError, match="column 'species', row 1 below the header: '3a' is not allowed"):
            load(tmp_path, content)
        return
    dataset = load(tmp_path, content)
    assert dataset.task == task
    assert dataset.class_names == class_names


def test_a_given_task_overrides(tmp_path: Path) -> None:
    content = "x,species\n1,0\n2,1\n3,0\n4,1\n"
    assert np.array_equal(load(tmp_path, content, task="regression").targets, [[0], [1], [0], [1]])
    content = "x,species\n1,0.5\n2,1.5\n"
    assert load(tmp_path, content, task="classification").class_names == ("0.5", "1.5")


def test_several_targets_are_a_regression(tmp_path: Path) -> None:
    dataset = load(tmp_path, "a,b,c\n1,0,1\n2,1,0\n3,0,1\n4,1,0\n", target=["c", "a"])
    assert dataset.task == "regression"
    assert np.array_equal(dataset.targets, [[1, 1], [0, 2], [1, 3], [0, 4]])
    assert dataset.feature_names == ("b",)


def test_columns_of_zeros_and_ones_are_labels_if_asked_for(tmp_path: Path) -> None:
    content = "a,b,c\n1,0.5,True\n0,2,False\n1,3,True\n"
    dataset = load(tmp_path, content, target=["c", "a"], task="multilabel")
    assert dataset.task == "multilabel"
    assert dataset.class_names == ("c", "a")
    assert dataset.targets.dtype == np.float32
    assert np.array_equal(dataset.targets, [[1, 1], [0, 0], [1, 1]])
    assert np.array_equal(dataset.inputs, [[0.5], [2], [3]])
    assert load(tmp_path, content, target="c", task="multilabel").targets.shape == (3, 1)


@pytest.mark.parametrize("bad", ["2", "0.5", "-1", "yes", ""])
def test_labels_are_zeros_and_ones(tmp_path: Path, bad: str) -> None:
    shown = "a missing value" if not bad else f"'{bad}' is not allowed: it must be 0 or 1"
    with pytest.raises(DataError, match=f"flowers.csv: column 'c', row 2 below the header: {shown}") as raised:
        load(tmp_path, f"a,b,c\n1,1,1\n0,1,{bad}\n", target=["a", "c"], task="multilabel")
    assert "\n" not in str(raised.value)


def test_a_column_of_weights_is_no_feature(tmp_path: Path) -> None:
    content = "a,w,species\n1,0.5,x\n2,0,y\n3,2,x\n"
    dataset = load(tmp_path, content, weights="w")
    assert dataset.feature_names == ("a",)
    assert dataset.sample_weights.dtype == np.float64
    assert np.array_equal(dataset.sample_weights, [0.5, 0, 2])
    assert load(tmp_path, content).sample_weights is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,w,species\n1,1,x\n2,-0.5,y\n", "column 'w': the weight of example 2 is -0.5: it must be at least 0"),
        ("a,w,species\n1,0,x\n2,0,y\n", "column 'w': all weights are 0: at least one must be above 0"),
        ("a,w,species\n1,1,x\n2,,y\n", "column 'w', row 2 below the header: a missing value"),
        ("a,w,species\n1,1,x\n2,inf,y\n", "column 'w', row 2 below the header: 'inf' is not allowed"),
        ("a,w,species\n1,1,x\n2,big,y\n", "column 'w', row 2 below the header: 'big' is not allowed"),
        ("w,species\n1,x\n2,y\n", "at least one feature is needed"),
    ],
)
def test_bad_weights(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as raised:
        load(tmp_path, content, weights="w")
    assert str(tmp_path / "flowers.csv") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_weights_that_are_no_column_or_a_target(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"dataset.weights: 'sepals': did you mean sepal\?"):
        load(tmp_path, FLOWERS, weights="sepals")
    with pytest.raises(ConfigurationError, match=r"dataset.weights=species .* a column that is no target"):
        load(tmp_path, FLOWERS, weights="species")


@pytest.mark.parametrize(("separator", "character"), [(";", ";"), ("tab", "\t"), ("\t", "\t"), (",", ", ")])
def test_separators(tmp_path: Path, separator: str, character: str) -> None:
    dataset = load(tmp_path, FLOWERS.replace(",", character), separator=separator)
    assert dataset.digest == load(tmp_path, FLOWERS).digest


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    first = load(tmp_path, FLOWERS)
    path = tmp_path / "flowers.csv"
    stamp = path.stat().st_mtime_ns
    path.write_text(FLOWERS.replace("1.5", "2.5"))
    os.utime(path, ns=(stamp + 10**9, stamp + 10**9))
    settings = {"name": "csv", "path": str(path), "target": "species"}
    changed = data.load(settings)
    assert (first.inputs[0, 0], changed.inputs[0, 0]) == (1.5, 2.5)
    assert data.load(settings) is changed


def test_a_relative_path_and_a_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flowers.csv").write_text(FLOWERS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in ("flowers.csv", "~/flowers.csv"):
        settings = {"name": "csv", "path": path, "target": "species"}
        assert data.load(settings).source == str(tmp_path / "flowers.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "flowers.csv: empty: "),
        ("petal,species\n", "flowers.csv: empty: "),
        (
            "petal,species\n1,a\n2,b\nlong,b\n",
            "column 'petal', row 3 below the header: 'long' is not allowed",
        ),
        ("petal,species\n1,a\n,b\n", "column 'petal', row 2 below the header: a missing value"),
        ("petal,species\n1,a\nNaN,b\n", "column 'petal', row 2 below the header: a missing value"),
        ("petal,species\n1,a\ninf,b\n", "column 'petal', row 2 below the header: 'inf' is not allowed"),
        ("petal,species\n1,a\n2,\n", "column 'species', row 2 below the header: a missing value"),
        ("petal,species\n1,1.5\n2,\n", "column 'species', row 2 below the header: a missing value"),
        ("petal,species\n1,a\n2\n", "column 'species', row 2 below the header: a missing value"),
        ("petal,species\n1,a\n2,b,c\n", "flowers.csv: not a table separated by ','"),
        ("petal,species\n1,a,9\n2,b,9\n", "flowers.csv: not a table separated by ','"),
        ("petal,species\n1,a\n2,a\n", "all targets are 'a': there must be at least two classes"),
        ("species\na\nb\n", "no column besides the target"),
        ("petal,species,species\n1,a,a\n2,b,b\n", "the first line names 'species' twice"),
        (",petal,species\n0,1,a\n1,2,b\n", "column 1 has no name, .* index=False"),
        ("petal, ,species\n0,1,a\n1,2,b\n", "column 2 has no name"),
        ('petal," ",species\n0,1,a\n1,2,b\n', "column 2 has no name"),
        ("petal,species,\n1,a,\n2,b,\n", "column 3 has no name"),
        ("Unnamed: 0,petal,species\n0,1,a\n1,2,b\n", "column 1 has no name"),
        (b"petal,species\n1,\xff\xfe\n", "flowers.csv: not a table"),
    ],
)
def test_bad_tables(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message) as raised:
        load(tmp_path, content)
    assert str(tmp_path / "flowers.csv") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_column_may_be_called_what_pandas_takes_for_missing(tmp_path: Path) -> None:
    assert load(tmp_path, "NA,None,species\n1,2,a\n3,4,b\n").feature_names == ("NA", "None")


@pytest.mark.parametrize(
    ("content", "given", "note"),
    [
        (FLOWERS, {}, "classification of 'species', 2 classes"),
        (FLOWERS, {"task": "classification"}, ""),
        ("x,species\n1,0.5\n2,1.5\n", {"task": "regression"}, ""),
        (
            "x,species\n1,0\n2,1\n3,0\n4,1\n",
            {},
            "classification of 'species', 2 classes; dataset.task=regression for numbers",
        ),
        ("x,species\n1,0.5\n2,1.5\n", {}, "regression on 'species'; dataset.task=classification for classes"),
        ("x,y,species\n1,0,1\n2,1,0\n3,0,1\n4,1,0\n", {"target": ["y", "x"]}, ""),
        (
            "x,y,species\n1,0,1\n2,1,0\n",
            {"target": ["y", "species"]},
            "regression on 2 targets; dataset.task=multilabel for labels",
        ),
        ("x,y,species\n1,0,1\n2,1,0\n", {"target": ["y", "species"], "task": "multilabel"}, ""),
        ("x,y,species\n1,0,1\n2,1,0\n", {"target": ["y", "species"], "task": "regression"}, ""),
        (
            "x,price in dollars of today\n1,0.5\n2,1.5\n",
            {"target": "price in dollars of today"},
            "regression on 'price in dollar…'; dataset.task=classification for classes",
        ),
    ],
)
def test_a_guessed_task_is_noted(tmp_path: Path, content: str, given: dict[str, Any], note: str) -> None:
    assert load(tmp_path, content, **given).note == note


def test_a_missing_target_gets_the_nearest_name(tmp_path: Path) -> None:
    message = "dataset.target: 'speces': did you mean species\\? known: petal, sepal, species"
    with pytest.raises(ConfigurationError, match=message):
        load(tmp_path, FLOWERS, target="speces")
    with pytest.raises(ConfigurationError, match=r"dataset.target: 'colour'"):
        load(tmp_path, FLOWERS, target=["petal", "colour"])


def test_a_task_that_the_target_cannot_have(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column 'species', row 1 below the header: 'red' is not allowed"):
        load(tmp_path, FLOWERS, task="regression")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"dataset.path=.*none.csv: no such file"):
        data.load({"name": "csv", "path": str(tmp_path / "none.csv"), "target": "y"})
    with pytest.raises(DataError, match="no such file"):
        data.load({"name": "csv", "path": str(tmp_path), "target": "y"})


def test_a_truncated_compressed_table(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv.gz"
    path.write_bytes(gzip.compress(FLOWERS.encode())[:-12])
    with pytest.raises(DataError, match=r"flowers.csv.gz: not a table"):
        data.load({"name": "csv", "path": str(path), "target": "species"})
