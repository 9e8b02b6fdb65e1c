"""Overrides such as "optimizer=adam", as Hydra hands them to a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def by_key(overrides: Iterable[str]) -> dict[str, str]:
    """Return the values of overrides by their keys, without Hydra's leading + or ~."""
    return dict(override.lstrip("+~").partition("=")[::2] for override in overrides)


def quoted(value: str) -> str:
    """Return a value as it stands in an override, whatever characters it has."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def varied(jobs: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the overrides in which jobs differ, of each job; all of them where none does."""
    keys = list(dict.fromkeys(key for job in jobs for key in job))
    differing = [key for key in keys if len({job.get(key) for job in jobs}) > 1]
    return [{key: job.get(key, "") for key in differing or keys} for job in jobs]
