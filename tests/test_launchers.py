"""Every launcher, real: the same bits, the same rules about what is done and what fails, and no core used twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from command import run_in, user_environment
from mlflow import MlflowClient
from recording import all_runs, wait_for

pytestmark = pytest.mark.slow

SWEEP = ("-m", "activation=relu,tanh,sigmoid", "epochs=2", "seeds=2", "width=16")
TOO_LARGE = "100000000"  # a width whose weights no memory holds
RAY_PORT = "6399"
RAY_SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0123456789abcdef" * 2}
PLUGINS = {
    "joblib": "hydra_joblib_launcher",
    "submitit_local": "hydra_submitit_launcher",
    "submitit_slurm": "hydra_submitit_launcher",
    "ray": "hydra_ray_launcher",
}

Results = dict[str, dict[str, list[tuple[int, float]]]]
Run = Callable[..., subprocess.CompletedProcess[str]]


def results(folder: Path) -> Results:
    """Return all points of all finished runs by their identities, but for times."""
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    client = MlflowClient(uri)
    return {
        run.data.tags["nnlab.identity"]: {
            key: sorted((point.step, point.value) for point in client.get_metric_history(run.info.run_id, key))
            for key in run.data.metrics
            if "seconds" not in key
        }
        for run in all_runs(uri)
        if run.info.status == "FINISHED"
    }


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """What the jobs give one after the other in one process."""
    folder = tmp_path_factory.mktemp("basic")
    done = run_in(folder, *SWEEP)
    assert done.returncode == 0, done.stderr
    return results(folder)


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[None]:
    """A cluster of two nodes with a core each, on this machine."""

    def ray(*command: str) -> None:
        environment = user_environment() | RAY_SETTINGS
        subprocess.run(
            [Path(sys.executable).with_name("ray"), *command],
            env=environment,
            check=True,
            capture_output=True,
            timeout=120,
        )

    node = ("--node-ip-address=127.0.0.1", "--num-cpus=1")
    ray("start", "--head", f"--port={RAY_PORT}", "--include-dashboard=false", *node)
    try:
        ray("start", f"--address=127.0.0.1:{RAY_PORT}", *node)
        yield
    finally:
        ray("stop", "--force")


@pytest.fixture(params=PLUGINS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Return the command with a launcher, in a folder of its own."""
    launcher, settings, variables = request.param, [], {}
    if find_spec("hydra_plugins") is None or find_spec(f"hydra_plugins.{PLUGINS[launcher]}") is None:
        pytest.skip(f"{PLUGINS[launcher]} is not installed")
    if launcher == "submitit_slurm" and not os.environ.get("NNLAB_TEST_SLURM"):
        pytest.skip("NNLAB_TEST_SLURM does not say that SLURM runs here")
    if launcher == "ray":
        request.getfixturevalue("ray_cluster")
        settings, variables = [f"hydra.launcher.ray.init.address=127.0.0.1:{RAY_PORT}"], RAY_SETTINGS
    own = (f"hydra/launcher={launcher}", *settings)
    return lambda *arguments, **more: run_in(tmp_path, *arguments, *own, **(variables | more))


def test_the_launcher_changes_no_bit_and_no_rule(run: Run, one_by_one: Results, tmp_path: Path) -> None:
    done = run(*SWEEP)
    assert done.returncode == 0, done.stdout + done.stderr
    assert results(tmp_path) == one_by_one
    workers = [yaml.safe_load(path.read_text())["workers"] for path in tmp_path.glob("multirun/*/*/*/config.yaml")]
    assert workers == [1, 1, 1]
    assert not list((tmp_path / ".nnlab" / "spool").glob("[!.]*"))

    again = run(*SWEEP)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "3 of 3 jobs had been run before" in again.stdout
    assert len(all_runs(f"sqlite:///{tmp_path / 'mlflow.db'}")) == 3

    failing = run("-m", f"width={TOO_LARGE},8", "epochs=1", "seeds=1", "depth=1")
    assert failing.returncode == 1, failing.stdout + failing.stderr
    assert "Failed jobs" in failing.stdout
    [failed] = [run for run in all_runs(f"sqlite:///{tmp_path / 'mlflow.db'}") if run.info.status == "FAILED"]
    assert "memory" in failed.data.tags["nnlab.reason"].lower()
    assert len(results(tmp_path)) == 4


DEADLY = """
import os, signal, sys

if any(word in part for part in sys.orig_argv for word in ("loky", "submitit.core._submit", "default_worker.py")):
    sys.addaudithook(
        lambda event, arguments: event == "open"
        and str(arguments[0]).endswith("deadly.csv")
        and os.kill(os.getpid(), signal.SIGKILL)
    )
"""


@pytest.mark.parametrize(
    "run", ["joblib", "submitit_local", "ray"], indirect=True
)  # SLURM tells it by accounting alone
def test_a_job_that_is_always_killed_costs_no_other_job_anything(
    request: pytest.FixtureRequest, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(DEADLY)
    for size, name in enumerate(["one", "deadly", "two", "three"]):
        rows = "".join(f"{i % 7},{i % 5},{i % 2}\n" for i in range(60 + size))
        (tmp_path / f"{name}.csv").write_text("a,b,c\n" + rows)
    files = ",".join(f"{name}.csv" for name in ("one", "deadly", "two", "three"))
    sweep = ("-m", "dataset=csv", f"dataset.path={files}", "dataset.target=c", "batch_size=16", "epochs=1", "seeds=1")
    if request.node.callspec.params["run"] == "joblib":
        sweep += ("hydra.launcher.n_jobs=2",)  # with one core it starts no process
    done = run(*sweep, PYTHONPATH=os.pathsep.join([str(tmp_path / "site"), user_environment()["PYTHONPATH"]]))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Failed jobs" in done.stdout
    [failure] = tmp_path.glob("multirun/*/*/*/failure.txt")
    assert failure.read_text().startswith("its process was lost 3 times")
    assert len(list(tmp_path.glob("multirun/*/*/*/summary.csv"))) == 3
    statuses = [run.info.status for run in all_runs(f"sqlite:///{tmp_path / 'mlflow.db'}")]
    assert statuses.count("FINISHED") == 3  # each once; joblib kills those that run beside a lost one
    assert set(statuses) <= {"FINISHED", "KILLED"}


@pytest.mark.skipif(shutil.which("pgrep") is None, reason="no pgrep")
@pytest.mark.skipif(find_spec("hydra_plugins") is None, reason="hydra_joblib_launcher is not installed")
def test_a_job_whose_process_is_killed_is_run_again(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nnlab.run", "-m", "activation=relu,tanh", "epochs=300", "seeds=4"]
    with (tmp_path / "output.txt").open("wb") as output:
        sweep = subprocess.Popen(
            [*command, "hydra/launcher=joblib", "hydra.launcher.n_jobs=2"],
            cwd=tmp_path,
            env=user_environment(),
            stdout=output,
            stderr=output,
        )
        wait_for(lambda: list((tmp_path / ".nnlab" / "spool").glob("[!.]*")))
        time.sleep(1)
        with suppress(ProcessLookupError):
            os.kill(worker_of(sweep.pid), signal.SIGKILL)
        assert sweep.wait(300) == 0, (tmp_path / "output.txt").read_text()
    statuses = [run.info.status for run in all_runs(f"sqlite:///{tmp_path / 'mlflow.db'}")]
    assert statuses.count("FINISHED") == 2
    assert "KILLED" in statuses
    assert "RUNNING" not in statuses


def worker_of(parent: int) -> int:
    """Return a process of joblib that trains."""
    found = subprocess.run(["pgrep", "-P", str(parent), "-f", "loky"], capture_output=True, text=True, check=True)
    return int(found.stdout.split()[-1])
