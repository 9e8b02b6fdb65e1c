"""Find a published file on this machine, or download it; its SHA-256 is checked either way."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import platformdirs

from nnlab.errors import DataError

VARIABLE = "NNLAB_DATA"
TIMEOUT = 30.0  # seconds without a byte before the next mirror is tried


class Published(NamedTuple):
    """A file that its publishers gave a name and a content for good."""

    folder: str
    name: str
    sha256: str


def find(file: Published, mirrors: Sequence[str]) -> Path:
    """Return the path of a file: in $NNLAB_DATA, in the user's cache, or downloaded into that.

    Raises:
        DataError: a file that is there is damaged, or no mirror has a good one.
    """
    folders = _folders(file)
    for folder in folders:
        path = folder / file.name
        if path.is_file():
            _check_digest(path, file)
            return path
    return _download(file, mirrors, folders)


def _folders(file: Published) -> list[Path]:
    given = os.environ.get(VARIABLE)
    roots = [Path(given).expanduser()] if given else []
    return [root / file.folder for root in (*roots, platformdirs.user_cache_path("nnlab"))]


def _check_digest(path: Path, file: Published) -> None:
    try:
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    if found != file.sha256:
        raise DataError(
            f"{path}: damaged, its SHA-256 is {found} and must be {file.sha256}: "
            "replace the file, or delete it to have it downloaded"
        )


def _download(file: Published, mirrors: Sequence[str], folders: Sequence[Path]) -> Path:
    failures = []
    for mirror in mirrors:
        try:
            return _from_mirror(file, mirror, folders[-1])
        except (OSError, ValueError) as error:
            failures.append(f"{mirror} ({_reason(error)})")
    places = " or ".join(str(folder) for folder in folders)
    raise DataError(
        f"cannot download {file.folder}/{file.name}: tried {', '.join(failures)}; put the file by hand into {places}"
    )


def _from_mirror(file: Published, mirror: str, folder: Path) -> Path:
    """Download next to the final place and move there only what has the right SHA-256: pooch sees to it."""
    import pooch  # noqa: PLC0415

    url = f"{mirror.rstrip('/')}/{file.name}"
    print(f"downloading {url} ...", file=sys.stderr, flush=True)  # noqa: T201
    pooch.get_logger().setLevel("WARNING")
    downloader = pooch.HTTPDownloader(timeout=TIMEOUT)
    found = pooch.retrieve(url, f"sha256:{file.sha256}", file.name, folder, downloader=downloader)
    return Path(found)


def _reason(error: Exception) -> str:
    from requests import HTTPError, RequestException  # noqa: PLC0415

    if isinstance(error, HTTPError) and error.response is not None:
        return f"{error.response.status_code} {error.response.reason}"
    if isinstance(error, RequestException):
        return type(error).__name__
    if isinstance(error, OSError):
        return str(error)
    return "its SHA-256 is not the published one"
