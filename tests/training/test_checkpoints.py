"""Checkpoints: training that stopped, or was killed, goes on with the same bits; broken files are refused."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab.errors import ConfigurationError, DataError, NnlabError
from nnlab.training.checkpoint import read_checkpoint
from nnlab.training.result import Result

BASE = ["dataset=moons", "dataset.examples=200", "dataset.noise=0.3", "width=9", "batch_size=16", "seeds=2"]
VARIANTS = {
    "adam with dropout": ["dropout=0.3", "input_noise=0.1"],
    "momentum schedule": ["optimizer=nesterov", "momentum_schedule=linear", "schedule=exponential"],
    "plateau": ["schedule=plateau", "schedule.patience=0", "optimizer=sgd"],
    "nadam": ["optimizer=nadam"],
    "batch normalisation": ["normalisation=batch"],
    "early stopping": ["early_stopping=patience", "early_stopping.patience=3", "learning_rate=0.05"],
    "float64, label noise, warm-up": ["dtype=float64", "label_noise=0.1", "warm_up_epochs=3"],
    "cosine": ["schedule=cosine"],
}


def trained(folder: Path, *overrides: str) -> Result:
    return nnlab.train([*BASE, f"checkpoint.folder={folder}", "checkpoint.every=2", *overrides])


def same(one: Result, other: Result) -> bool:
    pairs = zip(one.replicates, other.replicates, strict=True)
    networks = all(
        np.array_equal(a, b) for p, q in pairs for a, b in zip(p.network.arrays, q.network.arrays, strict=True)
    )
    return (
        networks
        and one.history.equals(other.history)
        and bool(one.summary.drop(columns="seconds").equals(other.summary.drop(columns="seconds")))
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_training_that_stopped_goes_on_with_the_same_bits(variant: str, tmp_path: Path) -> None:
    overrides = [*VARIANTS[variant], "epochs=9"]
    whole = trained(tmp_path / "whole", *overrides)
    _stop_after(tmp_path, 4, overrides)
    resumed = trained(tmp_path / "resumed", *overrides, f"resume={tmp_path / 'stopped'}")
    assert same(resumed, whole)
    for seed in (0, 1):
        ref, comp = (read_checkpoint(tmp_path / name / f"seed-{seed}.npz") for name in ("whole", "resumed"))
        assert all(np.array_equal(comp.arrays[name], ref.arrays[name]) for name in ref.arrays)


def _stop_after(folder: Path, epochs: int, overrides: list[str]) -> None:
    """Train in another process, which is killed once both seeds have a checkpoint of so many epochs."""
    script = (
        "import sys, nnlab, os, signal\n"
        "from nnlab.training import checkpoints\n"
        "write = checkpoints.write_checkpoint\n"
        "seen = {}\n"
        "def and_kill(path, state, facts):\n"
        "    write(path, state, facts)\n"
        "    seen[facts['seed']] = len(state.history)\n"
        f"    if len(seen) == 2 and min(seen.values()) >= {epochs}:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "checkpoints.write_checkpoint = and_kill\n"
        "nnlab.train(sys.argv[1:])\n"
    )
    arguments = [*BASE, *overrides, f"checkpoint.folder={folder / 'stopped'}", "checkpoint.every=2"]
    environment = {**os.environ, "PYTHONPATH": str(Path(nnlab.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_command_that_is_killed_goes_on(tmp_path: Path) -> None:
    """The same with the documented command, killed from outside at any moment."""
    arguments = [*BASE, "tracking=none", "epochs=3000", "checkpoint.every=1", "width=32", "workers=2"]
    command = [sys.executable, "-m", "nnlab.run", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(nnlab.__file__).parent.parent)}
    process = subprocess.Popen(
        [*command, "hydra.run.dir=killed"], env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL
    )
    files = [tmp_path / "killed" / "checkpoints" / f"seed-{seed}.npz" for seed in (0, 1)]
    while not all(file.exists() for file in files):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    reached = [len(read_checkpoint(file).history) for file in files]
    assert max(reached) < 3000
    shorter = [*BASE, "width=32", f"epochs={max(reached) + 3}"]
    assert same(nnlab.train([*shorter, f"resume={tmp_path / 'killed'}"]), nnlab.train(shorter))


def test_a_finished_training_can_be_made_longer(tmp_path: Path) -> None:
    trained(tmp_path / "short", "epochs=3")
    longer = nnlab.train([*BASE, "epochs=7", f"resume={tmp_path / 'short'}"])
    assert same(longer, nnlab.train([*BASE, "epochs=7"]))
    trained(tmp_path / "cosine", "epochs=3", "schedule=cosine")
    with pytest.raises(ConfigurationError, match="other epochs"):
        nnlab.train([*BASE, "epochs=7", "schedule=cosine", f"resume={tmp_path / 'cosine'}"])


def test_a_seed_without_checkpoint_begins_anew(tmp_path: Path) -> None:
    ref = trained(tmp_path, "epochs=4")
    (tmp_path / "seed-1.npz").unlink()
    assert same(nnlab.train([*BASE, "epochs=4", f"resume={tmp_path}"]), ref)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["width=8"], "it was trained with other width"),
        (["optimizer=sgd"], "other optimizer, learning_rate"),
        (["dataset.examples=220"], "other data, dataset"),
        (["epochs=1"], "it has 2 epochs, more than epochs=1"),
    ],
)
def test_another_training_cannot_be_resumed(overrides: list[str], message: str, tmp_path: Path) -> None:
    trained(tmp_path, "epochs=2")
    with pytest.raises(ConfigurationError, match=message):
        nnlab.train([*BASE, "epochs=2", f"resume={tmp_path}", *overrides])


def test_warm_start_takes_the_weights_alone(tmp_path: Path) -> None:
    ref = trained(tmp_path, "epochs=3")
    for start in (tmp_path, tmp_path / "seed-0.npz"):
        network = nnlab.train([*BASE, "seeds=1", "epochs=1", "learning_rate=1e-30", f"warm_start={start}"]).network(0)
        assert np.array_equal(network.parameters, ref.network(0).parameters)
    for other in ("width=8", "normalisation=layer", "width=[9,9,9]"):
        with pytest.raises(ConfigurationError, match="widths, normalisation and connection must be the same"):
            nnlab.train([*BASE, other, f"warm_start={tmp_path}"])


def test_warm_start_looks_at_more_than_the_number_of_parameters(tmp_path: Path) -> None:
    narrow = ["dataset=moons", "dataset.examples=200", "seeds=1", "epochs=1"]  # 2 inputs, 2 outputs
    nnlab.train([*narrow, "width=[2,9]", f"checkpoint.folder={tmp_path}", "checkpoint.every=1"])
    with pytest.raises(ConfigurationError, match=r"2-2-9-2; this one: 2-11-1-2|must be the same"):
        nnlab.train([*narrow, "width=[9,2]", f"warm_start={tmp_path}"])


def test_warm_start_takes_the_best_epoch_where_training_went_back_to_it(tmp_path: Path) -> None:
    stopping = ["early_stopping=patience", "early_stopping.patience=3", "learning_rate=0.05", "epochs=60"]
    ref = trained(tmp_path, *stopping)
    network = nnlab.train([*BASE, "epochs=1", "learning_rate=1e-30", f"warm_start={tmp_path}"]).network(0)
    assert np.array_equal(network.parameters, ref.network(0).parameters)


@pytest.mark.parametrize("damage", ["truncated", "changed", "empty", "text", "another archive", "pickled"])
def test_a_broken_checkpoint_is_refused_in_one_line(damage: str, tmp_path: Path) -> None:
    parameters = trained(tmp_path, "epochs=2").network(0).parameters.tobytes()
    path = tmp_path / "seed-0.npz"
    whole = path.read_bytes()
    contents = {
        "truncated": whole[: len(whole) // 2],
        "changed": whole.replace(parameters, parameters[:-1] + bytes([parameters[-1] ^ 1])),
        "empty": b"",
        "text": b"weights",
    }
    if damage == "another archive":
        np.savez(path, parameters=np.zeros(3))
    elif damage == "pickled":
        np.savez(path, parameters=np.array([{}], object), allow_pickle=True)
    else:
        path.write_bytes(contents[damage])
    with pytest.raises(DataError) as caught:
        nnlab.train([*BASE, "epochs=2", f"resume={tmp_path}"])
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("key", ["resume", "warm_start"])
def test_what_is_not_there_is_refused_before_training(key: str, tmp_path: Path) -> None:
    with pytest.raises(NnlabError, match=f"{key}=.*nothing is not allowed"):
        nnlab.train([*BASE, f"{key}={tmp_path / 'nothing'}"])


def test_a_training_without_a_folder_says_where_checkpoints_could_go() -> None:
    with pytest.raises(ConfigurationError, match=r"checkpoint\.every needs checkpoint\.folder"):
        nnlab.train([*BASE, "checkpoint.every=1"])


def test_a_full_disk_keeps_the_checkpoint_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(tmp_path, "epochs=2")
    before = (tmp_path / "seed-0.npz").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        trained(tmp_path, "epochs=4")
    assert (tmp_path / "seed-0.npz").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seed-0.npz", "seed-1.npz"]


def test_an_mlflow_run_keeps_its_checkpoints_and_starts_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow

    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    ref = trained(tmp_path / "c", "epochs=2", "tracking=mlflow")
    (run,) = mlflow.MlflowClient(uri).search_runs(["1"])
    shutil.rmtree(tmp_path / "c")
    started = nnlab.train([*BASE, "epochs=1", "learning_rate=1e-30", f"warm_start={run.info.run_id}"])
    assert np.array_equal(started.network(1).parameters, ref.network(1).parameters)
    with pytest.raises(NnlabError, match="failed"):
        nnlab.train([*BASE, "epochs=1", f"warm_start={'0' * 32}"])
