"""Pieces of the toolbox are found by their file names: one file, one piece, no list to keep in step."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from nnlab.errors import unknown_name


@cache
def pieces(package: str) -> dict[str, ModuleType]:
    """Return the modules of a package by name, sorted by name; a leading underscore hides a module."""
    folder = importlib.import_module(package).__path__
    names = sorted(info.name for info in pkgutil.iter_modules(folder) if not info.name.startswith("_"))
    return {name: importlib.import_module(f"{package}.{name}") for name in names}


def piece(package: str, name: str, kind: str | None = None) -> ModuleType:
    """Return one piece of a package; `kind` is what to call it in an error (default: the package's name).

    Raises:
        ConfigurationError: no such piece; the message names the nearest.
    """
    known = pieces(package)
    if name not in known:
        raise unknown_name(kind or package.rpartition(".")[2], name, known)
    return known[name]


def code(package: str, name: str) -> int:
    """Return the integer by which compiled kernels know a piece: its place in the sorted list of names."""
    piece(package, name)
    return list(pieces(package)).index(name)
