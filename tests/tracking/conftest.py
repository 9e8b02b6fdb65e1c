"""Real stores for the tests: a database made once and copied, and MLflow's own server."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from nnlab.tracking import DatasetFacts, RunFacts
from nnlab.tracking.quiet import prepare_process, silence
from nnlab.tracking.store import import_mlflow, open_store

_START_SECONDS = 90


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new, empty database."""
    path = tmp_path_factory.mktemp("template") / "mlflow.db"
    uri = f"sqlite:///{path}"
    prepare_process()
    import_mlflow(uri)
    with silence():
        open_store(uri)
    return path


@pytest.fixture(autouse=True)
def _ignore_deprecations_inside_mlflow() -> None:
    """Pytest gives every test its own warning filters, and reading back uses MLflow too."""
    prepare_process()


@pytest.fixture(autouse=True)
def spool_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which each test has its own spools."""
    monkeypatch.setenv("NNLAB_SPOOL", str(tmp_path / "spool"))
    return tmp_path / "spool"


@pytest.fixture
def uri(tmp_path: Path, template: Path) -> str:
    """Return the URI of an empty store in tmp_path."""
    shutil.copy(template, tmp_path / "mlflow.db")
    return f"sqlite:///{tmp_path / 'mlflow.db'}"


@pytest.fixture(scope="session")
def facts() -> RunFacts:
    """Return the facts of a run on digits."""
    return RunFacts(
        name="activation=relu depth=4",
        parameters={"depth": 4, "width": [32, 16], "dropout": None, "amsgrad": True, "rate": 0.01},
        tags={"sweep": "2026-01-01/12-00-00", "seeds": "0,1"},
        config_yaml="depth: 4\n",
        dataset=DatasetFacts(
            name="digits",
            source="scikit-learn load_digits",
            digest="0123456789abcdef" * 4,
            task="classification",
            inputs_shape=(1797, 64),
            targets_shape=(1797, 10),
            inputs_dtype="float64",
            targets_dtype="float32",
        ),
    )


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., object]:
    """Return a context manager that runs `mlflow server` or `mlflow ui` in a folder and gives its URL."""
    log = tmp_path_factory.mktemp("server") / "log.txt"

    @contextmanager
    def serving(folder: Path, *command: str, port: int = 0) -> Iterator[str]:
        port = port or _free_port()
        url = f"http://127.0.0.1:{port}"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "mlflow", *command, "--host", "127.0.0.1", "--port", str(port)],
                cwd=folder,
                env=_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_for(url, process, log)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()

    return serving


def _environment() -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
    return inherited | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/health", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    pytest.fail(f"mlflow did not start: {log.read_text()[-2000:]}")
