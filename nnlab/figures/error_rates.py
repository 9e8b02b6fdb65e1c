"""Error rates against a number that was varied, such as that of hidden units: seeds as dots, their means as a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nnlab.figures.panels import MARKERS, open_up, panels
from nnlab.training.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.4, 4.0  # inches
_PARTS = ("test", "train")


def errors_figure(results: Mapping[str, Mapping[float, Result]], varied: str) -> Figure:
    """Draw the share of examples that are classified wrongly: of test examples solid, of training examples dashed.

    Args:
        results: by the label of a line and the number that was varied, as `nnlab.train_each` returns them.
        varied: what that number is, for the axis.
    """
    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    for number, (label, line) in enumerate(results.items()):
        colour, marker = f"C{number}", MARKERS[number % len(MARKERS)]
        test, train = ({x: 1 - each.summary[f"{part}_accuracy"] for x, each in line.items()} for part in _PARTS)
        dots = [(x, error) for x, errors in test.items() for error in errors]
        style: dict[str, Any] = {"color": colour, "markersize": 4, "alpha": 0.5}
        axes.plot(*zip(*dots, strict=True), marker, **style, label=f"{label}: test, one seed")
        axes.plot(list(line), [errors.mean() for errors in test.values()], color=colour, label=f"{label}: test")
        means = [errors.mean() for errors in train.values()]
        axes.plot(list(line), means, color=colour, linestyle="--", linewidth=1.0, label=f"{label}: training")
    _describe(figure, varied)
    return figure


def _describe(figure: Figure, varied: str) -> None:
    from matplotlib.ticker import PercentFormatter, ScalarFormatter  # noqa: PLC0415

    (axes,) = figure.axes
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylim(bottom=0)
    axes.set_xlabel(varied)
    axes.set_ylabel("classified wrongly")
    open_up(axes)
    axes.legend(frameon=False)
