"""What figures share: panels side by side, as many as there is to show, and what curves are told apart by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In the order in which they are given away; colour alone is not enough for everyone, nor for print in grey.
COLOURS = ("tab:blue", "tab:orange", "tab:green", "tab:purple", "tab:brown")
MARKERS = "osD^vP*Xph"
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))

_WIDTH, _HEIGHT = 4.4, 3.2  # inches, of each panel
_MOST_COLUMNS = 3
_IN_TWO_COLUMNS = (2, 4)  # panels


def panels(
    count: int, width: float = _WIDTH, height: float = _HEIGHT, columns: int | None = None, **shared: Any
) -> tuple[Figure, list[Axes]]:
    """Return a figure and its panels.

    Args:
        count: of panels.
        width: of each panel, in inches.
        height: of each panel, in inches.
        columns: of panels; by default at most three, and two of four.
        shared: what panels share, `sharex` or `sharey`; each still shows its numbers.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    if columns is None:
        columns = 2 if count in _IN_TWO_COLUMNS else min(count, _MOST_COLUMNS)
    rows = -(-count // columns)
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    found = list(figure.subplots(rows, columns, squeeze=False, **shared).ravel())
    for axes in found[:count]:
        axes.tick_params(labelbottom=True, labelleft=True)
    for axes in found[count:]:
        axes.set_axis_off()
    return figure, found[:count]


def set_title(axes: Axes, title: str) -> None:
    """Write a title above a panel, at its left."""
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")


def open_up(axes: Axes, grid: Literal["both", "x"] = "both") -> None:
    """Draw a panel with a light grid, open above and at the right; `x`: of upright lines only, for rows."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, alpha=0.25)


def add_legend_below(figure: Figure, labelled: Axes, columns: int) -> None:
    """Write one legend for all panels below them, of what is labelled in one of them."""
    figure.legend(*labelled.get_legend_handles_labels(), loc="outside lower center", ncols=columns, frameon=False)
