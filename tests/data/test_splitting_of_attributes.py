"""Splits of examples with several attributes: in the proportions of the combinations, joint or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from splitting_cases import PARTS, counts_of, draw, parts

from nnlab.data import Dataset
from nnlab.data.dataset import one_hot
from nnlab.errors import ConfigurationError

COUNTS = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4)


def attributes(shapes: Any, colours: Any, sizes: tuple[int, int], official: int = 0) -> tuple[Dataset, Dataset]:
    """Return examples of two attributes with a head each, and with one class per combination."""
    inputs = np.zeros((len(shapes), 1))
    blocks = np.hstack((one_hot(shapes, sizes[0]), one_hot(colours, sizes[1])))
    names = tuple(f"{name}={k}" for name, size in zip(("shape", "colour"), sizes, strict=True) for k in range(size))
    joint = one_hot(np.asarray(shapes) * sizes[1] + colours, sizes[0] * sizes[1])
    joint_names = tuple(f"{shape}, {colour}" for shape in range(sizes[0]) for colour in range(sizes[1]))
    return (
        Dataset("made", "classification", inputs, blocks, ("x",), names, "generated", official, heads=sizes),
        Dataset("made", "classification", inputs, joint, ("x",), joint_names, "generated", official, combined=sizes),
    )


def grid(counts: list[list[int]], official: int = 0) -> tuple[Dataset, Dataset]:
    """Return so many examples of each shape (row) and colour (column), mixed, with each count of official test rows."""
    counted = np.array(counts)
    cells = np.random.default_rng(0).permutation(np.repeat(np.arange(counted.size), counted.ravel()))
    cells = np.concatenate((cells, np.repeat(np.arange(counted.size), official)))
    return attributes(*np.divmod(cells, counted.shape[1]), counted.shape, official * counted.size)


@settings(deadline=None)
@given(counts=COUNTS, official=st.integers(0, 2), validation=PARTS, seed=st.integers(0, 99))
def test_combinations_keep_their_proportions(
    counts: list[list[int]], official: int, validation: Any, seed: int
) -> None:
    separate, joint = grid(counts, official)
    try:
        drawn = draw(separate, seed, validation=validation)
    except ConfigurationError:
        assume(False)
    assert np.array_equal(np.sort(np.concatenate(parts(drawn))), np.arange(len(separate.targets)))
    assert counts_of(separate, drawn.train).min() >= 1
    total = np.array(counts).ravel()
    is_split = total >= (2 if official else 3)
    rest = total if official else total - counts_of(joint, drawn.test)
    for drawn_from, rows in ((total, drawn.test), (rest, drawn.validation))[bool(official) :]:
        expected = drawn_from * len(rows) / drawn_from.sum()
        assert np.abs(counts_of(joint, rows) - expected)[is_split].max(initial=0) < 1


@settings(deadline=None)
@given(counts=COUNTS, official=st.integers(0, 2), seed=st.integers(0, 99))
def test_joint_classes_are_split_like_heads(counts: list[list[int]], official: int, seed: int) -> None:
    separate, joint = grid(counts, official)
    try:
        drawn = draw(separate, seed, validation=0.2)
    except ConfigurationError:
        assume(False)
    for comp, ref in zip(parts(draw(joint, seed, validation=0.2)), parts(drawn), strict=True):
        assert np.array_equal(comp, ref)


def test_an_example_of_a_rare_combination_is_tested_as_often_as_any() -> None:
    # Largest remainders would take examples of the combinations with two, and never one of those with one.
    dataset = grid([[2] * 10] * 3 + [[1] * 10] * 4)[1]
    tests = [draw(dataset, seed).test for seed in range(200)]
    assert {len(test) for test in tests} == {15}
    assert np.bincount(np.concatenate(tests), minlength=100).min() > 0.15 * 200 / 3


@pytest.mark.parametrize("size", [1, 3, 4])
def test_equal_combinations_take_turns(size: int) -> None:
    """Which of equal combinations get the left-over examples differs from seed to seed."""
    dataset = grid([[size] * 4] * 3)[1]
    tested = sum(counts_of(dataset, draw(dataset, seed, validation=0.2).test) for seed in range(60))
    assert tested.min() > 0


def test_a_subset_keeps_the_proportions_of_combinations() -> None:
    separate, joint = grid([[400, 200], [100, 60]])
    some = draw(separate, test=76, validation=76, subset=76)
    assert np.array_equal(counts_of(joint, some.train), [40, 20, 10, 6])


def test_a_combination_may_be_missing_but_no_class_of_a_head() -> None:
    separate, joint = grid([[30, 30], [30, 0]])
    assert counts_of(joint, draw(separate).train)[3] == 0
    separate, joint = grid([[30, 30], [1, 1]])
    with pytest.raises(ConfigurationError, match="class 'shape=1' has too few examples, 2: a class must have at least"):
        draw(separate)
    assert len(draw(joint).test) == 9
    with pytest.raises(ConfigurationError, match="leave no training example of class 'shape=1'"):
        draw(grid([[30, 30], [1, 2]])[0], validation=30, test=30)
