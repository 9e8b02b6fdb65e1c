"""The losses that tests try, with settings; what PyTorch calls them; and batches for them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.data.dataset import TASKS
from nnlab.kernels.measuring import share_of

PACKAGE = "nnlab.kernels.loss"
HEADS = {"one head": (0, 7), "three heads": (0, 3, 4, 7)}
OUTPUTS = 7

LOSSES: dict[str, Piece] = {
    "mean_squared_error": Piece("mean_squared_error"),
    "mean_absolute_error": Piece("mean_absolute_error"),
    "huber": Piece("huber", {"delta": 0.7}),
    "log_cosh": Piece("log_cosh"),
    "mean_absolute_percentage_error": Piece("mean_absolute_percentage_error", {"epsilon": 0.3}),
    "quantile": Piece("quantile", {"tau": 0.3}),
    "binary_cross_entropy": Piece("binary_cross_entropy"),
    "binary_focal": Piece("binary_focal", {"gamma": 1.5, "alpha": 0.3}),
    "hinge": Piece("hinge", {"margin": 0.8}),
    "squared_hinge": Piece("squared_hinge", {"margin": 0.8}),
    "softmax_cross_entropy": Piece("softmax_cross_entropy"),
    "focal": Piece("focal", {"gamma": 1.5}),
    "multiclass_hinge": Piece("multiclass_hinge", {"margin": 0.8}),
    "squared_multiclass_hinge": Piece("squared_multiclass_hinge", {"margin": 0.8}),
}

# One for numbers, one for classes, one for labels: for tests that need a loss, but are not of losses.
FEW_LOSSES = {name: LOSSES[name] for name in ("mean_squared_error", "softmax_cross_entropy", "binary_cross_entropy")}


def percentage_error(torch: Any, y: Any, t: Any, epsilon: float) -> Any:
    """Return the formula of scikit-learn, with an epsilon of one's own."""
    return ((y - t).abs() / t.abs().clamp(min=epsilon)).mean()


def binary_focal(torch: Any, y: Any, t: Any, gamma: float, alpha: float) -> Any:
    """Return the published formula; torchvision's is the same where targets are 0 or 1."""
    p, log_sigmoid = torch.sigmoid(y), torch.nn.functional.logsigmoid
    there = alpha * t * (1 - p) ** gamma * log_sigmoid(y)
    return -(there + (1 - alpha) * (1 - t) * p**gamma * log_sigmoid(-y)).mean()


def focal(torch: Any, y: Any, t: Any, gamma: float) -> Any:
    """Return the published formula."""
    log_p = torch.log_softmax(y, 1)
    return -(t * (1 - log_p.exp()) ** gamma * log_p).sum(1).mean()


def squared_hinge(torch: Any, y: Any, t: Any, margin: float, power: int = 2) -> Any:
    """Return the published formula, one against the rest; or the hinge itself, for the power 1."""
    return (torch.relu(margin - (2 * t - 1) * y) ** power).mean()


def multi_margin(torch: Any, y: Any, t: Any, margin: float, power: int = 1) -> Any:
    """Return PyTorch's loss for the class of the largest target."""
    return torch.nn.functional.multi_margin_loss(y, t.argmax(1), power, margin)


# By the name of the piece: (torch, outputs, targets, settings) -> mean loss
PYTORCH: dict[str, Callable[..., Any]] = {
    "mean_squared_error": lambda torch, y, t: torch.nn.functional.mse_loss(y, t),
    "mean_absolute_error": lambda torch, y, t: torch.nn.functional.l1_loss(y, t),
    "huber": lambda torch, y, t, delta: torch.nn.functional.huber_loss(y, t, delta=delta),
    "log_cosh": lambda torch, y, t: (torch.logaddexp(y - t, t - y) - math.log(2)).mean(),
    "mean_absolute_percentage_error": percentage_error,
    "quantile": lambda torch, y, t, tau: torch.maximum(tau * (t - y), (tau - 1) * (t - y)).mean(),
    "binary_cross_entropy": lambda torch, y, t: torch.nn.functional.binary_cross_entropy_with_logits(y, t),
    "binary_focal": binary_focal,
    "hinge": lambda torch, y, t, margin: squared_hinge(torch, y, t, margin, power=1),
    "squared_hinge": squared_hinge,
    "softmax_cross_entropy": lambda torch, y, t: torch.nn.functional.cross_entropy(y, t),
    "focal": focal,
    "multiclass_hinge": multi_margin,
    "squared_multiclass_hinge": lambda torch, y, t, margin: multi_margin(torch, y, t, margin, power=2),
}

FOR = {task: [name for name in LOSSES if task in registry.piece(PACKAGE, name).TASKS] for task in TASKS}


def loss_of(
    name: str, outputs: np.ndarray, targets: np.ndarray, weights: Any = None, heads: Any = (), **settings: Any
) -> tuple[float, np.ndarray]:
    """Return the summed loss and the gradient of its mean; `settings` stand for those of the table."""
    piece, delta = registry.piece(PACKAGE, name), np.full_like(outputs, np.nan)
    given = LOSSES[name].settings | settings
    numbers = np.array([given[key] for key in piece.PARAMETERS], np.float64)
    weights = np.ones(len(outputs)) if weights is None else weights
    weights, ends = weights.astype(outputs.dtype), np.array(heads or (0, outputs.shape[1]))
    losses, share = np.full(len(outputs), np.nan), share_of(float(weights.sum(dtype=np.float64)))
    piece.loss(outputs, targets, weights, share, delta, numbers, ends, losses)
    return float(losses.sum()), delta


def predictions(name: str, outputs: np.ndarray, heads: Any = ()) -> np.ndarray:
    made = outputs.copy()
    registry.piece(PACKAGE, name).link(made, np.array(heads or (0, outputs.shape[1])))
    return made


def one_hot(rng: np.random.Generator, examples: int, heads: Any) -> np.ndarray:
    sizes = np.diff(heads)
    return np.hstack([np.eye(size)[rng.integers(size, size=examples)] for size in sizes])


def targets_for(name: str, rng: np.random.Generator, examples: int, heads: Any) -> np.ndarray:
    tasks = registry.piece(PACKAGE, name).TASKS
    if "multilabel" in tasks:
        return rng.integers(2, size=(examples, heads[-1])).astype(float)
    return rng.normal(0, 1, (examples, heads[-1])) if "regression" in tasks else one_hot(rng, examples, heads)


def batch(name: str, examples: int, heads: Any, dtype: str = "float64") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outputs, targets and weights, one of which is 0."""
    rng = np.random.default_rng(examples)
    weights = rng.uniform(0.2, 3, examples)
    weights[1:2] = 0
    outputs, targets = rng.normal(0, 2, (examples, heads[-1])), targets_for(name, rng, examples, heads)
    return outputs.astype(dtype), targets.astype(dtype), weights.astype(dtype)
