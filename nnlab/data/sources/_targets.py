"""Targets of a user's own data: classes, labels or values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nnlab.checks import Parameter, one_of, optional
from nnlab.data.dataset import CLASSIFICATION, MULTILABEL, REGRESSION, TASKS, one_hot
from nnlab.errors import DataError

TASK = Parameter(None, optional(one_of(*TASKS)))

# Whole numbers are taken for classes up to here; more of them are taken for a quantity.
MOST_CLASSES = 20

# Longer names of columns are cut in notes.
LONGEST_NAME = 16


class Targets(NamedTuple):
    """Targets (examples, outputs) as a Dataset has them, with the names of their classes or labels if they are such."""

    task: str
    values: npt.NDArray[Any]
    class_names: tuple[str, ...]
    heads: tuple[int, ...] = ()
    combined: tuple[int, ...] = ()


def decide(task: str | None, outputs: int, guess: Callable[[], bool]) -> str:
    """Return the task: the given one, else what the targets look like.

    Args:
        task: What the configuration says, or None.
        outputs: How many columns of targets there are.
        guess: Tells whether the only column looks like classes.
    """
    return task or (CLASSIFICATION if outputs == 1 and guess() else REGRESSION)


def note_of_guess(task: str | None, targets: Targets, column: str, *, holds_text: bool) -> str:
    """Return one short line on a task that was guessed, and the setting for the other one if that is possible.

    Args:
        task: What the configuration says, or None.
        targets: What came of it.
        column: The name of the target.
        holds_text: Whether there are no numbers to be had.
    """
    outputs = targets.values.shape[1]
    is_classification = targets.task == CLASSIFICATION
    if task is not None:
        return ""
    if outputs > 1 and not is_classification:
        are_labels = np.isin(targets.values, (0, 1)).all()
        return f"regression on {outputs} targets; dataset.task={MULTILABEL} for labels" if are_labels else ""
    if targets.heads:
        return f"classification by {len(targets.heads)} heads; an example is right if all of them are"
    name = column if len(column) <= LONGEST_NAME else f"{column[: LONGEST_NAME - 1]}…"
    if not is_classification:
        return f"regression on '{name}'; dataset.task={CLASSIFICATION} for classes"
    otherwise = "" if holds_text else f"; dataset.task={REGRESSION} for numbers"
    return f"classification of '{name}', {outputs} classes{otherwise}"


def looks_like_classes(values: npt.NDArray[Any]) -> bool:
    """Tell whether targets (examples,) are texts, booleans, or few whole numbers that recur."""
    if values.dtype.kind not in "iuf":
        return True
    distinct = np.unique(values)
    few = len(distinct) <= min(MOST_CLASSES, len(values) // 2)
    return few and bool(np.all(distinct == np.floor(distinct)))


def classes(values: npt.NDArray[Any], where: str) -> Targets:
    """Encode labels (examples,) that have no gaps; the classes are in sorted order.

    Raises:
        DataError: there are fewer than two classes.
    """
    labels = values.astype(str) if values.dtype.kind == "O" else values
    distinct, codes = np.unique(labels, return_inverse=True)
    if len(distinct) < 2:  # noqa: PLR2004
        raise DataError(f"{where}: all targets are '{distinct[0]}': there must be at least two classes")
    names = tuple(_class_name(label) for label in distinct.tolist())
    return Targets(CLASSIFICATION, one_hot(codes, len(names)), names)


def multi_hot(values: npt.NDArray[Any], names: Sequence[str]) -> Targets:
    """Return zeros and ones (examples, labels) as targets of a multilabel task, with the names of the labels."""
    return Targets(MULTILABEL, values.astype(np.float32), tuple(names))


def quantities(values: npt.NDArray[Any]) -> Targets:
    """Return finite numbers (examples,) or (examples, outputs) as targets of a regression."""
    return Targets(REGRESSION, values.reshape(len(values), -1).astype(np.float64), ())


def _class_name(label: Any) -> str:
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
