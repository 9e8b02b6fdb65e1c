"""Several attributes of an example, such as shape and colour: a head for each, or one class per combination."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import choice
from nnlab.data.dataset import CLASSIFICATION, one_hot
from nnlab.data.sources._targets import Targets, classes
from nnlab.errors import DataError, bad_value

HEADS = choice("separate", "joint")

# Each combination takes an output of the network and a column of the targets.
MOST_COMBINATIONS = 10_000


def check_heads(heads: str, task: str, columns: int) -> None:
    """Refuse a choice about heads where there is nothing to choose.

    Raises:
        ConfigurationError: the task is not a classification, or there is one target.
    """
    if heads != HEADS.default and (task != CLASSIFICATION or columns == 1):
        targets = "1 target" if columns == 1 else f"{columns} targets"
        allowed = f"{HEADS.default}, since this is a {task} of {targets}, not a {CLASSIFICATION} of several"
        raise bad_value("dataset.heads", heads, allowed)


def attributes(columns: Mapping[str, npt.NDArray[Any]], heads: str, where: str) -> Targets:
    """Encode attributes by their names, labels (examples,) each, that have no gaps.

    Args:
        columns: at least two attributes.
        heads: separate, one one-hot block per attribute, or joint, one class per combination that could occur.
        where: names the file, and what it calls an attribute, for errors.

    Raises:
        ConfigurationError: there are too many combinations.
        DataError: an attribute has fewer than two classes, or the columns are the one-hot code of one attribute.
    """
    _refuse_one_hot(columns, where)
    each = {name: classes(labels, f"{where} '{name}'") for name, labels in columns.items()}
    return _separate(each) if heads == HEADS.default else _joint(each)


def _separate(attributes: Mapping[str, Targets]) -> Targets:
    names = [f"{name}={label}" for name, each in attributes.items() for label in each.class_names]
    values = np.hstack([each.values for each in attributes.values()])
    return Targets(CLASSIFICATION, values, tuple(names), heads=_sizes(attributes))


def _joint(attributes: Mapping[str, Targets]) -> Targets:
    sizes = _sizes(attributes)
    combinations = math.prod(sizes)
    if combinations > MOST_COMBINATIONS:
        found = f"{combinations} combinations of classes, more than {MOST_COMBINATIONS}"
        raise bad_value("dataset.heads", "joint", f"{HEADS.default}, since there are {found}")
    codes = np.ravel_multi_index([each.values.argmax(axis=1) for each in attributes.values()], sizes)
    names = [", ".join(labels) for labels in product(*(each.class_names for each in attributes.values()))]
    return Targets(CLASSIFICATION, one_hot(codes, combinations), tuple(names), combined=sizes)


def _sizes(attributes: Mapping[str, Targets]) -> tuple[int, ...]:
    return tuple(len(each.class_names) for each in attributes.values())


def _refuse_one_hot(columns: Mapping[str, npt.NDArray[Any]], where: str) -> None:
    """Refuse one class in several columns, which would be taken for as many attributes of two classes each."""
    if any(labels.dtype.kind not in "iufb" for labels in columns.values()):
        return
    values = np.column_stack([labels.astype(np.float64) for labels in columns.values()])
    if np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all():
        raise DataError(
            f"{where} {', '.join(map(repr, columns))} are one class in as many columns (one-hot), no attributes: "
            "put the class into one column"
        )
