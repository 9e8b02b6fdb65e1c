"""Every claim that ships, trained for real with the smallest budget, and all of them in one report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command import run_module

from nnlab.claims.reading import claim_ids

SHIPPED = Path(__file__).parents[2] / "experiments"


@pytest.mark.slow
def test_all_claims_run_with_one_command_and_stand_in_one_report(tmp_path: Path) -> None:
    names = claim_ids(SHIPPED)
    for name in names:
        kept = shutil.ignore_patterns("results-*", "*.png", "README.md")
        shutil.copytree(SHIPPED / name, tmp_path / "experiments" / name, ignore=kept)
    done = run_module("nnlab.claims", tmp_path, "run", "--all", "--budget", "smoke", timeout=2400)
    assert done.returncode == 0, done.stderr
    for name in names:
        assert (tmp_path / "experiments" / name / "smoke" / "verdict.png").exists()
        assert f"{name} (smoke): " in done.stdout
    reported = run_module("nnlab.claims", tmp_path, "report", "--budget", "smoke")
    assert reported.returncode == 0, reported.stderr
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert all(f'<section class="claim" id="claim-{name}"' in page for name in names)
    assert "without a verdict" not in reported.stdout
