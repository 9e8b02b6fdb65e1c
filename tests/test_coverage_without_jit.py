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


@pytest.mark.slow
def test_kernels_pass_and_are_covered_without_compilation(tmp_path: Path) -> None:
    """Compiled code cannot be traced: only this run tells what the tests reach; -s shows the table."""
    tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/kernels"]
    measured = coverage(tmp_path, "run", "--branch", "--source", KERNELS, *tests)
    assert measured.returncode == 0, measured.stdout + measured.stderr
    print(coverage(tmp_path, "report", "--show-missing").stdout)
    report = tmp_path / "report.json"
    coverage(tmp_path, "json", "-o", str(report))
    assert json.loads(report.read_text())["totals"]["percent_covered"] >= LEAST_PERCENT


def coverage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "COVERAGE_FILE": str(folder / "coverage"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "coverage", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
