"""Files that are there whole, or not at all, folders that can hold them, and the way from one to another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile


def why_not_writable(folder: Path) -> str | None:
    """Return why files could not be made in a folder that need not exist yet, or None; leave nothing behind."""
    nearest = next(parent for parent in [folder.absolute(), *folder.absolute().parents] if parent.exists())
    try:
        with TemporaryFile(dir=nearest):
            return None
    except OSError as error:
        return f"{nearest}: {error.strerror}"


def path_from(folder: Path, path: Path) -> str:
    """Return a path as a page in a folder links to it: relative, with slashes."""
    return Path(os.path.relpath(path, folder)).as_posix()


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path that becomes `path` at the end: the file is there whole, or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
