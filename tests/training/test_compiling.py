"""When the seconds that compiling takes are announced: where machine code is not on disk, and only there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nnlab
from nnlab.composition import conf_folder

PACKAGE = Path(nnlab.__file__).parent
SCRIPT = """
import numba
{statement}
from nnlab.composition import compose
from nnlab.jobs.job import check_job
from nnlab.training.compiling import compile_kernels
overrides = ["dataset=line", "tracking=none", "activation={activation}", "dtype={dtype}"]
compile_kernels(*check_job(compose(overrides)), print)
"""
ANNOUNCEMENT = "compiling kernels (first time only) ...\n"


def announced(
    cache: Path,
    package: Path = PACKAGE,
    statement: str = "",
    activation: str = "relu",
    dtype: str = "float32",
    disable_jit: str = "0",
) -> str:
    """Return what a fresh interpreter announces when it compiles into a cache."""
    variables = {"PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(cache), "NUMBA_DISABLE_JIT": disable_jit}
    script = SCRIPT.format(statement=statement, activation=activation, dtype=dtype)
    command = [sys.executable, "-W", "error", "-c", script]
    environment = {**os.environ, **variables}
    done = subprocess.run(command, env=environment, cwd=package.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that has seen relu in float32."""
    folder = tmp_path_factory.mktemp("cache")
    assert announced(folder) == ANNOUNCEMENT
    return folder


def test_what_is_compiled_is_not_announced_again(cache: Path) -> None:
    assert announced(cache) == ""


def test_a_piece_that_is_new_is_announced_once(cache: Path) -> None:
    assert [announced(cache, activation="tanh") for _ in range(2)] == [ANNOUNCEMENT, ""]


def test_another_dtype_is_announced(cache: Path) -> None:
    assert announced(cache, dtype="float64") == ANNOUNCEMENT


def test_a_second_checkout_of_the_same_sources_is_announced(cache: Path, tmp_path: Path) -> None:
    copy = tmp_path / "checkout" / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(conf_folder(), copy.parent / "conf")
    assert announced(cache, copy) == ANNOUNCEMENT
    assert announced(cache) == ""


def test_another_version_of_numba_is_announced(cache: Path) -> None:
    assert announced(cache, statement="numba.__version__ = '0.0.0'") == ANNOUNCEMENT
    assert announced(cache) == ""


def test_without_compilation_nothing_is_announced(tmp_path: Path) -> None:
    assert announced(tmp_path, disable_jit="1") == ""
