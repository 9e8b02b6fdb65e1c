"""Load a data set once per process."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from nnlab.data.dataset import Dataset
from nnlab.data.settings import check, source

_lock = threading.Lock()


def load(settings: Mapping[str, Any]) -> Dataset:
    """Return the data set that the settings name; the same object for the same source and parameters.

    The settings of splits and scaling make no difference here, and a file that has changed is read again.

    Raises:
        ConfigurationError: an unknown name or key, or a value that is not allowed.
        DataError: the data are missing or damaged.
    """
    module, checked = source(settings), check(settings)
    own = {key: checked[key] for key in module.PARAMETERS}
    with _lock:
        return _load(checked["name"], json.dumps(own), _version(own.get("path")))


@lru_cache(maxsize=8)
def _load(name: str, parameters: str, _version: tuple[str, int, int] | None) -> Dataset:
    return cast("Dataset", source({"name": name}).load(**json.loads(parameters)))


def _version(path: str | None) -> tuple[str, int, int] | None:
    file = None if path is None else Path(path).expanduser().resolve()
    if file is None or not file.exists():
        return None
    status = file.stat()
    return str(file), status.st_mtime_ns, status.st_size
