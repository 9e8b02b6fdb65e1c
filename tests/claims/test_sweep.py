"""Each arm of a claim gets the job that was trained for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnlab.claims.sweep import train_arms
from nnlab.errors import NnlabError


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return tmp_path / "sweep"


def test_arms_with_the_same_overrides_share_a_job_and_the_others_keep_theirs(elsewhere: Path) -> None:
    arms = {
        "one": ["epochs=2", "seeds=[1]"],
        "other": ["epochs=3", "seeds=[1]"],
        "same": ["seeds=[1]", "epochs=2"],
        "last": ["epochs=2", "seeds=[2]", "layer_activations={1: tanh}"],
    }
    jobs = train_arms(arms, elsewhere, ["width=8", "depth=1"])
    assert jobs["one"] == jobs["same"]
    assert [list(jobs[arm].summary()["epochs"]) for arm in arms] == [[2], [3], [2], [2]]
    assert list(jobs["last"].summary()["seed"]) == [2]
    assert len(list(elsewhere.glob("*/summary.csv"))) == 3


def test_arms_that_are_trained_anew_get_their_jobs(elsewhere: Path) -> None:
    arms = {"one": ["epochs=1", "seeds=[1]"], "other": ["epochs=2", "seeds=[1]"]}
    jobs = train_arms(arms, elsewhere, ["width=8", "rerun=true", "tracking=none"])
    assert [list(jobs[arm].summary()["epochs"]) for arm in arms] == [[1], [2]]


def test_an_arm_that_fails_is_an_error(elsewhere: Path) -> None:
    with pytest.raises(NnlabError, match="could not train all arms"):
        train_arms({"large": ["width=100000000", "epochs=1", "seeds=1"]}, elsewhere)
