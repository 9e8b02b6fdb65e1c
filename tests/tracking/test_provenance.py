"""Where a run comes from."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnlab.tracking.provenance import git_tags, source_tags, versions

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a git checkout with one committed file."""
    folder = (tmp_path / "checkout").resolve()
    folder.mkdir()
    (folder / "file").write_text("one")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", "one")
    return folder


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_clean_checkout(checkout: Path) -> None:
    tags = git_tags(checkout)
    assert tags["mlflow.source.git.commit"] == git(checkout, "rev-parse", "HEAD")
    assert tags["nnlab.git_dirty"] == tags["mlflow.source.git.dirty"] == "false"


@pytest.mark.parametrize("name", ["file", "new"])
def test_a_changed_or_new_file_makes_it_dirty(checkout: Path, name: str) -> None:
    (checkout / name).write_text("two")
    assert git_tags(checkout)["nnlab.git_dirty"] == "true"


def test_a_folder_inside_some_other_projects_checkout_has_no_commit(checkout: Path) -> None:
    inside = checkout / "site-packages"
    inside.mkdir()
    assert git_tags(inside) == {}


def test_without_a_checkout_or_without_git_there_is_no_commit(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert git_tags(tmp_path / "nowhere") == {}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_tags(checkout) == {}


def test_versions_are_those_that_run() -> None:
    assert versions()["python"] == ".".join(map(str, sys.version_info[:3]))
    assert versions()["numpy"] == np.__version__
    assert list(versions()) == ["python", "nnlab", "numpy", "numba", "scipy", "mlflow", "processor"]


def test_the_source_is_the_module_that_was_started(tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text(
        "from nnlab.tracking.provenance import source_tags; print(source_tags()['mlflow.source.name'])"
    )
    for arguments, expected in (["-m", "study"], "study"), (["study.py"], "study.py"):
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected
    assert source_tags()["mlflow.user"]
