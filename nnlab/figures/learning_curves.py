"""Learning curves: loss and score against the epoch, the mean over seeds with a 95% band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMED_COLOURS = 10
_LABELS = {"loss": "loss", "accuracy": "accuracy", "r2": "R²"}


def learning_curves(histories: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw the curves of one or several configurations, validation solid and training dashed.

    Args:
        histories: per configuration, by the label to show, a frame with a row per seed and epoch.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    scores = [c.removeprefix("validation_") for c in _columns(histories) if c.startswith("validation_")]
    figure = Figure(figsize=(5.2 * len(scores), 4.2), layout="constrained")
    colours = _colours(len(histories))
    for axes, score in zip(figure.subplots(1, len(scores), squeeze=False)[0], scores, strict=True):
        for (label, history), colour in zip(histories.items(), colours, strict=True):
            _draw(axes, history, f"validation_{score}", color=colour, label=label)
            _draw(axes, history, f"train_{score}", color=colour, linestyle="--", linewidth=1.0)
        _describe(axes, score)
    _add_legend(figure, len(histories))
    return figure


def _columns(histories: Mapping[str, pd.DataFrame]) -> list[str]:
    return list(dict.fromkeys(column for history in histories.values() for column in history.columns))


def _draw(axes: Axes, history: pd.DataFrame, column: str, **style: Any) -> None:
    """Draw the mean over seeds of one column, with its band where there are at least two seeds."""
    if column not in history:
        return
    finite = history[np.isfinite(history[column])]
    by_epoch = [(epoch, mean_interval(group[column])) for epoch, group in finite.groupby("epoch")]
    if not by_epoch:
        return
    epochs = [epoch for epoch, _ in by_epoch]
    axes.plot(epochs, [interval.mean for _, interval in by_epoch], **style)
    low, high = ([getattr(interval, end) for _, interval in by_epoch] for end in ("low", "high"))
    axes.fill_between(epochs, low, high, color=style["color"], alpha=0.15, linewidth=0)


def _describe(axes: Axes, score: str) -> None:
    from matplotlib.ticker import MaxNLocator, PercentFormatter  # noqa: PLC0415

    axes.set_xlabel("epoch")
    axes.set_ylabel(_LABELS.get(score, score))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    if score == "loss":
        axes.set_yscale("log")
    if score == "accuracy":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))


def _colours(count: int) -> list[Any]:
    from matplotlib import colormaps  # noqa: PLC0415

    if count <= _MOST_NAMED_COLOURS:
        return [colormaps["tab10"](i) for i in range(count)]
    return [colormaps["viridis"](i / (count - 1)) for i in range(count)]


def _add_legend(figure: Figure, count: int) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415

    handles, labels = figure.axes[0].get_legend_handles_labels()
    if count == 1:
        handles, labels = [Line2D([], [], color="tab:blue")], ["validation"]
        handles.append(Line2D([], [], color="tab:blue", linestyle="--", linewidth=1.0))
    else:
        handles.append(Line2D([], [], color="grey", linestyle="--", linewidth=1.0))
    labels.append("training (running mean of the epoch)")
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 3), frameon=False)
