"""Three disjoint splits: drawn at random, in the proportions of the classes where there are classes.

Where examples have several attributes, in the proportions of the combinations of their classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.data.common import DEFAULT_PART
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.errors import ConfigurationError, bad_value

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Row numbers of the training, validation and test examples: disjoint, sorted, none of them empty."""

    train: Rows
    validation: Rows
    test: Rows


def split(dataset: Dataset, settings: Mapping[str, Any], rng: np.random.Generator) -> Split:
    """Draw the splits of a data set; labels of a multilabel one are not stratified, as values are not.

    An official test split is the test split whatever the generator. Each part is drawn with a generator
    of its own, test first, so that another validation size leaves the test examples as they are, and
    another subset both.

    Args:
        dataset: The data.
        settings: The checked node `dataset`; `validation` and `test` as a fraction of the examples outside
            the official test split, or as a count; `subset` as a count of training examples, or null.
        rng: Decides which examples go where.

    Raises:
        ConfigurationError: a split would be empty, or training would lack a class (not: a combination of classes).
    """
    validation_size, test_size = _sizes(dataset, settings)
    seeds = rng.integers(2**63, size=3)
    strata = _strata(dataset, rng)
    test, rest = _test_split(dataset, strata, test_size, seeds[0])
    validation, train = _divide(rest, strata, validation_size, seeds[1])
    _check_classes(dataset, train, "dataset.validation and dataset.test leave")
    subset = settings.get("subset")
    if subset is not None:
        train = _subset(train, strata, subset, seeds[2])
        _check_classes(dataset, train, f"dataset.subset={subset} leaves")
    return Split(train, validation, test)


def split_sizes(dataset: Dataset, settings: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return how many training, validation and test examples `split` draws, without drawing them.

    Raises:
        ConfigurationError: validation and test leave nothing to train on.
    """
    validation, test = _sizes(dataset, settings)
    train, subset = len(dataset.targets) - validation - test, settings.get("subset")
    return train if subset is None else min(train, subset), validation, test


def _sizes(dataset: Dataset, settings: Mapping[str, Any]) -> tuple[int, int]:
    validation, test = settings["validation"], settings["test"]
    examples = len(dataset.targets) - dataset.official_test
    validation_size = _size("dataset.validation", validation, examples)
    if dataset.official_test:
        if test is not None:
            raise bad_value("dataset.test", test, "null: this data set has an official test split")
        return validation_size, dataset.official_test
    test_size = _size("dataset.test", DEFAULT_PART if test is None else test, examples)
    if validation_size + test_size >= examples:
        raise ConfigurationError(
            f"dataset.validation={validation} and dataset.test={test} leave nothing to train on: "
            f"together they must take fewer than {examples} examples"
        )
    return validation_size, test_size


def _size(key: str, part: float, examples: int) -> int:
    size = round(part * examples) if isinstance(part, float) else part
    if not 0 < size < examples:
        raise bad_value(key, part, f"at least 1 and fewer than all of the {examples} examples to be split")
    return size


def _strata(dataset: Dataset, rng: np.random.Generator) -> Rows | None:
    """Number the groups (examples,) whose proportions every split keeps; None where there are no classes.

    Groups are the classes, in their order. Where classes have attributes, groups are the combinations that occur, in
    random order, since left-over examples go to the first of equals. Those with fewer examples than there are splits
    to be drawn are one group, or largest remainders would put all of them into the same split whatever the generator.
    """
    if dataset.task != CLASSIFICATION:
        return None
    classes = np.column_stack([block.argmax(axis=1) for block in dataset.blocks(dataset.targets)])
    if not (dataset.heads or dataset.combined):
        return classes[:, 0]
    combinations = np.unique(classes, axis=0, return_inverse=True)[1].reshape(-1)
    examples = len(classes) - dataset.official_test
    members = np.bincount(combinations[:examples], minlength=combinations.max() + 1)
    numbers = np.where(members < _drawn(dataset), len(members), rng.permutation(len(members)))
    return np.asarray(numbers[combinations])


def _drawn(dataset: Dataset) -> int:
    """Return how many splits are drawn: all three, or two beside an official test split."""
    return 2 if dataset.official_test else 3


def _test_split(dataset: Dataset, strata: Rows | None, size: int, seed: int) -> tuple[Rows, Rows]:
    rows = np.arange(len(dataset.targets))
    if dataset.official_test:
        _check_members(dataset, rows[:-size])
        return rows[-size:], rows[:-size]
    _check_members(dataset, rows)
    return _divide(rows, strata, size, seed)


def _subset(train: Rows, strata: Rows | None, size: int, seed: int) -> Rows:
    if size > len(train):
        allowed = f"at most {len(train)}, the size of the training split"
        raise bad_value("dataset.subset", size, allowed)
    return _divide(train, strata, size, seed)[0]


def _divide(rows: Rows, strata: Rows | None, size: int, seed: int) -> tuple[Rows, Rows]:
    """Draw some of the rows, and return them and the others, both sorted."""
    shuffled = np.random.default_rng(seed).permutation(rows)
    if strata is None:
        chosen = shuffled[:size]
    else:
        members = np.bincount(strata[rows])
        by_stratum = shuffled[np.argsort(strata[shuffled], kind="stable")]
        groups = np.split(by_stratum, np.cumsum(members)[:-1])
        shares = _shares(members, size)
        chosen = np.concatenate([group[:share] for group, share in zip(groups, shares, strict=True)])
    return np.sort(chosen), np.setdiff1d(rows, chosen, assume_unique=True)


def _shares(members: Rows, size: int) -> Rows:
    """Share a size among groups by the largest remainder, so that each is within one of its proportion.

    scikit-learn's StratifiedShuffleSplit would do, but that it refuses a subset of nearly everything.
    """
    shares, remainders = np.divmod(members * size, members.sum())
    first = np.argsort(-remainders, kind="stable")
    shares[first[: size - shares.sum()]] += 1
    return shares


def _needs_all_classes(dataset: Dataset) -> bool:
    """Tell whether every class must be in every split; a combination of classes may be in none."""
    return dataset.task == CLASSIFICATION and not dataset.combined


def _check_members(dataset: Dataset, rows: Rows) -> None:
    if not _needs_all_classes(dataset):
        return
    members = np.count_nonzero(dataset.targets[rows], axis=0)
    rarest, splits = int(members.argmin()), _drawn(dataset)
    if members[rarest] < splits:
        raise ConfigurationError(
            f"dataset.name={dataset.name}: class '{dataset.class_names[rarest]}' has too few examples, "
            f"{members[rarest]}: a class must have at least {splits} to be split by dataset.validation "
            "and dataset.test"
        )


def _check_classes(dataset: Dataset, train: Rows, cause: str) -> None:
    if not _needs_all_classes(dataset):
        return
    missing = np.flatnonzero(~dataset.targets[train].any(axis=0))
    if len(missing):
        raise ConfigurationError(
            f"{cause} no training example of class '{dataset.class_names[missing[0]]}': "
            "every class must have at least one"
        )
