"""What the sources of a user's own data share."""

from __future__ import annotations

from pathlib import Path

from nnlab.errors import DataError


def existing(path: str) -> Path:
    """Return the absolute path of a file that the user names.

    Raises:
        DataError: there is no such file.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        raise DataError(f"dataset.path={path}: no such file (relative paths start at {Path.cwd()})")
    return file.resolve()
