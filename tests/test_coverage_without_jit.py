"""The kernels as plain Python: the same tests must pass, and nearly every branch must be reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEAST_PERCENT = 95
KERNELS = "nnlab/kernels"
TESTS = "tests/kernels"
# What writes machine code runs as Python only while it is compiled.
TESTS_OF_CODE_GENERATION = [f"{TESTS}/test_{part}.py" for part in ("products", "elementary", "sharing", "subnormal")]


@pytest.mark.slow
def test_kernels_pass_and_are_covered_without_compilation(tmp_path: Path) -> None:
    """Compiled code cannot be traced: only this run tells what the tests reach; -s shows the table."""
    measure(tmp_path, "1", TESTS)
    measure(tmp_path, "0", *TESTS_OF_CODE_GENERATION)
    coverage(tmp_path, "combine")
    sys.stdout.write(coverage(tmp_path, "report", "--show-missing").stdout)
    report = tmp_path / "report.json"
    coverage(tmp_path, "json", "-o", str(report))
    assert json.loads(report.read_text())["totals"]["percent_covered"] >= LEAST_PERCENT


def measure(folder: Path, disable_jit: str, *tests: str) -> None:
    command = ["run", "--parallel-mode", "--branch", "--source", KERNELS, "-m", "pytest", "-q", *tests]
    measured = coverage(folder, *command, "-p", "no:cacheprovider", NUMBA_DISABLE_JIT=disable_jit)
    assert measured.returncode == 0, measured.stdout + measured.stderr


def coverage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run coverage, with Numba kept from reporting lines as run that it has merely compiled.

    It finds nothing compiled: what writes machine code must run.
    """
    variables = {
        "COVERAGE_FILE": str(folder / "coverage"),
        "NUMBA_CACHE_DIR": str(folder / "cache"),
        "NUMBA_JIT_COVERAGE": "0",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "coverage", *arguments]
    everything = {**os.environ, **variables, **environment}
    return subprocess.run(command, cwd=ROOT, env=everything, capture_output=True, text=True, check=False)
