"""The real command in a subprocess, as a user runs it who has set nothing of MLflow's or Hydra's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_OWN_VARIABLES = {"MLFLOW_TRACKING_URI", "HYDRA_FULL_ERROR"}
_CHECKOUT = Path(__file__).parent.parent


def user_environment() -> dict[str, str]:
    """Return the environment for a subprocess that finds this checkout."""
    kept = {key: value for key, value in os.environ.items() if key not in _OWN_VARIABLES}
    paths = [str(_CHECKOUT), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}


def run_in(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m nnlab.run` in a folder, with warnings as errors."""
    return run_module("nnlab.run", folder, *arguments, **variables)


def run_module(
    module: str, folder: Path, *arguments: str, timeout: float = 600, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a module as a program in a folder, with warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", module, *arguments],
        cwd=folder,
        env=user_environment() | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )
