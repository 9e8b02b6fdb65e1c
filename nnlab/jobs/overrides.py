"""Overrides such as "optimizer=adam", as Hydra hands them to a job."""

from __future__ import annotations

from collections.abc import Iterable


def by_key(overrides: Iterable[str]) -> dict[str, str]:
    """Return the values of overrides by their keys, without Hydra's leading + or ~."""
    return dict(override.lstrip("+~").partition("=")[::2] for override in overrides)
