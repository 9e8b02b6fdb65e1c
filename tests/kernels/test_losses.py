"""Each loss against its reference and PyTorch, with weights and heads; and at extremes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import naive
import numpy as np
import pytest
from kernel_cases import DTYPES, TOLERANCE, silently
from loss_cases import FOR, HEADS, LOSSES, OUTPUTS, PYTORCH, batch, loss_of, predictions
from measuring import relative_error
from naive.losses import LINKS, slices

from nnlab import registry
from nnlab.checks import check_parameters
from nnlab.data.dataset import TASKS
from nnlab.errors import ConfigurationError

PACKAGE = "nnlab.kernels.loss"
LARGEST_ERROR = 1e-10


def check_against_reference(name: str, outputs: np.ndarray, targets: np.ndarray, weights: Any, heads: Any) -> None:
    comp, delta = loss_of(name, outputs, targets, weights, heads)
    matrices = [values.astype(float).tolist() for values in (outputs, targets, weights)]
    ref, ref_delta = naive.LOSSES[name](*matrices, heads, **LOSSES[name].settings)
    np.testing.assert_allclose(comp, ref, **TOLERANCE[str(outputs.dtype)])
    np.testing.assert_allclose(delta, ref_delta, **TOLERANCE[str(outputs.dtype)])


def test_all_losses_are_tested() -> None:
    assert set(LOSSES) == set(registry.pieces(PACKAGE)) == set(naive.LOSSES) == set(PYTORCH)


def test_every_loss_is_for_a_task() -> None:
    assert all(set(module.TASKS) <= set(TASKS) and module.TASKS for module in registry.pieces(PACKAGE).values())
    assert set(FOR["multilabel"]) <= set(FOR["classification"])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient(name: str, heads: str, dtype: str) -> None:
    for examples in (1, 2, 32):
        check_against_reference(name, *batch(name, examples, HEADS[heads], dtype), HEADS[heads])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_soft_targets(name: str, dtype: str) -> None:
    outputs, targets, weights = batch(name, 8, (0, OUTPUTS), dtype)
    smooth = (targets * 0.9 + 0.1 / OUTPUTS).astype(dtype)
    check_against_reference(name, outputs, smooth, weights, (0, OUTPUTS))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_one_output(name: str, dtype: str) -> None:
    check_against_reference(name, *batch(name, 8, (0, 1), dtype), (0, 1))


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("name", LOSSES)
def test_pytorch_has_the_same_loss_and_gradient(name: str, heads: str) -> None:
    torch = pytest.importorskip("torch")
    outputs, targets, weights = batch(name, 32, HEADS[heads])
    comp, delta = loss_of(name, outputs, targets, weights, HEADS[heads])
    y, t = torch.tensor(outputs, requires_grad=True), torch.tensor(targets)
    ref = 0
    for i, weight in enumerate(weights.tolist()):
        for head in slices(HEADS[heads], OUTPUTS):
            ref = ref + weight * PYTORCH[name](torch, y[i : i + 1, head], t[i : i + 1, head], **LOSSES[name].settings)
    (ref / weights.sum()).backward()
    assert comp == pytest.approx(ref.item(), rel=LARGEST_ERROR)
    assert relative_error(delta, y.grad.numpy()) < LARGEST_ERROR


@pytest.mark.parametrize("name", LOSSES)
def test_central_differences(name: str) -> None:
    outputs, targets, weights = batch(name, 4, HEADS["three heads"])
    _, delta = loss_of(name, outputs, targets, weights, HEADS["three heads"])
    differences = np.empty_like(outputs)
    for place in np.ndindex(outputs.shape):
        value, around = outputs[place], []
        for step in (1e-6, -1e-6):
            outputs[place] = value + step
            around.append(loss_of(name, outputs, targets, weights, HEADS["three heads"])[0])
        outputs[place] = value
        differences[place] = (around[0] - around[1]) / 2e-6 / weights.sum()
    assert relative_error(delta, differences) < 1e-8


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("name", LOSSES)
def test_links(name: str, heads: str, dtype: str) -> None:
    outputs, _, _ = batch(name, 5, HEADS[heads], dtype)
    link: Callable[..., Any] = LINKS.get(name, list)
    parts = slices(HEADS[heads], OUTPUTS)
    ref = [[p for head in parts for p in link(row[head])] for row in outputs.astype(float).tolist()]
    np.testing.assert_allclose(predictions(name, outputs, HEADS[heads]), ref, **TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_examples_that_do_not_count(name: str, dtype: str) -> None:
    outputs, targets, weights = batch(name, 6, (0, OUTPUTS), dtype)
    comp, delta = loss_of(name, outputs, targets, 0 * weights)
    assert comp == 0
    assert np.all(delta == 0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1e4, -1e4])
@pytest.mark.parametrize("name", LOSSES)
@silently
def test_large_outputs_are_dear_but_finite(name: str, size: float, dtype: str) -> None:
    outputs = np.array([[size, 0, -size], [-size, size, 1], [0, 0, 0]], dtype)
    comp, delta = loss_of(name, outputs, np.eye(3, dtype=dtype))
    assert 0.1 < comp < np.inf
    assert np.all(np.isfinite(delta))
    assert np.all(np.isfinite(predictions(name, outputs)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("name", LOSSES)
def test_nan_among_the_outputs_is_seen(name: str, place: int, dtype: str) -> None:
    outputs, targets = np.zeros((2, 3), dtype), np.eye(3, dtype=dtype)[:2]
    outputs[1, place] = np.nan
    comp, delta = loss_of(name, outputs, targets)
    assert np.isnan(comp)
    assert np.isnan(delta[1, place])
    assert np.isnan(predictions(name, outputs)[1, place])
    assert np.isnan(loss_of(name, outputs[1:, place : place + 1], np.ones((1, 1), dtype))[0])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bad", [np.inf, -np.inf])
@pytest.mark.parametrize("name", LOSSES)
@silently
def test_infinite_outputs_are_no_finite_loss(name: str, bad: float, dtype: str) -> None:
    for place in range(3):
        outputs = np.zeros((1, 3), dtype)
        outputs[0, place] = bad
        assert not np.isfinite(loss_of(name, outputs, np.eye(3, dtype=dtype)[:1])[0])


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("huber", {"delta": 0}),
        ("quantile", {"tau": 1}),
        ("focal", {"gamma": -1}),
        ("binary_focal", {"alpha": 1.5}),
        ("hinge", {"margin": 0}),
        ("mean_absolute_percentage_error", {"epsilon": 0}),
    ],
)
def test_bad_settings_are_refused(name: str, settings: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match=rf"loss\.{next(iter(settings))}"):
        check_parameters("loss", settings, registry.piece(PACKAGE, name).PARAMETERS)
