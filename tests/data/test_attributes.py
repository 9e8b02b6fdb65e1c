"""Several attributes of an example: blocks of columns side by side, or one class per combination."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab import data
from nnlab.data import Dataset
from nnlab.errors import ConfigurationError, DataError

TABLE = "x,shape,colour\n1,round,red\n2,oval,blue\n3,flat,red\n4,round,blue\n5,flat,red\n"
SHAPES = np.array([2, 1, 0, 2, 0])  # in the order flat, oval, round
COLOURS = np.array([1, 0, 1, 0, 1])  # in the order blue, red


def from_csv(folder: Path, content: str = TABLE, **given: Any) -> Dataset:
    path = folder / "things.csv"
    path.write_text(content)
    target = {"target": ["shape", "colour"], "task": "classification"}
    return data.load({"name": "csv", "path": str(path)} | target | given)


def from_npz(folder: Path, y: Any, **given: Any) -> Dataset:
    path = folder / "things.npz"
    np.savez(path, X=np.arange(float(len(y)))[:, np.newaxis], y=y)
    return data.load({"name": "npz", "path": str(path), "task": "classification"} | given)


def test_attributes_are_blocks_side_by_side(tmp_path: Path) -> None:
    dataset = from_csv(tmp_path)
    assert (dataset.task, dataset.heads, dataset.combined) == ("classification", (3, 2), ())
    assert dataset.class_names == ("shape=flat", "shape=oval", "shape=round", "colour=blue", "colour=red")
    assert np.array_equal(dataset.targets, np.hstack((np.eye(3)[SHAPES], np.eye(2)[COLOURS])))
    assert dataset.targets.dtype == np.float32
    assert dataset.feature_names == ("x",)
    assert dataset.note == ""


def test_joint_classes_are_all_combinations_in_order(tmp_path: Path) -> None:
    dataset = from_csv(tmp_path, heads="joint")
    assert (dataset.task, dataset.heads, dataset.combined) == ("classification", (), (3, 2))
    names = ("flat, blue", "flat, red", "oval, blue", "oval, red", "round, blue", "round, red")
    assert dataset.class_names == names
    assert np.array_equal(dataset.targets, np.eye(6)[2 * SHAPES + COLOURS])
    table = dataset.targets.reshape(5, 3, 2)
    assert np.array_equal(table.sum(axis=2), np.eye(3)[SHAPES])
    assert np.array_equal(table.sum(axis=1), np.eye(2)[COLOURS])


def test_arrays_have_attributes_too(tmp_path: Path) -> None:
    separate = from_npz(tmp_path, np.column_stack((SHAPES, COLOURS)))
    assert separate.heads == (3, 2)
    assert separate.class_names == tuple(f"attribute_{name}" for name in ("0=0", "0=1", "0=2", "1=0", "1=1"))
    assert np.array_equal(separate.targets, from_csv(tmp_path).targets)
    joint = from_npz(tmp_path, np.column_stack((SHAPES, COLOURS)), heads="joint")
    assert joint.class_names == ("0, 0", "0, 1", "1, 0", "1, 1", "2, 0", "2, 1")
    assert np.array_equal(joint.targets, from_csv(tmp_path, heads="joint").targets)
    texts = np.column_stack((SHAPES.astype("U"), np.array(["b", "a"])[COLOURS]))
    assert from_npz(tmp_path, texts).class_names[3:] == ("attribute_1=a", "attribute_1=b")


def test_blocks_are_those_of_the_heads(tmp_path: Path) -> None:
    shapes, colours = from_csv(tmp_path).blocks(np.arange(10).reshape(2, 5))
    assert np.array_equal(shapes, [[0, 1, 2], [5, 6, 7]])
    assert np.array_equal(colours, [[3, 4], [8, 9]])
    joint = from_csv(tmp_path, heads="joint")
    assert [block.shape for block in joint.blocks(joint.targets)] == [(5, 6)]


def test_heads_are_part_of_the_digest_where_there_are_any(tmp_path: Path) -> None:
    separate = from_csv(tmp_path)
    content = (separate.name, separate.task, separate.inputs, separate.targets, ("x",), separate.class_names, "made")
    digests = {Dataset(*content, heads=heads).digest for heads in ((), (3, 2), (2, 3))}
    digests |= {Dataset(*content, combined=(5, 1)).digest}
    assert len(digests) == 4
    assert separate.digest in digests


def test_a_data_set_without_heads_keeps_its_digest() -> None:
    line = data.load({"name": "line", "examples": 10})
    header = {
        "feature_names": ["x"],
        "class_names": [],
        "official_test": 0,
        "arrays": [["<f8", [10, 1]], ["<f8", [10, 1]]],
    }
    content = json.dumps(header).encode() + line.inputs.tobytes() + line.targets.tobytes()
    assert line.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"heads": "both"}, "dataset.heads=both is not allowed: dataset.heads must be one of separate, joint"),
        (
            {"heads": "joint", "target": "shape"},
            "dataset.heads=joint .* must be separate, since this is a classification of 1 target, not",
        ),
        (
            {"heads": "joint", "target": ["x", "colour"], "task": "multilabel"},
            "separate, since this is a multilabel of 2 targets, not a classification of several",
        ),
        ({"heads": "joint", "task": "regression"}, "since this is a regression of 2 targets"),
    ],
)
def test_heads_where_there_is_nothing_to_choose(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as raised:
        from_csv(tmp_path, **given)
    assert "\n" not in str(raised.value)


def test_joint_heads_of_one_array(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"dataset.heads=joint .* classification of 1 target"):
        from_npz(tmp_path, SHAPES, heads="joint")


def test_too_many_combinations(tmp_path: Path) -> None:
    y = np.tile(np.arange(101)[:, np.newaxis], (1, 2))
    assert from_npz(tmp_path, y).heads == (101, 101)
    with pytest.raises(ConfigurationError, match="10201 combinations of classes, more than 10000") as raised:
        from_npz(tmp_path, y, heads="joint")
    assert "\n" not in str(raised.value)
    y = np.tile(np.arange(10)[:, np.newaxis], (1, 20))
    with pytest.raises(ConfigurationError, match="100000000000000000000 combinations"):
        from_npz(tmp_path, y, heads="joint")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x,shape,colour\n1,round,red\n2,oval,red\n", r"things.csv: column 'colour': all targets are 'red'"),
        ("x,shape,colour\n1,round,red\n2,oval,\n", r"column 'colour', row 2 below the header: a missing value"),
        (
            "x,shape,colour\n1,0,1\n2,1,0\n3,1,0\n",
            r"things.csv: column 'shape', 'colour' are one class in as many columns \(one-hot\), no attributes: put",
        ),
    ],
)
def test_bad_attributes(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as raised:
        from_csv(tmp_path, content)
    assert "\n" not in str(raised.value)


def test_zeros_and_ones_that_are_not_one_hot_are_attributes(tmp_path: Path) -> None:
    assert from_csv(tmp_path, "x,shape,colour\n1,0,1\n2,1,0\n3,1,1\n").heads == (2, 2)


@pytest.mark.parametrize("classes", [2, 4])
def test_one_hot_arrays_are_no_attributes(tmp_path: Path, classes: int) -> None:
    y = np.eye(classes)[np.arange(12) % classes]
    for dtype in (np.float64, np.int64, bool):
        with pytest.raises(DataError, match=r"things.npz: y 'attribute_0', .* are one class in as many columns"):
            from_npz(tmp_path, y.astype(dtype))
