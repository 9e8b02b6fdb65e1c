"""How kernels are compiled, and where the compiled code is kept between processes."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
import platformdirs

Function = TypeVar("Function", bound=Callable[..., Any])

# The part of fastmath that vectorises sums but keeps NaN and infinity, by which divergence is recognised.
FASTMATH = {"nsz", "arcp", "contract", "afn", "reassoc"}
_OPTIONS: dict[str, Any] = {"nogil": True, "fastmath": FASTMATH, "error_model": "numpy"}
# Kernels allocate nothing and keep nothing, so that they need not count references to arrays, which takes longer than
# the work of a small layer. Numba then compiles no function that returns an array: those are copied into their callers.
_UNCOUNTED = {"_nrt": False}
_STALE_SECONDS = 30 * 24 * 3600
_VARIANTS: set[tuple[Callable[..., Any], str]] = set()


def kernel(function: Function) -> Function:
    """Compile a function that only other kernels call; its machine code is kept inside theirs."""
    return cast("Function", numba.njit(**_OPTIONS, **_UNCOUNTED)(function))


def view(function: Function) -> Function:
    """Copy a kernel that returns a view of memory into its callers before they are compiled."""
    return cast("Function", numba.njit(inline="always", **_OPTIONS, **_UNCOUNTED)(function))


def inlined(function: Function) -> Function:
    """Compile a kernel that is always copied into its callers, so that their loops around it become vector code."""
    return cast("Function", numba.njit(forceinline=True, **_OPTIONS, **_UNCOUNTED)(function))


def entry_point(function: Function) -> Function:
    """Compile a function that is called by its address or from Python, and keep its machine code on disk."""
    with _numba_cache_in(cache_folder()):
        return cast("Function", numba.njit(cache=True, **_OPTIONS, **_UNCOUNTED)(function))


def variant(template: Callable[..., Any], name: str, **meanings: Any) -> Callable[..., Any]:
    """Return an entry point like a template in which some global names have other meanings.

    A closure would do the same, but Numba never finds compiled closures over compiled functions on disk again. The
    name is the one under which the machine code is kept.

    Raises:
        ValueError: there is a variant of that name already, whose machine code would be taken for this one's.
    """
    if (template, name) in _VARIANTS:
        raise ValueError(f"there are two variants {name} of {template.__qualname__}")
    _VARIANTS.add((template, name))
    plain = cast("FunctionType", template)
    copy = FunctionType(plain.__code__, {**plain.__globals__, **meanings}, name)
    copy.__qualname__ = name
    copy.__doc__, copy.__module__ = template.__doc__, template.__module__
    return entry_point(copy)


@cache
def cache_folder() -> Path:
    """Return the folder of the compiled code, named by a hash of all kernel sources, the interpreter and Numba.

    Numba looks only at the file of the function that it caches, so editing a kernel which another file's cached
    function calls would leave stale machine code in use; with a folder per state of the sources it cannot. In a
    folder shared by versions of Numba, each would overwrite what the other has compiled.
    """
    name = f"kernels-{sources_digest()[:16]}-{sys.implementation.cache_tag}-numba{numba.__version__}"
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_path("nnlab")) / name
    if _is_writable(folder):
        return folder
    user = os.getuid() if hasattr(os, "getuid") else "user"
    base = Path(tempfile.gettempdir()) / f"nnlab-{user}"
    if _is_private(base) and _is_writable(base / name):
        return base / name
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


def _is_private(folder: Path) -> bool:
    """Make a folder if need be; tell whether only this user can write to it, as Numba unpickles what it finds."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):  # on Windows, every user has a temporary folder of their own
        return True
    writable_by_others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not writable_by_others


def _is_writable(folder: Path) -> bool:
    """Make a folder if need be, then removing what is stale next to it; tell whether files can be made in it."""
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return False
    if is_new:
        _remove_stale(folder.parent)
    return True


def _remove_stale(base: Path) -> None:
    """Remove the folders of compiled code that nobody has used for a month."""
    for folder in base.glob("kernels-" + "[0-9a-f]" * 16 + "-*-numba*"):
        with suppress(OSError):  # another process may be removing it too
            if _last_change(folder) < time.time() - _STALE_SECONDS:
                shutil.rmtree(folder)


def _last_change(folder: Path) -> float:
    return max(path.lstat().st_mtime for path in (folder, *folder.rglob("*")))
