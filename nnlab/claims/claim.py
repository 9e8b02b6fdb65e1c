"""What a claim is: the statement, the arms that put it to the test, and what would count as an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab.claims.tails import Tails

DIFFERENCE, EQUIVALENCE, RATE, DETERMINISTIC = "difference", "equivalence", "rate", "deterministic"
AT_MOST, AT_LEAST = "at most", "at least"
_PERCENTAGES = ("train_error", "validation_error", "test_error")


@dataclass(frozen=True)
class Metric:
    """What is measured of a seed, and when it is read.

    Attributes:
        name: of a column of a run's summary, such as test_accuracy, or what a study measures; test_error and the like
            are 100 % minus the accuracy.
        less: another such column, which is taken off: test_error less train_error is how much worse new data fare.
        read: "end" of training, "best" epoch on validation data, or "area": the mean over all epochs.
        scale: "linear", or "log10" of what is read.
        above: where only whether the value is above this counts, as 1 or 0.
        if_diverged: what counts, before the scale, where a seed diverged; None: such a seed leaves the claim open.
    """

    name: str
    less: str | None = None
    read: str = "end"
    scale: str = "linear"
    above: float | None = None
    if_diverged: float | None = None

    @property
    def is_plain(self) -> bool:
        """Whether what is read counts as it is."""
        return self.scale == "linear" and self.above is None

    @property
    def is_count(self) -> bool:
        """Whether what counts of a seed is 1 or 0."""
        return self.above is not None or self.name == "diverged"

    @property
    def is_percentage(self) -> bool:
        """Whether what counts is an error rate in percent, or the difference of two in percentage points."""
        return self.is_plain and self.name in _PERCENTAGES

    @property
    def key(self) -> str:
        """The name under which results are kept."""
        return " ".join(
            part
            for part in (
                "log10" if self.scale == "log10" else "",
                self.name if self.less is None else f"{self.name} - {self.less}",
                "" if self.read == "end" else f"({self.read})",
                "" if self.above is None else f"> {self.above:g}",
            )
            if part
        )


@dataclass(frozen=True)
class Comparison:
    """One effect: a weighted sum of arms of each seed, less a constant, and what is asked of its mean.

    Attributes:
        name: such as "deep - shallow".
        kind: DIFFERENCE: is it above 0? EQUIVALENCE: is it within the margin? RATE: is a share larger than another?
            DETERMINISTIC: is it within the margin at every seed?
        weights: of the arms.
        metric: of which the sum is.
        tails: how often a difference that there is not may be seen, in either direction.
        constant: that is taken off.
        margin: an effect that is no larger is as good as none.
        is_primary: whether the verdict on the claim rests on it.
    """

    name: str
    kind: str
    weights: Mapping[str, float]
    metric: Metric
    tails: Tails
    constant: float = 0.0
    margin: float | None = None
    is_primary: bool = True


@dataclass(frozen=True)
class Tuning:
    """The grid from which each arm's values are chosen, on validation data and with seeds of their own.

    Attributes:
        grid: the values to try, by key.
        own_grids: of arms that have a grid of their own, with as many combinations.
        objective: a column of the summary, of which the lowest mean over seeds is best, or of a score the highest.
        seeds: of the trials.
        arms: that are tuned; empty: all.
    """

    grid: Mapping[str, tuple[str, ...]]
    own_grids: Mapping[str, Mapping[str, tuple[str, ...]]]
    objective: str
    seeds: tuple[int, ...]
    arms: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """All keys of which values are chosen."""
        return {*self.grid, *(key for grid in self.own_grids.values() for key in grid)}


@dataclass(frozen=True)
class Published:
    """A number that others reported for an arm.

    Attributes:
        arm: of ours.
        metric: in which it is given.
        value: the number.
        source: where it stands.
        best_of: runs of which it is the best.
        test_examples: on how many it was measured, where the metric is a share or an error in per cent.
        note: how their setting differs from ours.
        bound: AT_MOST or AT_LEAST, where they say no more of their number; None: it is the number itself.
    """

    arm: str
    metric: Metric
    value: float
    source: str
    best_of: int = 1
    test_examples: int | None = None
    note: str = ""
    bound: str | None = None


@dataclass(frozen=True)
class Budget:
    """How much is spent on an answer.

    Attributes:
        name: smoke, quick or full.
        overrides: for all arms, after those of the base.
        looks: seeds after which the data are looked at; one number unless a sequential rule is declared.
        grid: the values that tuning tries, by key, instead of the claim's own.
    """

    name: str
    overrides: tuple[str, ...]
    looks: tuple[int, ...]
    grid: Mapping[str, tuple[str, ...]] | None = None

    @property
    def seeds(self) -> int:
        """Seeds of each arm, at most."""
        return self.looks[-1]


@dataclass(frozen=True)
class Claim:
    """A claim as its folder states it.

    Attributes:
        id: name of the folder.
        folder: that has claim.yaml.
        statement: in a sentence.
        source: article line and paper, by kind.
        base: overrides of all arms.
        arms: overrides of each.
        varies: keys in which the arms may differ.
        first_seed: of each arm, where it is not 0: arms that differ in nothing else are the control.
        comparisons: what is asked of the arms.
        tuning: of the arms' values, if any.
        published: numbers to compare with.
        effect: the size that matters, in the unit of the first comparison, if stated.
        sd: expected standard deviation of the first comparison's differences, if stated.
        expected: the verdict that one would expect, if any.
        budgets: by name.
        text: claim.yaml as plain values.
    """

    id: str
    folder: Path
    statement: str
    source: Mapping[str, str]
    base: tuple[str, ...]
    arms: Mapping[str, tuple[str, ...]]
    varies: tuple[str, ...]
    first_seed: Mapping[str, int]
    comparisons: tuple[Comparison, ...]
    tuning: Tuning | None
    published: tuple[Published, ...]
    effect: float | None
    sd: float | None
    expected: str | None
    budgets: Mapping[str, Budget]
    text: Mapping[str, Any] = field(repr=False)

    @property
    def primary(self) -> list[Comparison]:
        """The comparisons on which the verdict rests."""
        return [comparison for comparison in self.comparisons if comparison.is_primary]

    @property
    def metrics(self) -> list[Metric]:
        """All metrics that are read, each once."""
        named = [*(each.metric for each in self.comparisons), *(each.metric for each in self.published)]
        return list(dict.fromkeys(named))

    @property
    def study(self) -> Path | None:
        """The program that measures instead of a training, if there is one."""
        path = self.folder / "study.py"
        return path if path.exists() else None

    def seeds(self, arm: str, count: int) -> list[int]:
        """Return the first seeds of an arm."""
        first = self.first_seed.get(arm, 0)
        return list(range(first, first + count))
