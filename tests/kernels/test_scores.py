"""Each score against its reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_cases import DTYPES, TOLERANCE, properties
from loss_cases import HEADS, OUTPUTS, one_hot
from naive.losses import right_answers, right_labels, squared_error

from nnlab import registry

PACKAGE = "nnlab.kernels.score"


def score_of(name: str, outputs: Any, targets: Any, heads: Any = ()) -> float:
    outputs, targets = np.asarray(outputs), np.asarray(targets)
    ends = np.array(heads or (0, outputs.shape[1]))
    scores = np.full(len(outputs), np.nan)
    registry.piece(PACKAGE, name).score(outputs, targets.astype(outputs.dtype), ends, scores)
    return float(scores.sum())


def test_all_scores_are_tested() -> None:
    assert set(registry.pieces(PACKAGE)) == {"right_answers", "right_labels", "squared_error"}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("heads", HEADS)
def test_right_answers(heads: str, dtype: str) -> None:
    rng = np.random.default_rng(1)
    targets = one_hot(rng, 40, HEADS[heads])
    outputs = (targets + rng.normal(0, 0.4, targets.shape)).astype(dtype)
    ref = right_answers(outputs.tolist(), targets.tolist(), HEADS[heads])
    assert 0 < ref < 40
    assert score_of("right_answers", outputs, targets, HEADS[heads]) == ref


@pytest.mark.parametrize("dtype", DTYPES)
def test_right_labels(dtype: str) -> None:
    rng = np.random.default_rng(2)
    targets = rng.integers(2, size=(40, OUTPUTS))
    outputs = (targets - 0.5 + rng.normal(0, 0.5, targets.shape)).astype(dtype)
    ref = right_labels(outputs.tolist(), targets.tolist())
    assert 0 < ref < 40
    np.testing.assert_allclose(score_of("right_labels", outputs, targets), ref, rtol=1e-14)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("heads", HEADS)
def test_squared_error(heads: str, dtype: str) -> None:
    outputs, targets = np.random.default_rng(3).normal(0, 1, (2, 40, OUTPUTS)).astype(dtype)
    ref = squared_error(outputs.astype(float).tolist(), targets.astype(float).tolist())
    np.testing.assert_allclose(score_of("squared_error", outputs, targets, HEADS[heads]), ref, **TOLERANCE[dtype])


def test_an_answer_is_right_only_if_all_heads_are() -> None:
    targets = [[1.0, 0, 0, 1]] * 4
    outputs = [[2.0, 1, 1, 2], [2, 1, 2, 1], [1, 2, 1, 2], [1, 2, 2, 1]]
    assert score_of("right_answers", outputs, targets, (0, 2, 4)) == 1


def test_of_equal_outputs_the_first_is_the_answer() -> None:
    assert score_of("right_answers", [[1.0, 1, 0]], [[1.0, 0, 0]]) == 1
    assert score_of("right_answers", [[1.0, 1, 0]], [[0.0, 1, 0]]) == 0


def test_a_logit_of_zero_predicts_no_label() -> None:
    assert score_of("right_labels", [[0.0, 0.0, 1e-9, -1e-9]], [[0.0, 1, 1, 0]]) == 0.75


def test_smoothed_targets_are_the_same_classes_and_labels() -> None:
    rng = np.random.default_rng(4)
    outputs, targets = rng.normal(0, 1, (40, OUTPUTS)), one_hot(rng, 40, (0, OUTPUTS))
    for name in ("right_answers", "right_labels"):
        assert score_of(name, outputs, 0.6 * targets + 0.2) == score_of(name, outputs, targets)


@pytest.mark.parametrize("name", ["right_answers", "right_labels"])
def test_nan_is_no_answer_but_no_error_either(name: str) -> None:
    assert 0 <= score_of(name, np.full((5, 3), np.nan), np.eye(5, 3)) <= 5


def test_nan_stays_nan_in_the_squared_error() -> None:
    assert np.isnan(score_of("squared_error", [[np.nan, 0.0]], [[0.0, 0.0]]))


@properties
@given(st.integers(1, 5), st.integers(1, 6))
def test_targets_themselves_have_the_best_score(examples: int, outputs: int) -> None:
    targets = one_hot(np.random.default_rng(examples), examples, (0, outputs))
    assert score_of("right_answers", targets, targets) == examples
    assert score_of("right_labels", targets, targets) == pytest.approx(examples)
    assert score_of("squared_error", targets, targets) == 0
