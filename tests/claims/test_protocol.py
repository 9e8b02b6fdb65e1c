"""A protocol is frozen before the first result; what was changed afterwards is seen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from claim_files import CONTENT, claim_with, write_claim

from nnlab.claims.problems import ClaimError
from nnlab.claims.protocol import protocol_of
from nnlab.claims.reading import read_claim
from nnlab.claims.results_file import load_results, results_path, save_results
from nnlab.claims.running import frozen, stored_outcome
from nnlab.claims.summary import change_since


def test_comments_layout_and_other_budgets_are_not_the_protocol(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    before = protocol_of(claim, claim.budgets["quick"]).hash
    path = tmp_path / "changed" / "claim.yaml"
    path.write_text("# a comment\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    claim = read_claim(path.parent)
    assert protocol_of(claim, claim.budgets["quick"]).hash == before
    claim = claim_with(tmp_path, budgets=CONTENT["budgets"] | {"smoke": {"seeds": 9}})
    assert protocol_of(claim, claim.budgets["quick"]).hash == before


def test_arms_criteria_seeds_and_the_study_are(tmp_path: Path) -> None:
    hashes = set()
    for changes in ({}, {"arms": {"clean": [], "wrong": ["label_noise=0.3"]}}, {"budgets": {"quick": {"seeds": 11}}}):
        claim = claim_with(tmp_path, **changes)
        hashes.add(protocol_of(claim, claim.budgets["quick"]).hash)
    (tmp_path / "changed" / "study.py").write_text("def measure(): ...\n", encoding="utf-8")
    hashes.add(protocol_of(claim, claim.budgets["quick"]).hash)
    assert len(hashes) == 4


STUDY = "def measure(config, seed):\n    return {'error': 1.0}\n"
REMARKS = '''"""What it measures."""


def measure(config, seed):
    """Measure."""
    # at once
    return {"error": 1.0}
'''


def test_sources_published_numbers_and_remarks_may_be_corrected(tmp_path: Path) -> None:
    number = {"arm": "wrong", "value": 3.0, "source": "a paper"}
    protocols = []
    for study, changes in (
        (STUDY, {}),
        (REMARKS, {"source": {"paper": "another"}}),
        (STUDY, {"published": [number]}),
        (STUDY, {"published": [number | {"metric": "train_loss", "bound": "at most"}]}),
        (STUDY.replace("1.0", "2.0"), {}),
    ):
        claim = claim_with(tmp_path, **changes)
        (claim.folder / "study.py").write_text(study, encoding="utf-8")
        protocols.append(protocol_of(claim, claim.budgets["quick"]))
    first, *corrected, changed = protocols
    assert {protocol.hash for protocol in corrected} == {first.hash}
    assert all(first.asks_the_same_as(protocol) for protocol in corrected)
    assert changed.hash != first.hash
    assert not first.asks_the_same_as(changed)


def test_results_stand_however_their_protocol_was_hashed(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    results = frozen(claim, claim.budgets["quick"])
    results.measured = {"test_error": {"clean": {"0": 1.0}}}
    results.protocol = replace(results.protocol, hash="0123456789abcdef")
    save_results(claim, claim.budgets["quick"], results)
    assert frozen(claim, claim.budgets["quick"]) == results


def test_it_is_written_down_before_there_are_results(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    budget = claim.budgets["quick"]
    frozen(claim, budget)
    content = json.loads(results_path(claim, budget).read_text(encoding="utf-8"))
    assert content["protocol"]["hash"] == protocol_of(claim, budget).hash
    assert "label_noise=0.2" in content["protocol"]["text"]
    assert content["measured"] == {}
    with pytest.raises(ClaimError, match="0 of 10 seeds are measured: there is no verdict before its time"):
        stored_outcome(claim, budget)


def test_results_of_another_protocol_are_not_used_but_what_changed_is_kept(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    budget = claim.budgets["quick"]
    results = frozen(claim, budget)
    for arm in claim.arms:
        results.note(claim.metrics[0], arm, {seed: seed + len(arm) for seed in range(10)})
    results.verdict = "equivalent"
    save_results(claim, budget, results)
    assert not change_since(claim, budget, results)
    assert frozen(claim, budget).measured == results.measured
    assert stored_outcome(claim, budget)[1].seeds == 10

    claim = read_claim(write_claim(claim.folder, arms={"clean": [], "wrong": ["label_noise=0.3"]}))
    assert "+  - label_noise=0.3" in change_since(claim, budget, results)
    with pytest.raises(ClaimError, match="was amended after these results, of which the verdict was equivalent"):
        stored_outcome(claim, budget)
    amended = frozen(claim, budget)
    assert amended.measured == {}
    [change] = amended.amended
    assert change["verdict"] == "equivalent"
    assert "-  - label_noise=0.2" in change["difference"]
    assert frozen(claim, budget).amended == [change]  # once


def test_a_protocol_that_is_changed_after_tuning_is_amended_too(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    results = frozen(claim, claim.budgets["quick"])
    results.trials = {"wrong": [{"overrides": ["learning_rate=0.1"], "objective": 0.5}]}
    save_results(claim, claim.budgets["quick"], results)
    claim = read_claim(write_claim(claim.folder, metric="test_loss"))
    assert [change["verdict"] for change in frozen(claim, claim.budgets["quick"]).amended] == ["none yet"]


def test_a_protocol_without_results_may_be_changed(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    frozen(claim, claim.budgets["quick"])
    claim = read_claim(write_claim(claim.folder, metric="test_loss"))
    assert frozen(claim, claim.budgets["quick"]).amended == []


@pytest.mark.parametrize("content", ["{", "[]", '{"protocol": {}}', '{"strange": 1}'])
def test_a_damaged_file_is_one_line(content: str, tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    results_path(claim, claim.budgets["quick"]).write_text(content, encoding="utf-8")
    with pytest.raises(ClaimError, match="is damaged"):
        load_results(claim, claim.budgets["quick"])


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    budget = claim.budgets["quick"]
    results = frozen(claim, budget)
    results.note(claim.metrics[0], "clean", {0: 0.1, 1: float("nan"), 10: 1 / 3})
    results.curves["clean"] = {"train_loss": {"epoch": [1], "mean": [0.5]}}
    save_results(claim, budget, results)
    assert load_results(claim, budget) == results
    assert '"clean": {"0": 0.1, "1": null, "10": 0.3333333333333333}' in results_path(claim, budget).read_text()
