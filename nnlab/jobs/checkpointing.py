"""From the keys of a configuration to the checkpoints that a job writes and starts from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from nnlab import tracking
from nnlab.errors import ConfigurationError, bad_value
from nnlab.files import why_not_writable
from nnlab.schema import Config
from nnlab.training.checkpoints import Checkpoints, checkpoint_path

FOLDER = "checkpoints"
_RUN_ID = re.compile("[0-9a-f]{32}")


def check_checkpoints(config: Config) -> None:
    """Refuse keys about checkpoints that contradict each other, or a folder that cannot be written.

    Raises:
        ConfigurationError: one of these.
    """
    folder = config.checkpoint["folder"]
    if config.resume is not None and config.warm_start is not None:
        raise ConfigurationError("resume and warm_start both say where to start from: give one")
    if folder is not None and config.checkpoint["every"] is None:
        raise ConfigurationError("checkpoint.folder has no effect without checkpoint.every")
    reason = None if folder is None else why_not_writable(Path(folder))
    if reason is not None:
        raise bad_value("checkpoint.folder", folder, f"a folder to write to ({reason})")


@contextmanager
def checkpoints_of(
    config: Config, job_folder: Path | None, kept: Path | None = None, *, in_sweep: bool = False
) -> Iterator[Checkpoints]:
    """Yield the checkpoints of a job; those fetched from MLflow are there until the end of the block.

    Args:
        config: the configuration.
        job_folder: where the job writes its files; None: nowhere.
        kept: where seeds are kept that have ended while others still train; None: nowhere.
        in_sweep: whether other jobs have the same `checkpoint.folder`.

    Raises:
        NnlabError: what to start from is not there, or there is no folder to write to.
    """
    if in_sweep and config.checkpoint["folder"] is not None:
        raise ConfigurationError("checkpoint.folder: the jobs of a sweep would write over each other's; leave it null")
    with ExitStack() as until_end:
        yield Checkpoints(
            folder=_written_to(config, job_folder),
            every=config.checkpoint["every"],
            resume=None if config.resume is None else _folder_of("resume", Path(config.resume)),
            warm_start=_warm_start(config, until_end),
            kept=kept,
        )


def warm_start_files(config: Config) -> list[Path]:
    """Return the files from which the initial weights of the seeds are taken; none where a recorded run has them."""
    path = Path(config.warm_start or "")
    if config.warm_start is None or not path.exists():
        return []
    if path.is_file():
        return [path]
    folder = _folder_of("warm_start", path)
    return [file for seed in config.seeds if (file := checkpoint_path(folder, seed)).exists()]


def _written_to(config: Config, job_folder: Path | None) -> Path | None:
    if config.checkpoint["every"] is None:
        return None
    if config.checkpoint["folder"] is not None:
        return Path(config.checkpoint["folder"])
    if job_folder is None:
        raise ConfigurationError("checkpoint.every needs checkpoint.folder where a training has no folder of its own")
    return job_folder / FOLDER


def _folder_of(key: str, path: Path) -> Path:
    """Return the folder with the checkpoints: the given one, or the one in the folder of a job."""
    for folder in (path, path / FOLDER):
        if any(folder.glob("seed-*.npz")):
            return folder
    raise bad_value(key, path, "a folder with checkpoints (seed-0.npz, ...), or the folder of a job that has them")


def _warm_start(config: Config, until_end: ExitStack) -> Path | None:
    if config.warm_start is None:
        return None
    path = Path(config.warm_start)
    if path.is_file():
        return path
    if not path.exists() and _RUN_ID.fullmatch(config.warm_start):
        temporary = until_end.enter_context(TemporaryDirectory(prefix="nnlab-"))
        fetched = tracking.fetch_artifacts(tracking.store_uri(), config.warm_start, FOLDER, Path(temporary))
        return _folder_of("warm_start", fetched)
    return _folder_of("warm_start", path)
