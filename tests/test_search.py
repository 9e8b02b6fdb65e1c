"""A search over values, with the real command: what is tried, what is pruned, what is best, and how it goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from command import run_in, user_environment
from hydra.core.override_parser.overrides_parser import OverridesParser
from recording import all_runs

from nnlab.composition import compose
from nnlab.errors import ConfigurationError

optuna = pytest.importorskip("optuna")

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution  # noqa: E402

from nnlab.jobs.pruning import told_values  # noqa: E402
from nnlab.jobs.search_space import search_space  # noqa: E402

TRIALS = 9
SEARCH = (
    "-m",
    "hydra/sweeper=optuna",
    f"hydra.sweeper.trials={TRIALS}",
    "learning_rate=tag(log,interval(1e-5,1e-1))",
    "activation=relu,tanh",
    "epochs=20",
    "seeds=3",
    "width=32",
)


def best_of(folder: Path) -> dict[str, object]:
    (latest,) = sorted(folder.glob("multirun/*/*/best.json"))[-1:]
    content = json.loads(latest.read_text())
    assert isinstance(content, dict)
    return content


def outcomes(folder: Path) -> dict[str, tuple[str, str]]:
    """Return status and reason of each run by its name, of several the last."""
    runs = sorted(all_runs(f"sqlite:///{folder / 'mlflow.db'}"), key=lambda run: run.info.start_time)
    return {run.info.run_name: (run.info.status, run.data.tags.get("nnlab.reason", "")) for run in runs}


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("searched")
    return folder, run_in(folder, *SEARCH)


def test_the_best_trial_is_that_with_the_best_mean(searched) -> None:
    folder, done = searched
    assert done.returncode == 0, done.stderr
    means = {
        float(pd.read_csv(path)["validation_loss"].mean()): path.parent.name
        for path in folder.glob("multirun/*/*/*/summary.csv")
    }
    best = best_of(folder)
    assert best["value"] == min(means)
    assert str(best["trial"]) == means[min(means)]
    assert f"best of {TRIALS} trials: learning_rate={best['values']['learning_rate']}" in done.stdout


def test_what_is_pruned_is_no_failure_and_no_result(searched) -> None:
    folder, done = searched
    pruned = [path.parent for path in folder.glob("multirun/*/*/*/pruned.txt")]
    assert 0 < len(pruned) < TRIALS - 4  # the first five are never
    assert not any((path / "summary.csv").exists() for path in pruned)
    assert f"{len(pruned)} of {TRIALS} trials were pruned" in done.stdout
    killed = [reason for status, reason in outcomes(folder).values() if status == "KILLED"]
    assert len(killed) == len(pruned)
    assert all(reason.startswith("Pruned: validation_loss is ") for reason in killed)
    assert not list((folder / ".nnlab" / "spool" / ".seeds").glob("*"))


def test_a_killed_search_goes_on_where_it_was(searched, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nnlab.run", *SEARCH]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=tmp_path, env=user_environment(), stdout=quiet, stderr=quiet)
    deadline = time.monotonic() + 120
    while len(list(tmp_path.glob("multirun/*/*/*/summary.csv"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = run_in(tmp_path, *SEARCH)
    assert done.returncode == 0, done.stderr
    assert "had been run before" in done.stdout
    assert best_of(tmp_path) == best_of(searched[0])
    assert outcomes(tmp_path) == outcomes(searched[0])


def test_a_dry_run_shows_the_first_trials(tmp_path: Path) -> None:
    done = run_in(tmp_path, *SEARCH, "hydra.sweeper.at_a_time=3", "dry_run=true")
    assert done.returncode == 0, done.stderr
    assert f"the first of {TRIALS} trials" in done.stdout
    assert "3 jobs: 3 to be run" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hydra.sweeper.objective=test_accuracy"], "hydra.sweeper.objective must be one of validation_loss"),
        (["hydra.sweeper.trials=0"], "hydra.sweeper.trials must be a whole number, at least 1"),
        (["hydra.sweeper.sampler=grid"], "hydra.sweeper.sampler must be one of tpe, random, qmc"),
        (["hydra.sweeper.trails=3"], "unknown key of hydra.sweeper 'trails': did you mean trials?"),
        (["learning_rate=interval(0.1,0.01)"], "the interval must begin below its end"),
        (["learning_rate=tag(log,interval(0,1))"], "the interval must begin above 0"),
        (["activation=glob(zzz*)"], "activation=glob(zzz*) matches no choice of activation"),
        (["depth=1"], "there is nothing to search"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    searched = ["depth=1,2"] if "hydra" in arguments[0] else []
    done = run_in(tmp_path, "-m", "hydra/sweeper=optuna", *searched, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_objective_that_the_data_do_not_have_is_told(tmp_path: Path) -> None:
    fast = ("depth=1,2", "epochs=1", "seeds=1", "width=4", "tracking=none")
    done = run_in(tmp_path, "-m", "hydra/sweeper=optuna", *fast, "hydra.sweeper.objective=validation_r2")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "validation_loss or validation_accuracy on a classification" in done.stderr


def parsed(*overrides: str):
    return search_space(OverridesParser.create().parse_overrides(list(overrides)))


def test_what_overrides_stand_for() -> None:
    fixed, space = parsed(
        "epochs=3",
        "activation=relu,tanh",
        "width=range(16,65,16)",
        "dropout=range(0,0.5,0.1)",
        "learning_rate=tag(log,interval(1e-4,1e-1))",
        "label_smoothing=interval(0,0.2)",
        "depth=int(interval(1,4))",
    )
    assert fixed == ["epochs=3"]
    assert space == {
        "activation": CategoricalDistribution(["relu", "tanh"]),
        "width": IntDistribution(16, 64, step=16),
        "dropout": FloatDistribution(0.0, 0.4, step=0.1),
        "learning_rate": FloatDistribution(1e-4, 1e-1, log=True),
        "label_smoothing": FloatDistribution(0.0, 0.2),
        "depth": IntDistribution(1, 4),
    }
    with pytest.raises(ConfigurationError, match="nothing to search"):
        parsed("epochs=3")


def test_what_a_trial_tells_while_it_trains() -> None:
    config = compose(["tracking=none", "seeds=3", "epochs=20"])
    rows = [
        {"seed": seed, "epoch": epoch, "validation_loss": 100.0 * seed + epoch}
        for epoch in range(1, 21)
        for seed in (2, 0, 1)
    ]
    told = told_values(pd.DataFrame(rows), config, "best_validation_loss")
    first = {part: 2.0 * part for part in range(1, 10)}  # of seed 0, after each tenth
    assert told == first | {1001: 20.0, 1002: 70.0}  # then means over one seed and over two
