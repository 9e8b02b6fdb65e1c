"""Records the verdict on a claim as an MLflow run of its own, beside the runs of its arms."""

from __future__ import annotations

import math
import re
from pathlib import Path

from rich.console import Console

from nnlab import tracking
from nnlab.claims.claim import Budget, Claim
from nnlab.claims.page import CURVES, FIGURE
from nnlab.claims.results_file import Results, results_path
from nnlab.claims.verdict import Outcome
from nnlab.claims.words import effect_lines
from nnlab.console import show_warning, waiting

EXPERIMENT = "nnlab-claims"
_NOT_IN_NAMES = re.compile(r"[^\w.\- /]")  # MLflow allows no other characters in the name of a metric


def record_verdict(
    claim: Claim, budget: Budget, results: Results, outcome: Outcome, page: Path, console: Console
) -> None:
    """Record the verdict, in words as the run's description, with the effects, the page, its figure and the results.

    The runs of the arms are found by their tag `nnlab.sweep`, which the description names.

    Raises:
        TrackingError: the store refuses it.
    """
    facts = tracking.RunFacts(
        name=f"{claim.id} {budget.name}: {outcome.verdict}",
        parameters={
            "claim": claim.id,
            "budget": budget.name,
            "seeds": outcome.seeds,
            "arms": " ".join(claim.arms),
            "metric": ", ".join(dict.fromkeys(comparison.metric.key for comparison in claim.primary)),
        },
        tags={
            "claim": claim.id,
            "verdict": outcome.verdict,
            "protocol": results.protocol.hash,
            "mlflow.note.content": description(claim, budget, outcome),
        },
        config_yaml=results.protocol.text,
    )
    recorder = tracking.Recorder(tracking.store_uri(), EXPERIMENT, facts)
    with recorder:
        recorder.log_metrics(_metrics(outcome))
        figures = [page.with_name(name) for name in (FIGURE, CURVES)]
        for path in (page, *figures, results_path(claim, budget)):
            if path.exists():
                recorder.log_file(path)
    with waiting(console, "recording ..."):
        report = recorder.delivered()
    if report.state == tracking.DELAYED:
        show_warning(tracking.undelivered_note([report]))


def description(claim: Claim, budget: Budget, outcome: Outcome) -> str:
    """Return what MLflow shows as the description of the run, in Markdown."""
    lines = "\n".join(f"- {line}" for line in effect_lines(outcome))
    return (
        f"> {claim.statement}\n\n**{outcome.verdict.capitalize()}**, {outcome.seeds} seeds of each arm:\n\n{lines}\n\n"
        f"Runs of the arms: {runs_condition(claim, budget)} in the experiment nnlab."
    )


def runs_condition(claim: Claim, budget: Budget) -> str:
    """Return what tells the runs of a claim's arms from all others, in MLflow's language."""
    return f"tags.`nnlab.sweep` LIKE 'multirun/claims/{claim.id}/{budget.name}/%'"


def _metrics(outcome: Outcome) -> dict[str, float]:
    """Return each effect with the ends of its interval and its p value; what is no number is left out."""
    metrics: dict[str, float] = {}
    for effect in outcome.effects:
        name = _NOT_IN_NAMES.sub("", f"{effect.comparison.name} {effect.comparison.metric.key}").strip()
        numbers = {"": effect.mean, "/low": effect.low, "/high": effect.high, "/p": effect.p}
        metrics |= {f"{name}{part}": value for part, value in numbers.items() if math.isfinite(value)}
    return metrics
