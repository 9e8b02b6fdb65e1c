"""The two claims of which the answer is known, trained anew for a report: they must come out as they must."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from nnlab.claims.reading import CLAIM_FILE, read_claim
from nnlab.claims.report.entries import Entry, entry_of
from nnlab.claims.results_file import results_path
from nnlab.claims.running import run_claim

CONTROLS = ("control-same", "control-planted")
_SHIPPED = Path(__file__).parents[3] / "experiments"


def train_controls(folder: Path, work: Path, budget: str, console: Console, others: Sequence[str]) -> list[Entry]:
    """Train the controls of a folder, or else those of the checkout, and return the verdicts.

    Args:
        folder: of the claims.
        work: where copies of them are run, so that earlier results stay as they are.
        budget: under which.
        console: to print to.
        others: further overrides for the trainings, such as hydra/launcher=joblib.

    Raises:
        NnlabError: one could not be trained.
    """
    entries = []
    for name in CONTROLS:
        sources = [path for path in (folder / name, _SHIPPED / name) if (path / CLAIM_FILE).is_file()]
        if not sources:
            continue
        copied = work / name
        copied.mkdir(parents=True, exist_ok=True)
        shutil.copy(sources[0] / CLAIM_FILE, copied / CLAIM_FILE)
        claim = read_claim(copied)
        if budget in claim.budgets:
            results_path(claim, claim.budgets[budget]).unlink(missing_ok=True)
            run_claim(claim, claim.budgets[budget], console, ["rerun=true", *others])
            entries.append(entry_of(claim, budget))
    return entries
