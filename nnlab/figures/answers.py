"""What a trained network answers to images it has not seen, and where it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from nnlab.data.dataset import CLASSIFICATION
from nnlab.errors import ConfigurationError
from nnlab.figures.images import draw_image, images_of
from nnlab.training.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

_COLUMNS = 10
_WIDTH, _HEIGHT = 1.05, 1.35  # inches, of each image with what stands above it


class _Asked(NamedTuple):
    """Test images (n, side, side), the probabilities (n, classes) that the network gives them, and labels (n,)."""

    images: np.ndarray
    predictions: np.ndarray
    labels: np.ndarray


def answers_figure(result: Result, seed: int = 0) -> Figure:
    """Draw the first ten test images that the network of a seed reads right, and below the first ten it misreads.

    Above each stands the answer with its probability, and below a wrong one what it should have been.

    Args:
        result: of classes whose examples are square images, with a loss that makes probabilities of the outputs.
        seed: whose network is asked.

    Raises:
        ConfigurationError: the outputs are no classes, or several at once; or no network has this seed.
        DataError: the examples are no square images.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    if result.dataset.task != CLASSIFICATION or result.dataset.heads:
        raise ConfigurationError("answers can be drawn of one class for each example only")
    asked = _asked(result, seed)
    is_right = asked.predictions.argmax(axis=1) == asked.labels
    figure = Figure(figsize=(_WIDTH * _COLUMNS, _HEIGHT * 2 + 0.5), layout="constrained")
    above, below = cast(Sequence["SubFigure"], figure.subfigures(2, 1))
    for part, kind, chosen in ((above, "right", is_right), (below, "wrong", ~is_right)):
        part.suptitle(f"{kind}: {chosen.sum():,} of {len(chosen):,}", x=0.01, ha="left", fontweight="bold")
        panels = part.subplots(1, _COLUMNS)
        for axes in panels:
            axes.set_axis_off()
        for axes, row in zip(panels, np.flatnonzero(chosen).tolist(), strict=False):
            _draw(axes, asked, row, result.dataset.class_names)
    return figure


def _asked(result: Result, seed: int) -> _Asked:
    dataset, network = result.dataset, result.network(seed)
    rows = next(each.split.test for each in result.replicates if each.seed == seed)
    inputs = dataset.inputs[rows]
    return _Asked(images_of(inputs), network.predict(inputs), dataset.targets[rows].argmax(axis=1))


def _draw(axes: Axes, asked: _Asked, row: int, names: Sequence[str]) -> None:
    axes.set_axis_on()
    draw_image(axes, asked.images[row], cmap="gray_r")
    answer, label = int(asked.predictions[row].argmax()), int(asked.labels[row])
    axes.set_title(f"{names[answer]} ({asked.predictions[row, answer]:.0%})", fontsize=9)
    if answer != label:
        axes.set_xlabel(f"is {names[label]}", fontsize=9)
