"""Walks along one parameter: the loss as a curve, and the updates as steps on it, a panel for each walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnlab.figures.captions import end_text, short
from nnlab.figures.panels import open_up, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARGIN = 0.4  # on both sides of what is to be seen, in parts of it
_POINTS = 201  # of a curve


class Steps(NamedTuple):
    """Where the updates lead, the start first.

    Attributes:
        values: of the parameter, (updates + 1,).
        losses: (updates + 1,).
    """

    values: np.ndarray
    losses: np.ndarray


class Walk(NamedTuple):
    """Steps, and the curve on which they are.

    Attributes:
        steps: where the updates lead.
        curve: gives the loss (n,) at values of the parameter (n,).
    """

    steps: Steps
    curve: Callable[[np.ndarray], np.ndarray]


def walks_figure(walks: Mapping[str, Walk], parameter: str, highest: float = 2.2) -> Figure:
    """Draw a panel for each walk: the loss along a parameter, and the steps on it.

    All panels show the same part of the plane, around the steps of those walks whose loss does not end above its
    start. Above each panel stands where its steps end, and how many of them are out of sight.

    Args:
        walks: by the title of the panel.
        parameter: what it is called.
        highest: loss that is to be seen, in parts of the highest of those steps.
    """
    seen = _seen([walk.steps for walk in walks.values()])
    values = np.linspace(*_range_of(seen.values), _POINTS)
    top = highest * float(seen.losses.max()) or 1.0
    figure, found = panels(len(walks), sharex=True, sharey=True)
    for axes, (title, walk) in zip(found, walks.items(), strict=True):
        axes.plot(values, walk.curve(values), color="tab:gray", linewidth=1.2)
        axes.set_title(title, loc="left", fontsize=10, fontweight="bold", pad=20)
        axes.set_xlim(values[0], values[-1])
        axes.set_ylim(-0.05 * top, top)
        _describe(axes, parameter)
        _draw(axes, walk.steps, parameter)
    return figure


def _seen(steps: list[Steps]) -> Steps:
    """Return the steps around which the picture is: without those of walks that end above their start."""
    calm = [each for each in steps if each.losses[-1] <= each.losses[0]]
    shown = calm or [Steps(each.values[:2], each.losses[:2]) for each in steps]
    values, losses = (np.concatenate(parts) for parts in zip(*shown, strict=True))
    finite = np.isfinite(values) & np.isfinite(losses)
    return Steps(values[finite], losses[finite])


def _range_of(values: np.ndarray) -> tuple[float, float]:
    """Return which values of the parameter are to be seen."""
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _describe(axes: Axes, parameter: str) -> None:
    axes.set_xlabel(parameter)
    axes.set_ylabel("loss")
    open_up(axes)


def _draw(axes: Axes, steps: Steps, parameter: str) -> None:
    """Draw the steps, the start hollow, and say where they end and how many cannot be seen."""
    axes.plot(*steps, color="tab:red", marker="o", markersize=4, linewidth=0.8, label="steps")
    start: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": "tab:red", "markersize": 7, "zorder": 3}
    axes.plot(*(each[:1] for each in steps), marker="o", linestyle="none", label="start", **start)
    (low, high), (_, top) = axes.get_xlim(), axes.get_ylim()
    hidden = len(steps.values) - int(np.sum((steps.values >= low) & (steps.values <= high) & (steps.losses <= top)))
    outside = f"; {hidden} of them out of sight" if hidden else ""
    end = end_text(len(steps.values) - 1, parameter, short(steps.values[-1]), steps.losses[-1])
    axes.text(0, 1.03, f"{end}{outside}", transform=axes.transAxes, va="bottom", fontsize=8.5)
