"""How kernels are compiled, and where the compiled code is kept between processes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs

Function = TypeVar("Function", bound=Callable[..., Any])

# The part of fastmath that vectorises sums but keeps NaN and infinity, by which divergence is recognised.
FASTMATH = {"nsz", "arcp", "contract", "afn", "reassoc"}
_OPTIONS: dict[str, Any] = {"nogil": True, "fastmath": FASTMATH, "error_model": "numpy"}


def kernel(function: Function) -> Function:
    """Compile a function that only other kernels call; its machine code is kept inside theirs."""
    return cast("Function", numba.njit(**_OPTIONS)(function))


def entry_point(function: Function) -> Function:
    """Compile a function that Python calls, and keep its machine code on disk."""
    with _numba_cache_in(cache_folder()):
        return cast("Function", numba.njit(cache=True, **_OPTIONS)(function))


@cache
def cache_folder() -> Path:
    """Return the folder of the compiled code, named by a hash of all kernel sources.

    Numba looks only at the file of the function that it caches, so editing a kernel which another file's cached
    function calls would leave stale machine code in use; with a folder per state of the sources it cannot.
    """
    candidates = [
        Path(os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_path("nnlab")),
        Path(tempfile.gettempdir()) / f"nnlab-{os.getuid() if hasattr(os, 'getuid') else 'user'}",
    ]
    for base in candidates:
        folder = base / f"kernels-{sources_digest()[:16]}"
        if _is_writable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="nnlab-"))


@cache
def sources_digest() -> str:
    """Return the SHA-256 of all kernel sources, names and contents, in hexadecimal digits."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _numba_cache_in(folder: Path) -> Iterator[None]:
    """Point Numba's cache at a folder while a function is being decorated, and back: users cache theirs elsewhere."""
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = previous


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
