"""Where the runs of claims are seen in MLflow's UI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nnlab import tracking
from nnlab.claims.recording import EXPERIMENT, runs_condition
from nnlab.claims.report.entries import Entry
from nnlab.composition import compose


class Links(NamedTuple):
    """Addresses of the runs of a claim's arms, and of the runs that have its verdicts; None where there are none."""

    arms: str | None
    verdicts: str | None


def links_of(entries: Sequence[Entry]) -> list[Links]:
    """Return the links of each claim.

    Raises:
        TrackingError: the store cannot be read.
    """
    experiment = compose([]).tracking["experiment"]
    searches = []
    for entry in entries:
        searches.append((experiment, runs_condition(entry.claim, entry.budget)))
        searches.append((EXPERIMENT, f"tags.`nnlab.claim` = '{entry.claim.id}'"))
    found = iter(tracking.run_links(tracking.store_uri(), searches))
    return [Links(arms, verdicts) for arms, verdicts in zip(found, found, strict=True)]
