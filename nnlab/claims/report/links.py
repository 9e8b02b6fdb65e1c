"""Where the runs of claims are seen in MLflow's UI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from nnlab import tracking
from nnlab.claims.arms import arm_overrides, seeds_override
from nnlab.claims.recording import EXPERIMENT
from nnlab.claims.report.entries import Entry
from nnlab.composition import compose
from nnlab.jobs.sweep_plan import PlannedJob, plan_job, with_runs

_NO_RUN = "-"  # in the place of the id of a run that the store has not


class Links(NamedTuple):
    """Addresses of the runs of a claim's arms, and of the runs that have its verdicts; None where there are none."""

    arms: str | None = None
    verdicts: str | None = None


def links_of(entries: Sequence[Entry]) -> list[Links]:
    """Return the links of each claim.

    The runs of arms are found as a sweep finds them, by their identity, as other claims may have trained them before.

    Raises:
        NnlabError: the store cannot be read, or the data of a claim cannot.
    """
    jobs = [list(_jobs(entry)) for entry in entries]
    found = iter(with_runs([job for of_entry in jobs for job in of_entry]))
    searches = []
    for entry, of_entry in zip(entries, jobs, strict=True):
        runs = [job.run for job in islice(found, len(of_entry))]
        ids = [_NO_RUN if run is None else run.run_id for run in runs]
        searches.append((_experiment(of_entry), f"attributes.run_id IN ({_quoted(ids or [_NO_RUN])})"))
        searches.append((EXPERIMENT, f"tags.`nnlab.claim` = '{entry.claim.id}'"))
    addresses = iter(tracking.run_links(tracking.store_uri(), searches))
    return [Links(arms, verdicts) for arms, verdicts in zip(addresses, addresses, strict=True)]


def _jobs(entry: Entry) -> Iterator[PlannedJob]:
    """Yield a job for each arm, and each look at it."""
    claim, budget = entry.claim, entry.budget
    if claim.study is not None:
        return
    for arm in claim.arms:
        overrides = arm_overrides(claim, budget, arm, entry.results.tuned.get(arm, ()))
        for first, last in pairwise((0, *budget.looks)):
            if last <= entry.outcome.seeds:
                yield plan_job([*overrides, seeds_override(claim.seeds(arm, last)[first:])], compose)


def _experiment(jobs: Sequence[PlannedJob]) -> str:
    return str(jobs[0].config.tracking["experiment"]) if jobs else EXPERIMENT


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
