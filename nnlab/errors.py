"""Errors that a user can cause, each of them one line: what is wrong, where, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

USAGE_ERROR = 2  # exit status of a command that was given something it cannot use


class NnlabError(Exception):
    """Something outside the program is wrong; the message is one line, fit to be shown to a user."""

    def __str__(self) -> str:
        return " ".join(super().__str__().split())

    @property
    def lines(self) -> list[str]:
        """A line for each problem, as a user is shown them."""
        return [str(self)]


class ConfigurationError(NnlabError):
    """A key or a value of the configuration is not allowed."""


class DataError(NnlabError):
    """A data set is missing, damaged, or not what the configuration says it is."""


class TrackingError(NnlabError):
    """The tracking store cannot be reached or written."""


def bad_value(key: str, value: Any, allowed: str) -> ConfigurationError:
    """Return the error for a value that is not allowed: the key, the value, and what is allowed."""
    return ConfigurationError(f"{key}={_shown(value)} is not allowed: {key} must be {allowed}")


def unknown_name(kind: str, name: str, known: Iterable[str]) -> ConfigurationError:
    """Return the error for an unknown name: the nearest known one if any is near, and all of them."""
    known = sorted(known)
    lower = {choice.lower(): choice for choice in known}
    near = difflib.get_close_matches(name.lower(), lower, n=1)
    hint = f"did you mean {lower[near[0]]}? " if near else ""
    return ConfigurationError(f"unknown {kind} '{name}': {hint}known: {', '.join(known) or 'none'}")


def _shown(value: Any) -> str:
    return "null" if value is None else f"{value}"
