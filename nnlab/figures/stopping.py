"""Where early stopping would have ended a training: its losses to the end, with the stops marked on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnlab.figures.panels import COLOURS, LINE_STYLES, open_up, panels

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.8, 4.0  # inches
_COLOURS, _STYLES = COLOURS[1:], LINE_STYLES[1:]  # the first are those of the losses


def stopping_figure(history: pd.DataFrame, stopped: Mapping[str, pd.DataFrame], seed: int = 0) -> Figure:
    """Draw the losses of one seed that was trained to the end, and where others stopped that were trained alike.

    The star of each is the epoch with the lowest validation loss until then, whose weights early stopping keeps.

    Args:
        history: of the training to the end, a row per seed and epoch.
        stopped: the histories with early stopping, by the label to show.
        seed: whose losses are shown.
    """
    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    whole = history[history["seed"] == seed]
    axes.plot(whole["epoch"], whole["validation_loss"], color="tab:blue", label="validation")
    axes.plot(whole["epoch"], whole["train_loss"], color="tab:blue", linestyle="--", linewidth=1.0, label="training")
    for number, (label, frame) in enumerate(stopped.items()):
        own = frame[frame["seed"] == seed]
        colour, style = _COLOURS[number % len(_COLOURS)], _STYLES[number % len(_STYLES)]
        last, best = own["epoch"].max(), own.sort_values("validation_loss").iloc[0]
        axes.axvline(last, color=colour, linestyle=style, label=f"{label}: stops after {last}, keeps {best.epoch:.0f}")
        axes.plot(best.epoch, best.validation_loss, "*", color=colour, markersize=13, zorder=3)
    axes.set_yscale("log")
    axes.set_xlabel("epoch")
    axes.set_ylabel(f"loss of seed {seed}")
    open_up(axes)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure
