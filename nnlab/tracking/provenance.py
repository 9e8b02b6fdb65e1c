"""Where a run comes from: program, user, git commit, versions."""

from __future__ import annotations

import getpass
import importlib.metadata
import os
import platform
import subprocess
import sys
from functools import cache
from pathlib import Path

_PACKAGES = ("nnlab", "numpy", "numba", "scipy", "mlflow")
_GIT_TIMEOUT_SECONDS = 10


def source_tags() -> dict[str, str]:
    """Return MLflow's tags for the columns Source, Version and User."""
    tags = {"mlflow.source.name": _program(), "mlflow.source.type": "LOCAL", "mlflow.user": _user()}
    return tags | git_tags(Path(__file__).resolve().parents[2])


@cache  # the code was loaded once, so one look at its state is the right one
def git_tags(folder: Path) -> dict[str, str]:
    """Return commit and dirtiness of a folder if it is the top of a git checkout, else nothing."""
    top_and_commit = _git(folder, "rev-parse", "--show-toplevel", "HEAD")
    changes = _git(folder, "status", "--porcelain")
    if top_and_commit is None or changes is None:
        return {}
    top, commit = top_and_commit.splitlines()
    if Path(top).resolve() != folder:  # installed in a folder that belongs to some other project
        return {}
    dirty = "true" if changes else "false"
    return {"mlflow.source.git.commit": commit, "mlflow.source.git.dirty": dirty, "nnlab.git_dirty": dirty}


def commit_of(*paths: Path) -> str:
    """Return the git commit of the folder of the first path, with "+changes" where one of the paths differs from it.

    It is "unknown" outside of git, or where that is not installed.
    """
    folder = paths[0].resolve().parent
    commit = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain", "--", *(str(path.resolve()) for path in paths))
    if not commit or changes is None:
        return "unknown"
    return f"{commit}+changes" if changes else commit


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide about results, and the kind of processor."""
    from llvmlite.binding import get_host_cpu_name  # noqa: PLC0415 - what the kernels were compiled for

    packages = {name: _version(name) for name in _PACKAGES}
    return {"python": platform.python_version(), **packages, "processor": get_host_cpu_name()}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints, or None if there is no git or it fails; it takes no lock."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=folder,
            env=environment | {"GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            text=True,
            timeout=_GIT_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _program() -> str:
    """Return what was started: the module after -m, else the script."""
    specification = getattr(sys.modules.get("__main__"), "__spec__", None)
    if specification is not None:
        return str(specification.name).removesuffix(".__main__")
    return sys.argv[0] if sys.argv and sys.argv[0] not in ("", "-c") else "<console>"


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return "unknown"
