"""Learning curves: loss and score against the epoch, the mean over seeds in a band from lowest to highest seed.

A curve ends where the first seed ends, and leaves out seeds that diverged: see `nnlab.training.curves`.
The band is the range and not an interval for the mean, since that of a skewed loss reaches below 0 on a log axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnlab.figures.panels import MARKERS, open_up
from nnlab.training.curves import Band, bands

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMED_COLOURS = 10  # and as many markers: curves are told apart in grey, too
_MOST_MARKERS = 6
_WIDTH, _HEIGHT = 5.2, 4.2  # inches, of each panel
_ROW, _ROWS = 0.21, 4  # inches of a row of the legend, and rows for which there is room in _HEIGHT
_HANDLE, _CHARACTER = 0.5, 0.085  # inches of the line before a label, and of each of its characters
_MOST_LABELS = 100  # of a legend
_LEFT, _RIGHT, _BOTTOM, _TOP = 1.0, 0.12, 0.95, 0.15  # inches around each panel
_LABELS = {"loss": "loss", "accuracy": "accuracy", "r2": "R²"}


def learning_curves_figure(histories: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw the curves of one or several configurations, validation solid and training dashed.

    Up to ten of several configurations have markers, too; beyond a hundred, their labels are left out.

    Args:
        histories: per configuration, by the label to show, a frame with a row per seed and epoch.
    """
    return curves_figure({label: bands(history) for label, history in histories.items()})


def curves_figure(curves: Mapping[str, Mapping[str, Band]]) -> Figure:
    """Draw a panel for each score, with the curves of one or several configurations.

    Args:
        curves: per configuration, by the label to show, what `nnlab.training.curves.bands` gives.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    scores = scores_of(curves)
    # A layout that makes room by itself draws twice; around the curves of one configuration, the room is known.
    in_a_row = _columns(list(curves), len(scores))
    size = (_WIDTH * len(scores), _height(len(curves), in_a_row))
    figure = Figure(figsize=size, layout="constrained" if len(curves) > 1 else None)
    if len(curves) == 1:
        _make_room(figure, len(scores))
    colours = _colours(len(curves))
    for axes, score in zip(figure.subplots(1, len(scores), squeeze=False)[0], scores, strict=True):
        for number, ((label, columns), colour) in enumerate(zip(curves.items(), colours, strict=True)):
            band = columns.get(f"validation_{score}")
            _draw(axes, band, color=colour, label=label, **_markers(number, len(curves), band))
            _draw(axes, columns.get(f"train_{score}"), color=colour, linestyle="--", linewidth=1.0)
        _describe(axes, score)
    _add_legend(figure, len(curves), in_a_row)
    return figure


def scores_of(curves: Mapping[str, Mapping[str, Band]]) -> list[str]:
    """Return what the curves are of, such as loss and accuracy."""
    names = dict.fromkeys(name for columns in curves.values() for name in columns)
    return [name.removeprefix("validation_") for name in names if name.startswith("validation_")]


def _columns(labels: Sequence[str], panels: int) -> int:
    """Return how many columns of a legend fit below the panels."""
    most = 3 if panels > 1 or len(labels) == 1 else 2
    longest = max(map(len, labels), default=0) if len(labels) <= _MOST_LABELS else 0
    return max(1, min(most, int(_WIDTH * panels / (_HANDLE + _CHARACTER * longest))))


def _height(count: int, columns: int) -> float:
    """Return the height in inches that has room for the legend, too."""
    rows = -(-count // columns) if count <= _MOST_LABELS else 0
    return _HEIGHT + _ROW * max(0, rows - _ROWS)


def _make_room(figure: Figure, panels: int) -> None:
    inner = _WIDTH - _LEFT - _RIGHT
    figure.subplots_adjust(
        left=_LEFT / (_WIDTH * panels),
        right=1 - _RIGHT / (_WIDTH * panels),
        bottom=_BOTTOM / _HEIGHT,
        top=1 - _TOP / _HEIGHT,
        wspace=(_LEFT + _RIGHT) / inner,
    )


def _draw(axes: Axes, band: Band | None, **style: Any) -> None:
    """Draw the mean over seeds, in the band from the lowest to the highest seed."""
    if band is None:
        return
    axes.plot(band["epoch"], band["mean"], **style)
    axes.fill_between(band["epoch"], band["min"], band["max"], color=style["color"], alpha=0.12, linewidth=0)


def _markers(number: int, count: int, band: Band | None) -> dict[str, Any]:
    """Return the style of a few markers on one of `count` curves, later on each than on the one before."""
    if band is None or not 1 < count <= _MOST_NAMED_COLOURS:
        return {}
    every = 1 + len(band["epoch"]) // _MOST_MARKERS
    return {"marker": MARKERS[number], "markersize": 5, "markevery": (number * every // count, every)}


def _describe(axes: Axes, score: str) -> None:
    from matplotlib.ticker import MaxNLocator, PercentFormatter  # noqa: PLC0415

    axes.set_xlabel("epoch")
    axes.set_ylabel(_LABELS.get(score, score))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    open_up(axes)
    if score == "loss" and _has_positive(axes):
        axes.set_yscale("log")
    if not _has_finite(axes):
        axes.set(xticks=[], yticks=[])
        axes.text(
            0.5, 0.5, "every seed diverged\nin its first epoch", ha="center", va="center", transform=axes.transAxes
        )
    if score == "accuracy":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))


def _values(axes: Axes) -> NDArray[np.float64]:
    return np.concatenate([np.empty(0), *(np.asarray(line.get_ydata(), dtype=np.float64) for line in axes.lines)])


def _has_positive(axes: Axes) -> bool:
    """Return whether there is anything that a logarithmic axis can show."""
    values = _values(axes)
    return bool(np.any(np.isfinite(values) & (values > 0)))


def _has_finite(axes: Axes) -> bool:
    return bool(np.isfinite(_values(axes)).any())


def _colours(count: int) -> list[Any]:
    from matplotlib import colormaps  # noqa: PLC0415

    if count <= _MOST_NAMED_COLOURS:
        return [colormaps["tab10"](i) for i in range(count)]
    return [colormaps["viridis"](i / (count - 1)) for i in range(count)]


def _add_legend(figure: Figure, count: int, columns: int) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.patches import Patch  # noqa: PLC0415

    handles, labels = figure.axes[0].get_legend_handles_labels()
    if count == 1 or count > _MOST_LABELS:
        handles, labels = [], []
    handles.append(Line2D([], [], color="tab:blue" if count == 1 else "grey"))
    labels.append("validation")
    handles += [Line2D([], [], color="grey", linestyle="--", linewidth=1.0), Patch(color="grey", alpha=0.2)]
    labels += ["training (mean over the epoch)", "lowest to highest seed"]
    where: Any = "lower center" if count == 1 else "outside lower center"
    figure.legend(handles, labels, loc=where, ncols=columns, frameon=False)
