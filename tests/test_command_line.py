"""The real command, its record in a real store, and its files."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from command import run_in, user_environment

FAST = ("epochs=2", "width=16", "seeds=2")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory):
    """One run of the command with its defaults but for size, in its own folder with its own new store."""
    folder = tmp_path_factory.mktemp("recorded")
    return folder, run_in(folder, *FAST)


def _runs(folder: Path):
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("nnlab")
    assert experiment is not None
    return client, client.search_runs([experiment.experiment_id])


def test_the_command_prints_its_table_and_how_to_browse(recorded) -> None:
    _, done = recorded
    assert done.returncode == 0, done.stderr
    for expected in (
        "digits · 2 seeds",
        "train",
        "validation",
        "test",
        "loss",
        "accuracy",
        "seconds: compiling",
        " ui",
    ):
        assert expected in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100 or "files:" in done.stdout


def test_the_store_holds_the_run(recorded) -> None:
    folder, _ = recorded
    client, (run,) = _runs(folder)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "epochs=2 width=16 seeds=2"
    assert run.data.params["activation"] == "relu"
    assert run.data.params["width"] == "16"
    assert run.data.tags["nnlab.seeds"] == "0,1"
    curve = client.get_metric_history(run.info.run_id, "seed_1/validation_accuracy")
    assert [metric.step for metric in curve] == [1, 2]
    assert len(client.get_metric_history(run.info.run_id, "mean/train_loss")) == 2
    artifacts = {artifact.path for artifact in client.list_artifacts(run.info.run_id)}
    assert {"config.yaml", "summary.csv", "history.csv", "learning_curves.png"} <= artifacts
    (given,) = run.inputs.dataset_inputs
    assert given.dataset.name == "digits"


def test_the_store_agrees_with_the_files(recorded) -> None:
    folder, _ = recorded
    _, (run,) = _runs(folder)
    (summary_file,) = folder.glob("outputs/*/*/summary.csv")
    summary = pd.read_csv(summary_file)
    assert list(summary["seed"]) == [0, 1]
    assert run.data.metrics["test_accuracy"] == pytest.approx(summary["test_accuracy"].mean(), abs=1e-12)
    assert run.data.metrics["seed_1/test_loss"] == pytest.approx(summary["test_loss"][1], abs=1e-12)
    config = yaml.safe_load(summary_file.with_name("config.yaml").read_text())
    assert config["seeds"] == [0, 1]
    assert config["loss"] == {"name": "softmax_cross_entropy"}
    assert config["depth"] == 2


def test_a_sweep_compares_its_jobs(run, tmp_path: Path) -> None:
    done = run("-m", "activation=relu,sigmoid", "tracking=none", *FAST)
    assert done.returncode == 0, done.stderr
    assert "job 0: activation=relu" in done.stdout
    assert "tracking=none" not in done.stdout  # it changes nothing in what a job learns
    assert "± half of its 95% interval" in done.stdout
    assert "sigmoid" in done.stdout.partition("mean over seeds")[2]
    assert len(list(tmp_path.glob("multirun/*/*/learning_curves.png"))) == 1
    assert len(list(tmp_path.glob("multirun/*/*/*/summary.csv"))) == 2


TOO_LARGE = "100000000"  # a width whose weights no memory holds


def test_a_job_that_fails_does_not_stop_the_others(run, tmp_path: Path) -> None:
    done = run("-m", f"width={TOO_LARGE},8", "tracking=none", "epochs=1", "seeds=1")
    assert done.returncode == 1
    assert len(list(tmp_path.glob("multirun/*/*/1/summary.csv"))) == 1
    assert "Failed jobs" in done.stdout
    (failure,) = tmp_path.glob("multirun/*/*/0/failure.txt")
    assert "Traceback" in failure.read_text()


def test_a_sweep_of_failures_alone_fails_wherever_its_jobs_lie(run) -> None:
    done = run("-m", f"width={TOO_LARGE}", "depth=1,2", "tracking=none", "hydra.sweep.subdir=j/${hydra.job.num}")
    assert done.returncode == 1
    assert "Failed jobs" in done.stdout


def test_a_sweep_folder_that_is_used_again_shows_the_latest_sweep_alone(run, tmp_path: Path) -> None:
    again = ("tracking=none", "epochs=1", "seeds=1", "hydra.sweep.dir=s")
    assert run("-m", f"width={TOO_LARGE},4", *again).returncode == 1
    done = run("-m", "width=8", *again)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Failed jobs" not in done.stdout
    assert len(done.stdout.partition("─\n")[2].partition("\n  ")[2].splitlines()) <= 3
    assert (tmp_path / "s" / "1" / "summary.csv").exists()


def test_a_glob_over_the_menu_is_checked_and_trained(run, tmp_path: Path) -> None:
    done = run("-m", "activation=glob(l*)", "tracking=none", *FAST)
    assert done.returncode == 0, done.stderr
    assert "leaky_relu" in done.stdout
    refused = run("-m", "activation=glob(l*)", "depth=-1")
    assert refused.returncode == 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_run_is_recorded_as_killed(recorded, tmp_path: Path, number: int, code: int) -> None:
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip("nohup, or what started the tests, keeps this signal from commands")
    folder, _ = recorded
    shutil.copy(folder / "mlflow.db", tmp_path / "mlflow.db")
    command = [sys.executable, "-u", "-m", "nnlab.run", "epochs=1000000"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=user_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        while "seed" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(number)
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == code
    assert errors.count("\n") == 1
    _, runs = _runs(tmp_path)
    assert {run.info.status for run in runs} == {"FINISHED", "KILLED"}


CALLED_BACK = """
import ctypes, os, signal, time
from nnlab import run

run._handle_signals()
names = {"__name__": "llvmlite.binding.executionengine", "os": os}
exec("def called():\\n    os.kill(os.getpid(), %d)\\n    [0 for _ in range(1000)]", names)
ctypes.CFUNCTYPE(None)(names["called"])()
time.sleep(20)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, -2), (signal.SIGTERM, 143)])
def test_a_signal_is_not_lost_in_what_llvm_calls_which_ignores_exceptions(number: int, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CALLED_BACK % number],
        env=user_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code
    assert "ignored" not in done.stderr


def test_help_is_short_and_names_groups_and_examples(run) -> None:
    done = run("--help")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) < 40
    for group in ("activation: ", "dataset: ", "initialisation: ", "loss: ", "optimizer: "):
        assert group in done.stdout
    assert done.stdout.count("python -m nnlab.run ") >= 3


def test_cfg_job_shows_the_configuration(run) -> None:
    done = run("--cfg", "job", "optimizer=sgd", "learning_rate=0.3")
    config = yaml.safe_load(done.stdout)
    assert config["optimizer"]["name"] == "sgd"
    assert config["learning_rate"] == 0.3


def test_shell_completion_knows_the_menu(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nnlab.run", "-sc", "query=bash"],
        cwd=tmp_path,
        env=user_environment() | {"COMP_LINE": "nnlab-run activation=", "COMP_POINT": "21"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "activation=maxout" in done.stdout.split()


@pytest.mark.parametrize(
    "arguments",
    [
        ["dataset=moons", "activation=tanh"],
        ["depth=4", "dropout=0.2", "optimizer=sgd", "learning_rate=0.05"],
        ["dataset=diabetes", "early_stopping=patience"],
        ["activation=maxout", "activation.pieces=3", "initialisation=normal", "initialisation.std=0.1"],
        ["width=[16,8,4]", "layer_activations={2: {name: leaky_relu, slope: 0.2}}", "dtype=float64"],
        ["depth=0", "input_dropout=0.2", "dropout_scaling=weights", "optimizer=momentum", "seeds=[7,42]"],
    ],
    ids=" ".join,
)
def test_configurations_of_the_menu_train(run, arguments: list[str]) -> None:
    done = run(*arguments, "tracking=none", "epochs=2", *(() if "width" in arguments[0] else ("width=16",)))
    assert done.returncode == 0, done.stderr
    assert "test" in done.stdout
