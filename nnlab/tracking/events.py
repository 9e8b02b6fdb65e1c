"""What can happen in a run, as it stands in a spool."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nnlab.tracking.points import Point, now
from nnlab.tracking.provenance import source_tags, versions
from nnlab.tracking.run_facts import DatasetFacts, RunFacts
from nnlab.tracking.spool import Event

BEGIN, POINTS, TAGS, TEXT, FILE, END = "begin", "points", "tags", "text", "file", "end"


def begin(uri: str, experiment: str, facts: RunFacts, flush_seconds: float) -> Event:
    """Return the first event: where the run belongs, and what is known of it."""
    return {
        "event": BEGIN,
        "uri": uri,
        "experiment": experiment,
        "started": now(),
        "facts": asdict(facts),
        "source": source_tags(),
        "versions": versions(),
        "flush_seconds": flush_seconds,
    }


def facts_of(event: Event) -> RunFacts:
    """Return the facts that the first event holds."""
    facts = dict(event["facts"])
    dataset = facts["dataset"]
    return RunFacts(**facts | {"dataset": None if dataset is None else DatasetFacts(**dataset)})


def measured(points: Iterable[Point]) -> Event:
    """Return the event of the points that are finite."""
    return {"event": POINTS, "points": [list(point) for point in points if math.isfinite(point.value)]}


def points_of(event: Event) -> list[Point]:
    """Return the points that an event holds."""
    return [Point(*point) for point in event["points"]]


def tagged(tags: Mapping[str, Any]) -> Event:
    """Return the event of tags that are set."""
    return {"event": TAGS, "tags": {key: str(value) for key, value in tags.items()}}


def written(text: str, name: str) -> Event:
    """Return the event of a text that is kept as an artifact."""
    return {"event": TEXT, "text": text, "name": name}


def attached(path: Path, folder: str) -> Event:
    """Return the event of a file that is kept as an artifact."""
    return {"event": FILE, "path": str(path), "folder": folder}


def ended(status: str, reason: str | None, milliseconds: int | None = None) -> Event:
    """Return the last event, of a run that ended at a time in milliseconds since 1970, or now."""
    return {"event": END, "status": status, "reason": reason, "ended": milliseconds or now()}
