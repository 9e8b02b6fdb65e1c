"""What must hold of losses: signs, minima, shifts, relations between them, and accuracy where it is easily lost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from kernel_cases import DTYPES, properties
from loss_cases import FOR, batch, loss_of, predictions

shapes = st.shared(st.tuples(st.integers(1, 4), st.integers(2, 6)), key="shape")
logits = hnp.arrays(np.float64, shapes, elements=st.floats(-300, 300))
numbers = hnp.arrays(np.float64, shapes, elements=st.floats(-30, 30))
OF_DIFFERENCES = ["focal", "multiclass_hinge", "softmax_cross_entropy", "squared_multiclass_hinge"]


def classes(outputs: np.ndarray) -> np.ndarray:
    """Return one-hot targets: the classes in turn."""
    return np.eye(outputs.shape[1])[np.arange(len(outputs)) % outputs.shape[1]]


@pytest.mark.parametrize("name", FOR["classification"])
@properties
@given(outputs=logits)
def test_no_loss_of_classes_is_negative(name: str, outputs: np.ndarray) -> None:
    assert loss_of(name, outputs, classes(outputs))[0] >= 0


@pytest.mark.parametrize("name", FOR["regression"])
@properties
@given(outputs=logits, targets=numbers)
def test_a_loss_of_numbers_is_smallest_where_outputs_are_right(
    name: str, outputs: np.ndarray, targets: np.ndarray
) -> None:
    assert loss_of(name, outputs, targets)[0] >= 0
    least, delta = loss_of(name, targets, targets)
    assert least == 0
    assert np.all(delta == 0)


@pytest.mark.parametrize("name", OF_DIFFERENCES)
@properties
@given(outputs=logits, shift=st.floats(-1000, 1000))
def test_losses_of_one_class_among_several_do_not_see_a_common_shift(
    name: str, outputs: np.ndarray, shift: float
) -> None:
    loss, delta = loss_of(name, outputs, classes(outputs))
    shifted, shifted_delta = loss_of(name, outputs + shift, classes(outputs))
    assert shifted == pytest.approx(loss, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(delta.sum(axis=1), 0, atol=1e-9)
    away_from_kinks = np.abs(outputs[:, :, None] - outputs[:, None, :] - 0.8).min() > 1e-9
    if away_from_kinks:
        np.testing.assert_allclose(shifted_delta, delta, rtol=1e-9, atol=1e-9)


@properties
@given(logits, st.floats(-1000, 1000))
def test_softmax(outputs: np.ndarray, shift: float) -> None:
    p = predictions("softmax_cross_entropy", outputs)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(predictions("focal", outputs + shift), p, rtol=1e-9, atol=1e-12)


@properties
@given(logits)
def test_sigmoid(outputs: np.ndarray) -> None:
    p, q = (predictions("binary_cross_entropy", sign * outputs) for sign in (1, -1))
    np.testing.assert_allclose(p + q, 1, rtol=1e-15)
    assert np.all((p - q) * outputs >= 0)


@pytest.mark.parametrize("name", FOR["regression"])
def test_a_single_number_that_is_a_little_off(name: str) -> None:
    """Neither the small loss of log-cosh nor any other is lost in rounding."""
    e = 1e-7
    ref = {
        "mean_squared_error": e**2,
        "huber": e**2 / 2,
        "log_cosh": e**2 / 2,
        "mean_absolute_error": e,
        "quantile": 0.7 * e,
        "mean_absolute_percentage_error": e / 0.3,
    }
    assert loss_of(name, np.array([[e]]), np.zeros((1, 1)))[0] == pytest.approx(ref[name], rel=1e-12, abs=0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_very_sure_and_right_costs_a_little(dtype: str) -> None:
    outputs, target = np.array([[40]], dtype), np.ones((1, 1), dtype)
    assert loss_of("binary_cross_entropy", outputs, target)[0] == pytest.approx(math.exp(-40), rel=1e-5, abs=0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_certain_and_wrong_is_dear(dtype: str) -> None:
    outputs, targets = np.array([[1e4, -1e4]], dtype), np.array([[0, 1]], dtype)
    for name in ("softmax_cross_entropy", "focal"):
        comp, delta = loss_of(name, outputs, targets)
        assert comp == pytest.approx(2e4)
        np.testing.assert_allclose(delta, [[1, -1]], atol=1e-37)


def test_without_focus_the_focal_losses_are_cross_entropies() -> None:
    for name, settings, twin, factor in (
        ("focal", {"gamma": 0.0}, "softmax_cross_entropy", 1),
        ("binary_focal", {"gamma": 0.0, "alpha": 0.5}, "binary_cross_entropy", 0.5),
    ):
        outputs, targets, weights = batch(twin, 8, (0, 5))
        outputs[3] = [80, -80, -80, -80, 80]  # p is exactly 0 or 1
        comp, delta = loss_of(name, outputs, targets, weights, **settings)
        ref, ref_delta = loss_of(twin, outputs, targets, weights)
        assert comp == pytest.approx(factor * ref, rel=1e-12)
        np.testing.assert_allclose(delta, factor * ref_delta, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("name", ["focal", "binary_focal"])
def test_certain_and_right_has_no_gradient(name: str, gamma: float) -> None:
    outputs, targets = np.array([[1e3, -1e3]]), np.array([[1.0, 0]])
    comp, delta = loss_of(name, outputs, targets, gamma=gamma)
    assert comp == 0
    assert np.all(delta == 0)


def test_torchvision_has_the_same_binary_focal_loss() -> None:
    """Its formula, for targets of 0 and 1, from torchvision.ops.sigmoid_focal_loss."""
    torch = pytest.importorskip("torch")
    outputs, targets, _ = batch("binary_focal", 8, (0, 5))
    y, t = torch.tensor(outputs), torch.tensor(targets)
    p = torch.sigmoid(y)
    p_t = p * t + (1 - p) * (1 - t)
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits(y, t, reduction="none")
    ref = (0.3 * t + 0.7 * (1 - t)) * cross_entropy * (1 - p_t) ** 1.5
    assert loss_of("binary_focal", outputs, targets)[0] / 8 == pytest.approx(ref.mean().item(), rel=1e-12)


def test_pytorch_has_the_same_label_smoothing() -> None:
    torch = pytest.importorskip("torch")
    outputs, targets, _ = batch("softmax_cross_entropy", 8, (0, 5))
    comp, _ = loss_of("softmax_cross_entropy", outputs, 0.8 * targets + 0.2 / 5)
    numbers_of_classes = torch.tensor(targets.argmax(axis=1))
    ref = torch.nn.functional.cross_entropy(torch.tensor(outputs), numbers_of_classes, label_smoothing=0.2)
    assert comp / 8 == pytest.approx(ref.item(), rel=1e-12)


def test_pytorch_has_the_same_weighted_mean() -> None:
    torch = pytest.importorskip("torch")
    outputs, targets, _ = batch("softmax_cross_entropy", 8, (0, 5))
    of_class, true = np.linspace(0.5, 3, 5), targets.argmax(axis=1)
    comp, _ = loss_of("softmax_cross_entropy", outputs, targets, of_class[true])
    ref = torch.nn.functional.cross_entropy(torch.tensor(outputs), torch.tensor(true), torch.tensor(of_class))
    assert comp / of_class[true].sum() == pytest.approx(ref.item(), rel=1e-12)


@pytest.mark.parametrize("name", [name for name in FOR["classification"] if "hinge" in name])
def test_the_slope_at_the_margin_is_none(name: str) -> None:
    outputs = np.array([[0.8, 0.0 if "multiclass" in name else -0.8]])
    assert np.all(loss_of(name, outputs, np.array([[1.0, 0.0]]))[1] == 0)


def test_the_best_constant_is_the_quantile() -> None:
    targets = np.sort(np.random.default_rng(0).normal(0, 1, 100))[:, None]
    losses = [loss_of("quantile", np.full((100, 1), y), targets, tau=0.9)[0] for y in targets[:, 0]]
    assert abs(int(np.argmin(losses)) - 90) <= 1
