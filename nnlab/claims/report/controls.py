"""The two claims of which the answer is known, trained anew for a report: they must come out as they must."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from nnlab.claims.problems import ClaimError
from nnlab.claims.protocol_checks import note_problems
from nnlab.claims.reading import CLAIM_FILE, examine_claim
from nnlab.claims.report.entries import Entry, entry_of
from nnlab.claims.results_file import results_path
from nnlab.claims.running import run_claim
from nnlab.claims.verdict import EQUIVALENT, INCONCLUSIVE, SUPPORTED


@dataclass(frozen=True)
class Control:
    """A claim whose answer is known.

    Attributes:
        name: of its folder.
        allowed: verdicts that it may get; whatever its claim.yaml expects.
        kept: what may be relied on where it does.
    """

    name: str
    allowed: tuple[str, ...]
    kept: str


CONTROLS = (
    Control("control-same", (EQUIVALENT, INCONCLUSIVE), "where nothing differs, nothing was found"),
    Control("control-planted", (SUPPORTED,), "an effect that was planted was found"),
)
_SHIPPED = Path(__file__).parents[3] / "experiments"


@dataclass(frozen=True)
class TrainedControl:
    """A control with the verdict on it."""

    control: Control
    entry: Entry

    @property
    def has_failed(self) -> bool:
        """Whether it did not come out as it must."""
        return self.entry.outcome.verdict not in self.control.allowed


def train_controls(
    folder: Path, work: Path, budget: str, console: Console, others: Sequence[str]
) -> list[TrainedControl]:
    """Train the controls of a folder, or else those of the checkout, and return the verdicts.

    Args:
        folder: of the claims.
        work: where copies of them are run, so that earlier results stay as they are.
        budget: under which.
        console: to print to.
        others: further overrides for the trainings, such as hydra/launcher=joblib.

    Raises:
        NnlabError: one cannot decide, or could not be trained.
    """
    return [
        TrainedControl(control, _trained(source, work / control.name, budget, console, others))
        for control in CONTROLS
        for source in _sources(folder, control.name)[:1]
        if _checked(source, budget)
    ]


def _sources(folder: Path, name: str) -> list[Path]:
    return [path for path in (folder / name, _SHIPPED / name) if (path / CLAIM_FILE).is_file()]


def _checked(source: Path, budget: str) -> bool:
    """Return whether a control has the budget.

    Raises:
        ClaimError: it cannot decide.
    """
    claim, problems = examine_claim(source)
    if budget in claim.budgets:
        note_problems(claim, claim.budgets[budget], problems)
    if problems.lines:
        raise ClaimError(problems.lines)
    return budget in claim.budgets


def _trained(source: Path, copied: Path, budget: str, console: Console, others: Sequence[str]) -> Entry:
    copied.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / CLAIM_FILE, copied / CLAIM_FILE)
    claim, _ = examine_claim(copied)
    results_path(claim, claim.budgets[budget]).unlink(missing_ok=True)
    run_claim(claim, claim.budgets[budget], console, [*others, "rerun=true"])
    return entry_of(claim, budget)
