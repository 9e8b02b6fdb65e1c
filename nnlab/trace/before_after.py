"""What each of the first updates of a trace makes of prediction and loss: before it, after it, and on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import add_legend_below, panels
from nnlab.trace.numbers import text_of
from nnlab.trace.traced import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 5.0, 3.6  # inches, of each panel
_MOST_UPDATES = 5  # of which each number has room
_DIGITS = 5
_ABOVE, _BELOW = 6, -13  # points, of a number from its point
_ARROW = {"arrowstyle": "-|>", "color": "tab:red"}
_LABEL: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "fontsize": 8}


def before_after_figure(trace: Trace) -> Figure:
    """Draw the prediction and the loss before and after each of the first five updates, with their numbers.

    Grey lines lead from what is after one update to what is before the next. They are level where all updates take the
    same example, since both are then the same number.

    Raises:
        ConfigurationError: updates take more than one example, or the network has more than one output.
    """
    if trace.settings.batch_size != 1 or trace.settings.targets.shape[1] != 1:
        raise ConfigurationError("before and after can be drawn of one example for each update, and one output only")
    updates = trace.updates[:_MOST_UPDATES]
    predictions = [(float(each.predictions[0, 0]), float(each.predictions_after[0, 0])) for each in updates]
    losses = [(each.loss, each.loss_after) for each in updates]
    figure, both = panels(2, _WIDTH, _HEIGHT)
    for axes, name, pairs in zip(both, ("prediction", "loss"), (predictions, losses), strict=True):
        _draw(axes, pairs)
        axes.set_ylabel(name)
    add_legend_below(figure, both[0], columns=2)
    return figure


def _draw(axes: Axes, pairs: Sequence[tuple[float, float]]) -> None:
    numbers = np.arange(1, len(pairs) + 1)
    before, after = np.array(pairs).T
    for number in numbers[:-1]:
        axes.plot([number, number + 1], [after[number - 1], before[number]], color="tab:gray", linestyle=":", zorder=1)
    axes.plot(numbers, before, "o", color="tab:blue", markerfacecolor="white", label="before the update")
    axes.plot(numbers, after, "o", color="tab:blue", label="after the update")
    for number, (old, new) in zip(numbers, pairs, strict=True):
        axes.annotate("", (number, new), (number, old), arrowprops=_ARROW)
        upper, lower = max(old, new), min(old, new)
        for value, away in ((upper, _ABOVE), (lower, _BELOW)):
            axes.annotate(text_of(value, _DIGITS, keep_zeros=True), (number, value), (0, away), **_LABEL)
    axes.set_xticks(numbers)
    axes.set_xlabel("update")
    axes.margins(x=0.12, y=0.15)
    axes.spines[["top", "right"]].set_visible(False)
