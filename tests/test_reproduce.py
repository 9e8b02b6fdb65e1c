"""`python -m nnlab.reproduce`: what is recorded comes out again, and what is not is told."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from command import run_in, user_environment
from mlflow.entities import Run
from recording import only_run

DATA = "a,b,c\n" + "".join(f"{i % 7},{i % 5},{i % 2}\n" for i in range(80))
TRAINING = ("dataset=csv", "dataset.path=data.csv", "dataset.target=c", "epochs=3", "seeds=2", "dropout=0.2")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    (folder / "data.csv").write_text(DATA)
    done = run_in(folder, *TRAINING, "batch_size=16", "schedule=cosine", "checkpoint.every=1", "workers=1")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """Return a copy with a recorded run, to spoil; its artifacts stay where they were recorded."""
    shutil.copytree(original, tmp_path / "copy")
    database = tmp_path / "copy" / "mlflow.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "UPDATE runs SET artifact_uri = replace(artifact_uri, ?, ?)", (str(original), str(database.parent))
        )
        connection.commit()
    return database.parent


def run_of(folder: Path) -> Run:
    return only_run(f"sqlite:///{folder / 'mlflow.db'}")


def artifact(folder: Path, name: str) -> Path:
    return Path(run_of(folder).info.artifact_uri.removeprefix("file://"), name)


def reproduce(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "nnlab.reproduce", *(arguments or [run_of(folder).info.run_id])]
    return subprocess.run(command, cwd=folder, env=user_environment(), capture_output=True, text=True, check=False)


def test_every_number_comes_out_again(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    done = reproduce(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "same code, data, versions and processor as then" in done.stdout
    assert done.stdout.endswith("numbers are the same bits\nreproduced\n")
    compared = int(done.stdout.splitlines()[-2].split()[2])
    assert compared > 3 * 4 * 3  # epochs, curves, two seeds and their means
    assert [path for path in sorted(folder.rglob("*")) if "mlflow.db" not in path.name] == [
        path for path in before if "mlflow.db" not in path.name
    ]


def test_one_number_that_does_not_is_told(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "mlflow.db")) as connection:
        changed = "UPDATE metrics SET value = value * 1.0001 WHERE key = 'seed_1/train_loss' AND step = 2"
        assert connection.execute(changed).rowcount == 1
        connection.commit()
    done = reproduce(folder)
    assert done.returncode == 1
    assert "seed_1/train_loss" in done.stdout
    assert "NOT reproduced: the largest relative difference is 0.0001, allowed 0" in done.stdout
    run_id = run_of(folder).info.run_id
    assert reproduce(folder, run_id, "--tolerance", "0.001").returncode == 0
    with closing(sqlite3.connect(folder / "mlflow.db")) as connection:
        connection.execute("DELETE FROM metrics WHERE key = 'seed_0/train_loss' AND step = 3")
        connection.commit()
    assert (
        reproduce(folder, run_id, "--tolerance", "0.9").returncode == 1
    )  # a number that is missing is no small matter


def _other_version(folder: Path) -> None:
    path = artifact(folder, "versions.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "numpy": "0.9"}))


def _other_data(folder: Path) -> None:
    (folder / "data.csv").write_text(DATA + "1,1,1\n")


@pytest.mark.parametrize(("spoil", "told", "code"), [(_other_version, "numpy", 0), (_other_data, "data", 1)])
def test_what_is_not_as_it_was_is_told(folder: Path, spoil: Callable[[Path], None], told: str, code: int) -> None:
    spoil(folder)
    done = reproduce(folder)
    assert done.returncode == code, done.stderr
    assert "not as it was then" in done.stdout
    assert any(line.split()[:1] == [told] for line in done.stdout.splitlines())


def test_options_that_there_were_not_have_their_defaults(folder: Path) -> None:
    path = artifact(folder, "config.yaml")
    kept = [line for line in path.read_text().splitlines() if not line.startswith(("input_noise", "fail_fast"))]
    path.write_text("\n".join(kept))
    assert reproduce(folder).returncode == 0


def test_options_that_there_are_no_more_are_an_error_in_one_line(folder: Path) -> None:
    path = artifact(folder, "config.yaml")
    path.write_text(path.read_text() + "momentum_of_old: 1\n")
    done = reproduce(folder)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "unknown key 'momentum_of_old'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["0123"], "Run with id=0123 not found"), (["0123", "--tolerance", "2"], "2 is not a share"), ([""], "error")],
)
def test_bad_input_is_an_error(folder: Path, arguments: list[str], message: str) -> None:
    done = reproduce(folder, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_store_there_is_nothing_to_read(tmp_path: Path) -> None:
    done = reproduce(tmp_path, "0123")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert list(tmp_path.iterdir()) == []
