"""Claims that are measured by a program of their own: study.py."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from claim_files import write_claim
from command import run_module, user_environment
from rich.console import Console

from nnlab.claims.claim import Claim
from nnlab.claims.measured_arms import measured_arms
from nnlab.claims.planning import show_plan
from nnlab.claims.protocol import protocol_of
from nnlab.claims.reading import read_claim
from nnlab.claims.results_file import Results, load_results, save_results
from nnlab.console import new_console
from nnlab.training.helpers import available_cores

STUDY = """
from pathlib import Path

def measure(overrides, seed):
    with Path("calls.txt").open("a") as calls:
        calls.write(f"{{overrides[-1]}} {{seed}}\\n")
    if seed == 5 and Path("stop").exists():
        raise {failure}
    return {{"test_error": seed + 10.0 * ("label_noise=0.2" in overrides)}}
"""


@pytest.mark.parametrize(("failure", "status"), [("ValueError('too hot')", 2), ("KeyboardInterrupt", 130)])
def test_what_a_study_has_measured_is_kept_when_it_stops(failure: str, status: int, tmp_path: Path) -> None:
    folder = write_claim(tmp_path / "experiments" / "own")
    (folder / "study.py").write_text(STUDY.format(failure=failure), encoding="utf-8")
    (tmp_path / "stop").touch()
    stopped = run_module("nnlab.claims", tmp_path, "run", "own")
    assert stopped.returncode == status
    assert "Traceback" not in stopped.stderr
    if status == 2:
        assert "arm clean, seed 5: ValueError: too hot" in stopped.stderr
    claim = read_claim(folder)
    results = load_results(claim, claim.budgets["quick"])
    assert results is not None
    clean = {str(seed): float(seed) for seed in range(5)}
    assert results.measured == {"test_error": {"clean": clean, "wrong": {key: clean[key] + 10 for key in clean}}}
    told = run_module("nnlab.claims", tmp_path, "verdict", "own")
    assert told.returncode == 2
    assert "5 of 10 seeds are measured: there is no verdict before its time" in told.stderr
    (tmp_path / "stop").unlink()
    done = run_module("nnlab.claims", tmp_path, "run", "own")
    assert done.returncode == 0, done.stderr
    assert "own (quick): supported" in done.stdout
    calls = (tmp_path / "calls.txt").read_text(encoding="utf-8").splitlines()
    assert len(calls) == 21, "each seed of each arm once, and the one that failed twice"
    results = load_results(claim, claim.budgets["quick"])
    assert results is not None
    assert results.seconds.keys() == {"clean", "wrong"}


def planned(claim: Claim, pilot: int = 0) -> str:
    """Return what is printed of a claim's plan."""
    printed = io.StringIO()
    show_plan(claim, claim.budgets["quick"], Console(file=printed, width=200), pilot)
    return printed.getvalue()


def test_a_plan_states_the_time_of_a_study_by_what_is_stored(tmp_path: Path) -> None:
    folder = write_claim(tmp_path / "own")
    (folder / "study.py").write_text(STUDY.format(failure="ValueError"), encoding="utf-8")
    claim = read_claim(folder)
    assert "20 measurements by study.py, 20 of them to be run; a pilot tells how long they take" in planned(claim)
    results = Results(protocol_of(claim, claim.budgets["quick"]), seconds={"clean": 40.0, "wrong": 80.0})
    for arm in claim.arms:
        results.note(claim.metrics[0], arm, dict.fromkeys(range(8), 1.0))
    save_results(claim, claim.budgets["quick"], results)
    assert "4 of them to be run: about 30.0 s of 2 min 30 s, as the stored ones took" in planned(claim)
    write_claim(folder, statement="Another.")
    assert "20 of them to be run; a pilot tells" in planned(read_claim(folder))


def test_a_plan_states_the_time_of_a_study_by_its_pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_claim(tmp_path / "own")
    (folder / "study.py").write_text(STUDY.format(failure="ValueError"), encoding="utf-8")
    assert re.search(r"20 of them to be run: about \S+ s of \S+ s, as the pilot took", planned(read_claim(folder), 4))


@pytest.mark.slow
def test_a_pilot_of_a_study_leaves_its_results_as_they_are(tmp_path: Path) -> None:
    folder = write_claim(tmp_path / "experiments" / "own")
    (folder / "study.py").write_text(STUDY.format(failure="ValueError"), encoding="utf-8")
    assert run_module("nnlab.claims", tmp_path, "run", "own").returncode == 0
    before = (folder / "results-quick.json").read_bytes()
    planned = run_module("nnlab.claims", tmp_path, "plan", "own", "--pilot", "4")
    assert planned.returncode == 0, planned.stderr
    assert (folder / "results-quick.json").read_bytes() == before


@pytest.mark.slow
def test_the_page_of_a_smaller_budget_leaves_that_of_a_larger_one(tmp_path: Path) -> None:
    folder = write_claim(tmp_path / "experiments" / "own", budgets={"quick": {"seeds": 10}, "full": {"seeds": 12}})
    (folder / "study.py").write_text(STUDY.format(failure="ValueError"), encoding="utf-8")
    for budget, where, link in (
        ("full", folder, "results-full.json"),
        ("quick", folder / "quick", "../results-quick.json"),
    ):
        done = run_module("nnlab.claims", tmp_path, "run", "own", "--budget", budget)
        assert done.returncode == 0, done.stderr
        page = (where / "README.md").read_text(encoding="utf-8")
        assert f"--budget {budget}" in page
        assert f"]({link})" in page
    assert "--budget full" in (folder / "README.md").read_text(encoding="utf-8")


OWN = """
def measure(overrides, seed, *, factor, label="none"):
    assert not any(override.startswith("study.") for override in overrides), overrides
    return {"test_error": seed + 10.0 * factor}
"""


def results_of_run(folder: Path) -> Results:
    """Run the claim of a folder, by the command, and return what it measured."""
    done = run_module("nnlab.claims", folder.parents[1], "run", folder.name)
    assert done.returncode == 0, done.stderr
    claim = read_claim(folder)
    results = load_results(claim, claim.budgets["quick"])
    assert results is not None
    return results


def test_a_study_gets_settings_of_its_own_in_which_arms_may_differ(tmp_path: Path) -> None:
    arms = {"clean": ["study.factor=0"], "wrong": ["study.factor=2.5", "study.label=more"]}
    folder = write_claim(tmp_path / "experiments" / "own", arms=arms, varies=["study.factor", "study.label"])
    without = run_module("nnlab.claims", tmp_path, "show", "own")
    assert without.returncode == 2
    assert "unknown key 'study'" in without.stderr
    (folder / "study.py").write_text(OWN, encoding="utf-8")
    results = results_of_run(folder)
    assert results.measured["test_error"]["wrong"]["3"] == 28.0
    write_claim(folder, arms=arms, varies=["study.factor"])
    shown = run_module("nnlab.claims", tmp_path, "show", "own")
    assert "arms clean and wrong differ in study.label, which `varies` does not declare" in shown.stderr


def test_arms_that_differ_in_settings_of_a_study_are_tuned_by_the_same_trainings(tmp_path: Path) -> None:
    arms = {"clean": ["study.factor=0"], "wrong": ["study.factor=2.5"]}
    tuning = {"grid": {"learning_rate": [0.001, 0.01]}, "seeds": 2}
    own = {"arms": arms, "varies": ["study.factor"], "tuning": tuning}
    folder = write_claim(tmp_path / "experiments" / "own", **own)
    (folder / "study.py").write_text(OWN, encoding="utf-8")
    results = results_of_run(folder)
    assert results.trials["clean"] == results.trials["wrong"]
    assert results.tuned["clean"] == results.tuned["wrong"]


def test_what_a_study_calls_prints_nothing_beside_the_progress_of_the_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_claim(tmp_path / "own")
    (folder / "study.py").write_text(
        "from nnlab.console import new_console\n\n"
        "def measure(overrides, seed):\n"
        "    new_console().print('training')\n"
        "    return {'test_error': 1.0}\n",
        encoding="utf-8",
    )
    claim = read_claim(folder)
    arms, seeds = {"clean": []}, {"clean": [0, 1]}
    assert [each.seed for each in measured_arms(claim, arms, seeds, new_console())] == [0, 1]
    assert "training" not in capsys.readouterr().out
    new_console().print("afterwards")
    assert "afterwards" in capsys.readouterr().out


SLOW = """
import os
import time
from functools import cache
from pathlib import Path

from nnlab.training.helpers import available_cores

{alone}
KEPT = []

@cache
def of_seed(seed):
    Path(f"{{os.getpid()}}.begun").touch()
    time.sleep({seconds} if seed > 1 or {seconds} < 2 else 1)
    with Path(f"{{os.getpid()}}.txt").open("a") as called:
        called.write(f"{{seed}}\\n")
    return seed

def measure(overrides, seed):
    if seed == 7 and Path("lost").exists():
        os._exit(1)
    if Path("grow").exists():
        KEPT.append(b"1" * 80_000_000)
    return {{"test_error": of_seed(seed), "cores": available_cores(), "process": os.getpid()}}
"""
two_cores = pytest.mark.skipif(available_cores() < 2, reason="nothing runs side by side")


def slow_study(folder: Path, alone: str = "", seconds: float = 0.8) -> tuple[Claim, dict[str, Any]]:
    """Return a claim whose study takes so many seconds for each of 16 seeds, and what to ask of it."""
    write_claim(folder, budgets={"quick": {"seeds": 16}})
    (folder / "study.py").write_text(SLOW.format(alone=alone, seconds=seconds), encoding="utf-8")
    return read_claim(folder), {"arms": {"a": [], "b": []}, "seeds": dict.fromkeys("ab", range(16))}


@two_cores
def test_seeds_of_a_long_study_are_measured_side_by_side_each_by_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    claim, asked = slow_study(tmp_path / "own")
    found = list(measured_arms(claim, console=new_console(), **asked))
    assert sorted((each.arm, each.seed, each.found["test_error"]) for each in found) == [
        (arm, seed, float(seed)) for arm in "ab" for seed in range(16)
    ]
    processes = {path.stem: path.read_text(encoding="utf-8").split() for path in tmp_path.glob("*.txt")}
    assert sorted(int(seed) for seeds in processes.values() for seed in seeds) == list(range(16))  # once, for both arms
    assert len(processes) == 1 + min(available_cores(), 14)  # the first two are measured here
    inner = {each.found["cores"] for each in found if each.found["process"] != os.getpid()}
    assert inner == {max(1, available_cores() // 14)}


def test_nothing_runs_beside_a_study_that_must_be_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("nnlab.claims.measured_arms._WORTH", 0.0)
    claim, asked = slow_study(tmp_path / "own", "ALONE = True", seconds=0.01)
    found = list(measured_arms(claim, console=new_console(), **asked))
    assert {each.found["process"] for each in found} == {os.getpid()}
    assert {each.found["cores"] for each in found} == {available_cores()}


@two_cores
def test_a_process_that_is_lost_ends_a_study_in_one_line_and_what_was_measured_is_kept(tmp_path: Path) -> None:
    claim, _ = slow_study(tmp_path / "experiments" / "own")
    (tmp_path / "lost").touch()
    done = run_module("nnlab.claims", tmp_path, "run", "own")
    assert done.returncode == 2
    assert "a process that measured was lost" in done.stderr
    assert "Traceback" not in done.stderr
    results = load_results(claim, claim.budgets["quick"])
    assert results is not None
    assert "0" in results.measured["test_error"]["clean"]


@two_cores
def test_processes_that_measure_may_keep_what_they_load(tmp_path: Path) -> None:
    slow_study(tmp_path / "experiments" / "own")
    (tmp_path / "grow").touch()
    done = run_module("nnlab.claims", tmp_path, "run", "own", timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


@two_cores
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)])
def test_processes_that_measure_side_by_side_end_with_their_claim(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    slow_study(tmp_path / "experiments" / "own", seconds=20)
    command = [sys.executable, "-m", "nnlab.claims", "run", "own"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=user_environment(), text=True, start_new_session=True, stderr=subprocess.PIPE
    ) as process:
        while len(list(tmp_path.glob("*.begun"))) < 1 + min(available_cores(), 14):
            time.sleep(0.1)
        process.send_signal(number)
        _, errors = process.communicate(timeout=15)
    assert process.returncode == status
    assert "Traceback" not in errors
    time.sleep(2)  # in which what counts their resources goes, too
    left = subprocess.run(["pgrep", "-a", "-s", str(process.pid)], capture_output=True, text=True, check=False)
    assert left.stdout == ""
