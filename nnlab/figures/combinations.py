"""How often networks are right on each combination of two attributes, as a table in colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.data import Dataset
from nnlab.errors import ConfigurationError
from nnlab.figures.panels import panels, set_title
from nnlab.training.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL, _ROW = 0.75, 0.32  # inches
_AROUND, _LEAST_WIDTH = 1.3, 3.6  # inches
_DARK = 0.55  # from here on, numbers are dark on light


def combinations_figure(results: Mapping[str, Result]) -> Figure:
    """Draw a table for each result: the share of test examples of each combination of which both attributes are right.

    It is the mean over the seeds. The combination with the fewest training examples is framed, and its share stands
    in the title.

    Args:
        results: of data with two attributes, with a head for each or one class per combination.

    Raises:
        ConfigurationError: there are not two attributes.
    """
    found = {title: right_of_combinations(result) for title, result in results.items()}
    rows, columns = next(iter(found.values())).shape
    named = next((each.dataset for each in results.values() if each.dataset.heads), None)  # others have no names
    width, height = max(_CELL * columns + _AROUND, _LEAST_WIDTH), _ROW * rows + _AROUND
    figure, shown = panels(len(results), width, height)
    for axes, (title, result) in zip(shown, results.items(), strict=True):
        rarest = rarest_combination(result)
        set_title(axes, f"{title}\nrare combination: {100 * found[title][rarest]:.0f} % right")
        _draw(axes, found[title], rarest)
        _name_classes(axes, result.dataset)
        if named is not None:
            axes.set_ylabel(named.class_names[0].partition("=")[0])
            axes.set_xlabel(named.class_names[-1].partition("=")[0])
    return figure


def right_of_combinations(result: Result) -> np.ndarray:
    """Return the share of test examples that are right in both attributes, (classes, classes), the mean over seeds.

    Raises:
        ConfigurationError: there are not two attributes.
    """
    shares = []
    for replicate in result.replicates:
        rows, dataset = replicate.split.test, result.dataset
        truth = _attributes(dataset, dataset.targets[rows])
        right = (_attributes(dataset, replicate.network.predict(dataset.inputs[rows])) == truth).all(axis=1)
        shares.append(_counted(dataset, truth, right) / _counted(dataset, truth, np.ones(len(rows))))
    mean: np.ndarray = np.mean(shares, axis=0)
    return mean


def rarest_combination(result: Result) -> tuple[int, int]:
    """Return the classes of which the training examples of the first seed have the fewest together."""
    rows, dataset = result.replicates[0].split.train, result.dataset
    counts = _counted(dataset, _attributes(dataset, dataset.targets[rows]), np.ones(len(rows)))
    row, column = np.unravel_index(counts.argmin(), counts.shape)
    return int(row), int(column)


def _sizes(dataset: Dataset) -> tuple[int, int]:
    sizes = dataset.heads or dataset.combined
    if len(sizes) != 2:  # noqa: PLR2004
        raise ConfigurationError(f"a table of combinations needs two attributes, and {dataset.name} has others")
    return sizes[0], sizes[1]


def _attributes(dataset: Dataset, columns: np.ndarray) -> np.ndarray:
    """Return the most probable class of each attribute, (examples, 2)."""
    if dataset.heads:
        return np.column_stack([block.argmax(axis=1) for block in dataset.blocks(columns)])
    return np.column_stack(np.unravel_index(columns.argmax(axis=1), _sizes(dataset)))


def _counted(dataset: Dataset, attributes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    counts = np.zeros(_sizes(dataset))
    np.add.at(counts, tuple(attributes.T), weights)
    return counts


def _draw(axes: Axes, shares: np.ndarray, rarest: tuple[int, int]) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    axes.imshow(shares, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        colour = "black" if share > _DARK else "white"
        axes.text(column, row, f"{100 * share:.0f} %", ha="center", va="center", fontsize=9, color=colour)
    row, column = rarest
    frame: dict[str, Any] = {"fill": False, "edgecolor": "tab:red", "linewidth": 2.5}
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **frame))


def _name_classes(axes: Axes, dataset: Dataset) -> None:
    """Write the classes beside the table: of heads "shape=round", of combinations "round, red"."""
    rows, columns = _sizes(dataset)
    if dataset.heads:
        names = [name.partition("=")[2] for name in dataset.class_names]
        first, second = names[:rows], names[rows:]
    else:
        pairs = [name.split(", ") for name in dataset.class_names]
        first, second = [pair[0] for pair in pairs[::columns]], [pair[-1] for pair in pairs[:columns]]
    axes.set_yticks(range(rows), first)
    axes.set_xticks(range(columns), second)
