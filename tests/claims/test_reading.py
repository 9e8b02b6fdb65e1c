"""Bad claim files get a clear line each, all at once; those that ship are in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from claim_files import claim_with, write_claim

from nnlab.claims.claim import RATE, Budget, Claim
from nnlab.claims.problems import ClaimError, Problems
from nnlab.claims.protocol_checks import note_problems
from nnlab.claims.reading import claim_ids, read_claim

SHIPPED = Path(__file__).parents[2] / "experiments"
PAIR = {"kind": "difference", "larger": "wrong", "smaller": "clean"}
TUNED = {"grid": {"learning_rate": [0.1, 0.2]}}


def check_protocol(claim: Claim, budget: Budget) -> None:
    problems = Problems(str(claim.folder))
    note_problems(claim, budget, problems)
    problems.raise_any()


BAD: list[tuple[dict[str, Any], str]] = [
    ({"statement": None}, "statement=null is not allowed"),
    ({"colour": "red"}, "unknown key 'colour'"),
    ({"source": {"film": "x"}}, "source={'film': 'x'} is not allowed: source must be article, paper, or both"),
    ({"arms": {"1a": []}}, "arms name=1a is not allowed"),
    ({"arms": {"clean": "fast"}}, "arms.clean=fast is not allowed"),
    ({"base": ["seeds=3"]}, "base sets seeds"),
    ({"criteria": []}, "criteria must be a list of at least one criterion"),
    ({"criteria": [{"kind": "guess"}]}, "unknown kind of criterion 1 'guess'"),
    ({"criteria": [{"kind": ["difference"]}]}, "unknown kind of criterion 1"),
    ({"criteria": [{"kind": "deterministic", "values": {"wrong": "x"}}]}, "criterion 1.values.wrong=x is not allowed"),
    ({"criteria": [{"kind": "trend", "rising": {"wrong": [1], "clean": 2}}]}, "criterion 1.rising.wrong=[1] is not"),
    ({"criteria": [PAIR | {"smaller": "cleann"}]}, "unknown arm of criterion 1 'cleann': did you mean clean?"),
    ({"criteria": [PAIR | {"smaller": "wrong"}]}, "criterion 1 compares wrong with itself"),
    ({"criteria": [PAIR | {"sides": "three"}]}, "criterion 1.sides=three is not allowed"),
    ({"criteria": [PAIR | {"primary": False}]}, "no criterion is primary"),
    ({"criteria": [{"kind": "equivalence", "arms": ["wrong", "clean"]}]}, "criterion 1 needs a margin"),
    ({"criteria": [PAIR | {"kind": "rate"}]}, "its metric must say `above`"),
    ({"criteria": [{"kind": "trend"}]}, "criterion 1 needs either `rising` or `falling`"),
    ({"metric": {"name": "test_error", "read": "soon"}}, "metric.read=soon is not allowed"),
    ({"first_seed": {"other": 5}}, "unknown arm of first_seed 'other'"),
    ({"tuning": {"grid": {"learning_rate": [0.1]}}}, "a list of at least two values"),
    ({"tuning": TUNED | {"own_grids": {"wrong": {"dropout": [0, 0.1, 0.2]}}}}, "as many combinations for every arm"),
    ({"published": [{"arm": "wrong", "value": "many", "source": "x"}]}, "published 1.value=many is not allowed"),
    ({"budgets": {"huge": {}}}, "unknown budget 'huge'"),
    ({"budgets": {"quick": {"seeds": [20, 10]}}}, "budgets.quick.seeds=[20, 10] is not allowed"),
    ({"expected": "true"}, "expected=true is not allowed"),
]
UNDECIDABLE: list[tuple[dict[str, Any], str]] = [
    ({"base": ["datset=digits"]}, "unknown key 'datset': did you mean dataset?"),
    ({"arms": {"clean": [], "wrong": []}, "varies": []}, "arms clean and wrong are identical"),
    ({"arms": {"clean": [], "wrong": ["label_noise=0.2", "depth=3"]}}, "differ in depth, which `varies` does not"),
    ({"varies": ["label_noise", "dropout"]}, "`varies` declares dropout, in which no arms differ"),
    ({"metric": "test_eror"}, "unknown metric 'test_eror': did you mean test_error?"),
    (
        {"metric": {"name": "test_error", "less": "train_eror"}},
        "unknown metric.less 'train_eror': did you mean train_error?",
    ),
    ({"metric": {"name": "diverged", "less": "epochs"}}, "metric.name=diverged is not allowed"),
    ({"metric": {"name": "test_loss", "read": "area"}}, "metric.read=area is not allowed"),
    ({"metric": {"name": "test_loss", "read": "best"}}, "metric.name=test_loss is not allowed"),
    ({"tuning": TUNED | {"objective": "test_loss"}}, "values are chosen on validation data"),
    ({"budgets": {"quick": {"seeds": 5}}}, "budgets.quick.seeds=5 is too few"),
    ({"budgets": {"quick": {"seeds": [7, 14]}}}, "budgets.quick.seeds=7 is too few"),
    (
        {"criteria": 3 * [PAIR | {"sides": "one-sided"}], "budgets": {"quick": {"seeds": 8}}},
        "budgets.quick.seeds=8 is too few",
    ),
    (
        {
            "tuning": {"grid": {"learning_rate": [1, 2]}, "own_grids": {"wrong": {"learning_rate": [3, 4]}}},
            "budgets": {"quick": {"grid": {"learning_rate": [1, 2, 3]}}},
        },
        "as many combinations for every arm",
    ),
    ({"budgets": {"quick": {"seeds": 1001}}}, "reach those of tuning"),
]


@pytest.mark.parametrize(("changes", "line"), BAD, ids=[line for _, line in BAD])
def test_what_is_wrong_is_said_with_the_file(changes: dict[str, Any], line: str, tmp_path: Path) -> None:
    with pytest.raises(ClaimError) as caught:
        claim_with(tmp_path, **changes)
    assert any(line in found for found in caught.value.lines), caught.value.lines
    assert all(found.startswith(f"{tmp_path}/changed/claim.yaml: ") for found in caught.value.lines)


@pytest.mark.parametrize(("changes", "line"), UNDECIDABLE, ids=[line for _, line in UNDECIDABLE])
def test_a_protocol_that_cannot_decide_is_refused(changes: dict[str, Any], line: str, tmp_path: Path) -> None:
    claim = claim_with(tmp_path, **changes)
    with pytest.raises(ClaimError) as caught:
        check_protocol(claim, claim.budgets["quick"])
    assert any(line in found for found in caught.value.lines), caught.value.lines


def test_all_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ClaimError) as caught:
        claim_with(tmp_path, colour="red", expected="yes", criteria=[PAIR, {"kind": "guess"}])
    assert len(caught.value.lines) == 3


@pytest.mark.parametrize("content", ["", "- a list", "a: [1", "\x00"])
def test_what_is_no_claim_is_one_line(content: str, tmp_path: Path) -> None:
    (tmp_path / "claim.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ClaimError, match=r"claim\.yaml (is no YAML|must be a mapping)"):
        read_claim(tmp_path)


def test_an_unknown_claim_is_one_line_with_those_that_there_are(tmp_path: Path) -> None:
    write_claim(tmp_path / "known")
    with pytest.raises(ClaimError, match=r"known: known \(.*does not exist\)"):
        read_claim(tmp_path / "unknown")


def test_a_study_may_not_be_tuned_on_test_data(tmp_path: Path) -> None:
    claim = claim_with(tmp_path, tuning=TUNED | {"objective": "test_loss"})
    (claim.folder / "study.py").write_text("def measure(overrides, seed): ...\n", encoding="utf-8")
    with pytest.raises(ClaimError, match="values are chosen on validation data"):
        check_protocol(claim, claim.budgets["quick"])


def test_a_study_gives_numbers_as_they_count(tmp_path: Path) -> None:
    claim = claim_with(tmp_path, metric={"name": "test_error", "less": "train_error"})
    (claim.folder / "study.py").write_text("def measure(overrides, seed): ...\n", encoding="utf-8")
    with pytest.raises(ClaimError, match=r"metric test_error - train_error is not allowed: study\.py gives one number"):
        check_protocol(claim, claim.budgets["quick"])


def test_an_arm_that_is_not_tuned_may_have_the_first_value_of_the_grid(tmp_path: Path) -> None:
    arms = {"clean": [], "wrong": ["label_noise=0.2"], "clean_usual": ["learning_rate=0.1"]}
    tuning = TUNED | {"arms": ["clean", "wrong"]}
    claim = claim_with(tmp_path, arms=arms, varies=["label_noise", "learning_rate"], tuning=tuning)
    check_protocol(claim, claim.budgets["quick"])


def test_a_control_may_differ_in_its_seeds_alone(tmp_path: Path) -> None:
    claim = claim_with(tmp_path, arms={"clean": [], "wrong": []}, varies=[], first_seed={"wrong": 500})
    check_protocol(claim, claim.budgets["quick"])
    assert claim.seeds("wrong", 2) == [500, 501]


def test_a_rate_of_divergence_needs_no_threshold(tmp_path: Path) -> None:
    claim = claim_with(tmp_path, metric="diverged", criteria=[PAIR | {"kind": "rate"}])
    assert claim.comparisons[0].kind == RATE


@pytest.mark.parametrize("name", claim_ids(SHIPPED))
def test_every_claim_that_ships_can_decide(name: str) -> None:
    claim = read_claim(SHIPPED / name)
    assert set(claim.budgets) == {"smoke", "quick", "full"}
    for budget in claim.budgets.values():
        check_protocol(claim, budget)
