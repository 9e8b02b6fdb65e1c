"""The line that opens the recorded runs: it can be pasted into a shell as it is."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from nnlab.tracking.ui_command import ui_command


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin/python"))


def test_the_default_store_needs_no_address() -> None:
    assert ui_command() == "mlflow ui"


def test_a_server_is_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://127.0.0.1:5000")
    assert ui_command() == "https://127.0.0.1:5000"


@pytest.mark.parametrize("uri", ["sqlite:////data/my runs/a'b.db", "postgresql://me@host/runs?a=1&b=$HOME"])
def test_another_store_is_quoted(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    assert shlex.split(ui_command()) == ["mlflow", "ui", "--backend-store-uri", uri]


def test_a_path_to_mlflow_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my venv"
    folder.mkdir()
    (folder / "mlflow").touch()
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    assert ui_command() == "'my venv/mlflow' ui"
