"""The commands of claims as a user types them, in a folder of its own; and the results that are committed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from claim_files import CONTENT, write_claim
from command import run_in, run_module
from recording import all_runs, artifact

from nnlab.claims.reading import claim_ids, read_claim
from nnlab.claims.report.article_table import article_table
from nnlab.claims.report.verdict_table import verdict_table
from nnlab.claims.results_file import load_results, results_path
from nnlab.claims.running import stored_outcome
from nnlab.claims.summary import change_since

SHIPPED = Path(__file__).parents[2] / "experiments"


def claims(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_module("nnlab.claims", folder, *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a claim that has been run."""
    folder = tmp_path_factory.mktemp("claims")
    tuning = {"grid": {"learning_rate": [0.001, 0.01]}, "seeds": 2}
    write_claim(folder / "experiments" / "labels", tuning=tuning)
    done = claims(folder, "run", "labels", "--budget", "smoke")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "labels (smoke): " in done.stdout
    return folder


def test_a_run_leaves_a_page_a_figure_and_results(folder: Path) -> None:
    experiment = folder / "experiments" / "labels"
    page = (experiment / "smoke" / "README.md").read_text(encoding="utf-8")
    claim = read_claim(experiment)
    results, outcome = stored_outcome(claim, claim.budgets["smoke"])
    assert page.startswith(f"# labels: {outcome.verdict}\n")
    assert results.protocol.hash in page
    assert "In percent: test_error." in page
    assert (experiment / "smoke" / "verdict.png").stat().st_size > 5000
    assert all(arm[0].startswith("learning_rate=") for arm in results.tuned.values())
    assert list(results.measured["test_error"]["wrong"]) == [str(seed) for seed in range(8)]
    assert results.curves["wrong"]["validation_loss"]["epoch"] == [1, 2]


def test_the_verdict_is_a_run_of_its_own_in_the_store(folder: Path) -> None:
    runs = all_runs(f"sqlite:///{folder / 'mlflow.db'}")
    [run] = [run for run in runs if "nnlab.verdict" in run.data.tags]
    claim = read_claim(folder / "experiments" / "labels")
    results, outcome = stored_outcome(claim, claim.budgets["smoke"])
    assert run.info.status == "FINISHED"
    assert run.data.tags["nnlab.verdict"] == outcome.verdict
    assert run.data.tags["nnlab.protocol"] == results.protocol.hash
    assert f"**{outcome.verdict.capitalize()}**" in run.data.tags["mlflow.note.content"]
    assert run.data.metrics["wrong - clean test_error"] == pytest.approx(outcome.effects[0].mean)
    for name in ("README.md", "results-smoke.json", "config.yaml"):
        assert artifact(run, name)
    condition = "tags.`nnlab.sweep` LIKE 'multirun/claims/labels/smoke/%'"
    assert condition in run.data.tags["mlflow.note.content"]
    arms = [run for run in runs if "claims/labels/smoke" in run.data.tags.get("nnlab.sweep", "")]
    assert len(arms) == 6  # four of tuning


def test_given_again_nothing_is_trained_and_the_verdict_is_the_same(folder: Path) -> None:
    path = folder / "experiments" / "labels" / "results-smoke.json"
    before = path.read_bytes()
    done = claims(folder, "run", "labels", "workers=1", "--budget", "smoke")
    assert done.returncode == 0, done.stderr
    assert "job 0" not in done.stdout
    assert path.read_bytes() == before
    told = claims(folder, "verdict", "labels", "--budget", "smoke")
    assert told.returncode == 0, told.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("labels (smoke)"))
    assert line in told.stdout


def test_anew_all_is_measured_again_and_held_against_what_was_stored(folder: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(folder, copied)
    path = copied / "experiments" / "labels" / "results-smoke.json"
    before = path.read_text(encoding="utf-8")
    shutil.copytree(copied / "experiments" / "labels", copied / "experiments" / "other")
    wrong = json.loads((copied / "experiments" / "other" / "results-smoke.json").read_text(encoding="utf-8"))
    wrong["measured"]["test_error"]["wrong"]["0"] += 1
    (copied / "experiments" / "other" / "results-smoke.json").write_text(json.dumps(wrong), encoding="utf-8")
    done = claims(copied, "run", "--all", "--anew", "--budget", "smoke")
    assert done.returncode == 0, done.stderr
    assert "had been run before" not in done.stdout
    assert "claim 2 of 2: other" in done.stdout
    table = done.stdout[done.stdout.rindex("verdicts") :]
    assert re.search(r"labels .* same numbers ", table)
    assert re.search(r"other .* same verdict ", table)
    assert re.search(r"all 2 .* s ", table)
    now = path.read_text(encoding="utf-8")
    assert now != before  # the seconds
    assert json.loads(now)["measured"] == json.loads(before)["measured"]


def test_claims_of_articles_run_apart_from_others(tmp_path: Path) -> None:
    write_claim(tmp_path / "experiments" / "labels")
    write_claim(tmp_path / "experiments" / "other", source={"article": "A4"})
    lines = tmp_path / "notebooks" / "README.md"
    lines.parent.mkdir()
    lines.touch()
    done = claims(tmp_path, "run", "--articles", "--budget", "smoke")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "experiments" / "other" / "smoke"
    [link] = re.findall(r"- article: \[A4\]\((.*)#", (folder / "README.md").read_text(encoding="utf-8"))
    assert (folder / link).resolve() == lines
    assert "other (smoke): " in done.stdout
    assert "labels (smoke): " not in done.stdout


@pytest.mark.slow
def test_results_that_were_lost_are_fetched_from_the_store(folder: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(folder, copied)
    (copied / "experiments" / "labels" / "results-smoke.json").unlink()
    done = claims(copied, "run", "labels", "--budget", "smoke")
    assert done.returncode == 0, done.stderr
    assert "2 of 2 jobs had been run before" in done.stdout


def test_a_claim_that_was_changed_is_shown_as_amended(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "experiments", tmp_path / "experiments")
    path = tmp_path / "experiments" / "labels" / "claim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("label_noise=0.2", "label_noise=0.3"), encoding="utf-8")
    told = claims(tmp_path, "verdict", "labels", "--budget", "smoke")
    assert told.returncode == 2
    assert "labels was amended after these results" in told.stderr
    assert "+  - label_noise=0.3" in told.stderr
    assert "amended since" in claims(tmp_path, "list", "--budget", "smoke").stdout


def test_tables_have_no_verdict_on_a_claim_that_was_changed_and_not_run_again(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "experiments", tmp_path / "experiments")
    path = tmp_path / "experiments" / "labels" / "claim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("paper: none", "article: A1"), encoding="utf-8")
    assert "none yet" not in article_table(path.parents[1], tmp_path / "notebooks", "smoke")  # only the source was
    path.write_text(path.read_text(encoding="utf-8").replace("label_noise=0.2", "label_noise=0.3"), encoding="utf-8")
    assert "labels: none yet" in article_table(path.parents[1], tmp_path / "notebooks", "smoke")
    assert "| labels | Wrong labels raise the test error. | none yet |" in verdict_table(path.parents[1], "smoke")


def test_a_claim_that_cannot_be_read_hides_no_other(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "experiments", tmp_path / "experiments")
    write_claim(tmp_path / "experiments" / "broken", colour="red")
    shown = claims(tmp_path, "list", "--budget", "smoke")
    assert shown.returncode == 0
    assert "cannot be read" in shown.stdout
    assert "labels" in shown.stdout


def test_an_ordinary_sweep_shares_the_runs_of_a_claim(folder: Path) -> None:
    arms = "hydra.sweeper.arms={clean:['seeds=[1000,1001]'],wrong:['label_noise=0.2','seeds=[1000,1001]']}"
    others = [*CONTENT["base"], "learning_rate=0.001,0.01"]
    done = run_in(folder, "-m", "hydra/sweeper=arms", arms, *others)
    assert done.returncode == 0, done.stderr
    assert "4 of 4 jobs had been run before" in done.stdout


def test_plan_and_show_say_what_will_be_done(folder: Path) -> None:
    shown = claims(folder, "show", "labels")
    assert shown.returncode == 0, shown.stderr
    assert "tuning of clean, wrong: learning_rate = 0.001, 0.01" in shown.stdout
    planned = claims(folder, "plan", "labels")
    assert planned.returncode == 0, planned.stderr
    assert "10 seeds find a difference of 0.96 standard deviations" in planned.stdout
    assert "(of the smoke run, 8 seeds)" in planned.stdout
    assert "28 trainings, 20 of them to be run" in planned.stdout  # what tuning has trained is not trained again


def test_arms_that_all_diverge_at_once_get_a_page_without_curves(tmp_path: Path) -> None:
    arms = {"clean": ["learning_rate=1e30"], "wrong": ["learning_rate=1e31"]}
    changes = {"arms": arms, "varies": ["learning_rate"], "metric": {"name": "test_error", "if_diverged": 90}}
    folder = write_claim(tmp_path / "experiments" / "hot", **changes)
    done = claims(tmp_path, "run", "hot", "tracking=none", "--budget", "smoke")
    assert done.returncode == 0, done.stderr
    assert "curves.png" not in (folder / "smoke" / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_sequential_claim_has_the_curves_of_all_its_seeds(tmp_path: Path) -> None:
    folder = write_claim(tmp_path / "experiments" / "looks", arms={"clean": [], "wrong": ["label_noise=0.001"]})
    path = folder / "claim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("seeds: 8", "seeds: [9, 12]"), encoding="utf-8")
    done = claims(tmp_path, "run", "looks", "--budget", "smoke")
    assert done.returncode == 0, done.stderr
    claim = read_claim(folder)
    results = load_results(claim, claim.budgets["smoke"])
    frame = pd.concat(
        [pd.read_csv(each) for each in tmp_path.glob("multirun/claims/looks/smoke/seeds_*/0/history.csv")]
    )
    last = frame[frame["epoch"] == 2]["train_loss"]
    assert last.size == 12
    curve = results.curves["clean"]["train_loss"]
    assert [curve[key][1] for key in ("mean", "min", "max")] == pytest.approx(
        [last.mean(), last.min(), last.max()], rel=1e-3
    )


def test_a_pilot_says_how_differences_scatter_with_seeds_of_its_own(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "experiments", tmp_path / "experiments")
    planned = claims(tmp_path, "plan", "labels", "--pilot", "3")
    assert planned.returncode == 0, planned.stderr
    assert "seeds=[2000,2001,2002]" in planned.stdout
    assert "(of a pilot of 3 seeds)" in planned.stdout
    assert not (tmp_path / "experiments" / "labels" / "results-quick.json").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["run", "lables"], "error: unknown claim 'lables': did you mean labels? known: "),
        (["run"], "error: give the ids of some claims, or --all, or --articles"),
        (["run", "labels", "--articles"], "error: give the ids of some claims, or --all, or --articles"),
        (["run", "--all", "--articles"], "error: argument --articles: not allowed with argument --all"),
        (["run", "--articles"], "has no claim that is about a line of the articles with the budget quick"),
        (["run", "labels", "--budget", "full"], "unknown budget 'full': known: quick, smoke"),
        (["run", "labels", "--budget", "smoke", "hydra/launchr=joblib"], "error: "),
        (["verdict", "labels"], "results-quick.json does not exist: run the claim first"),
        (["run", "labels", "--budget", "smoke", "epochs=3"], "epochs=3 would change what is measured"),
        (["run", "labels", "epochs=3", "--budget", "smoke"], "epochs=3 would change what is measured"),
        (["verdict", "labels", "epochs=3"], "error: unknown argument epochs=3"),
        (["plan", "labels", "--pilot", "1"], "--pilot=1 is not allowed: --pilot must be at least 3 seeds"),
        (["report", "epochs=3"], "epochs=3 would change what is measured"),
        (["guess"], "invalid choice: 'guess'"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], line: str, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "experiments", tmp_path / "experiments")
    (tmp_path / "experiments" / "labels" / "results-smoke.json").unlink()
    done = claims(tmp_path, *arguments)
    assert done.returncode == 2
    assert line in done.stderr
    assert "Traceback" not in done.stderr


def test_the_readme_has_the_table_of_all_claims() -> None:
    """Mend it by pasting what `python -m nnlab.claims list --markdown` prints."""
    readme = (SHIPPED.parent / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- claims -->\n")[2].partition("\n<!-- /claims -->")[0]
    assert table == verdict_table(SHIPPED, "quick")


def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nnlab.claims", "--folder", str(SHIPPED), "list", "--markdown"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 128 + 13  # as of SIGPIPE


def test_the_notebooks_have_the_table_of_the_articles_lines() -> None:
    """Mend it by pasting what `python -m nnlab.claims list --articles` prints."""
    notebooks = SHIPPED.parent / "notebooks"
    page = (notebooks / "README.md").read_text(encoding="utf-8")
    table = page.partition("<!-- articles -->\n")[2].partition("\n<!-- /articles -->")[0]
    assert table == article_table(SHIPPED, notebooks, "quick")
    lines = {"A": 5, "B": 6, "C": 2, "D": 12, "E": 2}
    expected = [f"{letter}{number}" for letter, count in lines.items() for number in range(1, count + 1)]
    assert re.findall(r"(?m)^\| ([A-Z]\d+) \| \[", table) == expected  # each has a section of a notebook


def committed() -> list[tuple[str, str]]:
    return [
        (name, budget)
        for name in claim_ids(SHIPPED)
        for budget in ("quick", "full")
        if (SHIPPED / name / f"results-{budget}.json").exists()
    ]


@pytest.mark.parametrize(("name", "budget"), committed())
def test_committed_results_are_of_the_protocol_and_give_the_verdict_that_is_written(name: str, budget: str) -> None:
    claim = read_claim(SHIPPED / name)
    results, outcome = stored_outcome(claim, claim.budgets[budget])
    assert not change_since(claim, claim.budgets[budget], results)
    assert not results.protocol.commit.endswith("+changes")
    assert results.verdict == outcome.verdict
    assert load_results(claim, claim.budgets[budget]) == results
    assert results_path(claim, claim.budgets[budget]).name in (claim.folder / "README.md").read_text(encoding="utf-8")
    assert (claim.folder / "README.md").read_text(encoding="utf-8").startswith(f"# {name}: {outcome.verdict}\n")
