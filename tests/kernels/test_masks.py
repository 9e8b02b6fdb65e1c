"""Dropout's masks: their bits, their addresses, their expectation."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_cases import DTYPES, JIT, KEY, draw_of, network_of, properties

from nnlab.architecture import Dense
from nnlab.kernels.masks import drop, fill_bernoulli
from nnlab.kernels.structures import Draw
from nnlab.network import NO_MASKS


def mask_of(
    size: int, keep: float = 0.7, draw: Draw | None = None, layer: int = 0, dtype: str = "float64"
) -> np.ndarray:
    mask = np.full(size, np.nan, dtype)
    fill_bernoulli(mask, keep, 1 / keep if keep else 1.0, draw or draw_of(), layer)
    return mask


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 3, 4, 5, 8, 63])
@pytest.mark.parametrize("keep", [0.25, 0.7, 0.999])
def test_bits_are_those_of_the_reference(dtype: str, size: int, keep: float) -> None:
    comp = mask_of(size, keep, draw_of(epoch=3, step=11), 2, dtype)
    ref = naive.bernoulli(size, keep, 1 / keep, [int(k) for k in KEY], (11, 3, 2))
    assert np.array_equal(comp, np.array(ref, dtype))


@properties
@given(st.integers(1, 60), st.integers(1, 60))
def test_an_element_does_not_depend_on_how_many_there_are(size: int, other: int) -> None:
    common = min(size, other)
    assert np.array_equal(mask_of(size)[:common], mask_of(other)[:common])


def test_every_part_of_the_address_counts() -> None:
    other_key = Draw(True, KEY[::-1].copy(), 0, 0)
    masks = [
        mask_of(200),
        mask_of(200, draw=draw_of(epoch=1)),
        mask_of(200, draw=draw_of(step=1)),
        mask_of(200, layer=1),
        mask_of(200, draw=other_key),
    ]
    for one, other in itertools.combinations(masks, 2):
        assert 0.2 < np.mean(one != other) < 0.65, "2 keep (1 - keep) = 0.42 of independent masks differ"


def test_threads_draw_the_same_masks() -> None:
    draws = [draw_of(step=step) for step in range(8)]
    alone = [mask_of(1000, draw=draw) for draw in draws]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda draw: mask_of(1000, draw=draw), draws))
    assert np.array_equal(alone, together)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.8])
def test_the_mean_factor_is_one(keep: float) -> None:
    size = 100_000 if JIT else 4_000
    kept = mask_of(size, keep) > 0
    assert abs(kept.mean() - keep) < 5 * np.sqrt(keep * (1 - keep) / size)
    assert set(np.unique(mask_of(size, keep))) == {0.0, 1 / keep}


def test_nothing_and_everything_can_be_kept() -> None:
    assert np.all(mask_of(50, keep=0.0) == 0)
    assert np.all(mask_of(50, keep=1.0) == 1)


@pytest.mark.parametrize("dropout_scaling", ["inverted", "weights"])
def test_training_predicts_like_testing_in_expectation(dropout_scaling: str) -> None:
    """Sum over all masks of one linear layer, each with its probability: exact, not sampled."""
    network = network_of((Dense(3, dropout=0.3),), "mean_squared_error", "float64", 4, dropout_scaling)
    layer, inputs = network.layers[0], np.array([0.3, -1.2, 2.0, 0.7])
    outputs = {}
    for step in range(2000):
        kept = dropped(inputs, layer, draw_of(step=step))
        outputs[tuple(kept != 0)] = kept @ network.weights[0]
    assert len(outputs) == 2**4, "all masks have occurred"
    expected = sum(0.7 ** sum(kept) * 0.3 ** (4 - sum(kept)) * output for kept, output in outputs.items())
    at_test = dropped(inputs, layer, NO_MASKS) @ network.weights[0]
    np.testing.assert_allclose(at_test, expected, rtol=1e-13)


def dropped(inputs: np.ndarray, layer: np.record, draw: Draw) -> np.ndarray:
    mask, kept = np.empty_like(inputs), np.empty_like(inputs)
    drop(inputs, layer, 0, draw, mask, kept)
    return kept
