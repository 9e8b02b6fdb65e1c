"""When the seconds that compiling takes are announced: where the machine code is not on disk, and only there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest

import nnlab
from nnlab.training import compiling
from nnlab.training.compiling import compile_kernels

needs_jit = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled with NUMBA_DISABLE_JIT=1")

PACKAGE = Path(nnlab.__file__).parent
# What is announced depends on the files alone, so the seconds themselves are spared.
SCRIPT = """
import numba
{statement}
from nnlab.training import compiling
compiling._train_smallest_network = lambda dtype: None
compiling.compile_kernels({dtype!r}, print)
"""
ANNOUNCEMENT = "compiling kernels (first time only) ...\n"


def announced(
    cache: Path, package: Path = PACKAGE, statement: str = "", dtype: str = "float32", disable_jit: str = "0"
) -> str:
    """Return what a fresh interpreter announces when it compiles into a cache."""
    variables = {"PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(cache), "NUMBA_DISABLE_JIT": disable_jit}
    command = [sys.executable, "-W", "error", "-c", SCRIPT.format(statement=statement, dtype=dtype)]
    environment = {**os.environ, **variables}
    done = subprocess.run(command, env=environment, cwd=package.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_jit
def test_nothing_is_announced_once_the_kernels_are_compiled() -> None:
    compile_kernels("float32", lambda _: None)
    messages: list[str] = []
    compile_kernels("float32", messages.append)
    assert messages == []


def test_each_dtype_is_announced_once(tmp_path: Path) -> None:
    dtypes = ("float32", "float64", "float32", "float64")
    assert [announced(tmp_path, dtype=dtype) for dtype in dtypes] == [ANNOUNCEMENT, ANNOUNCEMENT, "", ""]


def test_a_second_checkout_of_the_same_sources_is_announced(tmp_path: Path) -> None:
    copy = tmp_path / "checkout" / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    packages = (PACKAGE, copy, PACKAGE, copy)
    messages = [announced(tmp_path / "cache", package) for package in packages]
    assert messages == [ANNOUNCEMENT, ANNOUNCEMENT, "", ""]


def test_another_version_of_numba_is_announced(tmp_path: Path) -> None:
    statements = ("", "numba.__version__ = '0.0.0'", "")
    assert [announced(tmp_path, statement=each) for each in statements] == [ANNOUNCEMENT, ANNOUNCEMENT, ""]


def test_without_compilation_nothing_is_announced_or_marked(tmp_path: Path) -> None:
    assert [announced(tmp_path, disable_jit=each) for each in ("1", "0")] == ["", ANNOUNCEMENT]


@needs_jit
def test_a_cache_that_is_removed_meanwhile_does_not_end_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = tmp_path / "cache" / "compiled"
    monkeypatch.setattr(compiling, "_marker", lambda _: marker)
    messages: list[str] = []
    compile_kernels("float32", messages.append)
    assert messages == [ANNOUNCEMENT.strip()]
    assert not marker.exists()
