"""Pieces of the toolbox are found by their file names: one file, one piece, no list to keep in step."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from nnlab.errors import unknown_name


@cache
def pieces(package: str, also: str | None = None) -> dict[str, ModuleType]:
    """Return the modules of a package, or of two, by name, sorted by name; a leading underscore hides a module."""
    found = {name: module for each in (package, also) if each for name, module in _modules(each)}
    return dict(sorted(found.items()))


def piece(package: str, name: str, kind: str | None = None, *, also: str | None = None) -> ModuleType:
    """Return one piece of a package, or of two; `kind` is what to call it in an error (default: the package's name).

    Raises:
        ConfigurationError: no such piece; the message names the nearest.
    """
    known = pieces(package, also)
    if name not in known:
        raise unknown_name(kind or package.rpartition(".")[2].replace("_", " "), name, known)
    return known[name]


def _modules(package: str) -> list[tuple[str, ModuleType]]:
    folder = importlib.import_module(package).__path__
    names = [info.name for info in pkgutil.iter_modules(folder) if not info.name.startswith("_")]
    return [(name, importlib.import_module(f"{package}.{name}")) for name in names]
