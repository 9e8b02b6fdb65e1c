"""Claims that leave nothing to chance: those of the articles' traces hold, and what is exact is shown as such."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from claim_files import claim_with

import nnlab
from nnlab import Network
from nnlab.architecture import Architecture, Dense, Piece
from nnlab.claims.claim import Claim
from nnlab.claims.figures.verdict import verdict_figure
from nnlab.claims.problems import Problems
from nnlab.claims.protocol import protocol_of
from nnlab.claims.protocol_checks import note_problems
from nnlab.claims.reading import read_claim
from nnlab.claims.results_file import Results
from nnlab.claims.study import for_training, load_study, own_settings
from nnlab.claims.verdict import REFUTED, SUPPORTED, Outcome, judge
from nnlab.claims.words import interval, number
from nnlab.composition import compose

EXPERIMENTS = Path(nnlab.__file__).parents[1] / "experiments"
TRACES = sorted(path.parent.name for path in EXPERIMENTS.glob("trace-*/claim.yaml"))
SEEDS = 2


def outcome_of(claim: Claim, seeds: int = SEEDS, **changes: float) -> Outcome:
    """Judge what a study measures; `changes` stand for what it measures by that name."""
    study = load_study(claim)
    found = {
        arm: [dict(study(for_training(given), seed, **own_settings(given))) | changes for seed in range(seeds)]
        for arm, given in ((arm, [*claim.base, *own]) for arm, own in claim.arms.items())
    }
    measured = {
        metric: {arm: [float(each[metric.name]) for each in found[arm]] for arm in claim.arms}
        for metric in claim.metrics
    }
    return judge(claim, [seeds], measured)


@pytest.mark.parametrize("name", TRACES)
def test_the_articles_traces_hold(name: str) -> None:
    claim = read_claim(EXPERIMENTS / name)
    assert outcome_of(claim).verdict == SUPPORTED
    assert {"smoke", "quick"} <= set(claim.budgets)


def test_a_trace_is_refuted_by_one_number_that_is_off() -> None:
    assert outcome_of(read_claim(EXPERIMENTS / "trace-one-neuron"), 1, new_w=0.2 + 1e-11).verdict == REFUTED


def test_numerical_differentiation_is_counted_and_compared() -> None:
    """On smaller data, as the article's own take seconds: the counts are then others, and the gradients still agree."""
    claim = read_claim(EXPERIMENTS / "grad-cost")
    measure = load_study(claim)
    found = measure([*claim.base, "dataset=iris", "depth=1", "width=5"], 0)
    assert found["passes_for_weights"] == 2 * (4 * 5 + 5 * 3)
    assert found["passes"] == 2 * (4 * 5 + 5 * 3 + 5 + 3)
    assert found["relative_error"] < 1e-6
    assert found["seconds"] > 0 < found["time_ratio"]


def test_the_counts_of_the_article_are_those_of_the_networks() -> None:
    claim = read_claim(EXPERIMENTS / "grad-cost")
    for arm, passes in {"one_layer": 15_700, "two_layers": 79_520}.items():
        widths = compose([*claim.base, *claim.arms[arm]]).widths
        layers = tuple(Dense(width) for width in (*widths, 10))
        assert 2 * Network(Architecture(28 * 28, layers, Piece("softmax_cross_entropy"))).parameters.size == passes


def test_one_seed_is_enough_where_nothing_is_left_to_chance(tmp_path: Path) -> None:
    criteria = [{"kind": "deterministic", "values": {"clean": 3.35507743}, "tolerance": 1.0e-9}]
    claim = claim_with(tmp_path, criteria=criteria, budgets={"quick": {"seeds": 1}})
    problems = Problems("claim.yaml")
    note_problems(claim, claim.budgets["quick"], problems)
    problems.raise_any()
    assert claim.comparisons[0].name == "clean = 3.35507743"


def test_what_is_exact_is_drawn_as_a_line_for_each_number(tmp_path: Path) -> None:
    criteria = [{"kind": "deterministic", "values": {"clean": 1, "wrong": 2.5}, "tolerance": 0.1}]
    claim = claim_with(tmp_path, criteria=criteria)
    results = Results(protocol_of(claim, claim.budgets["quick"]))
    for arm, value in {"clean": 1.05, "wrong": 2.0}.items():
        results.note(claim.metrics[0], arm, {0: value})
    [metric] = claim.metrics
    outcome = judge(claim, [1], {metric: {"clean": [1.05], "wrong": [2.0]}})
    texts = [text.get_text() for text in verdict_figure(claim, results, outcome).axes[0].texts]
    assert texts[6:12] == ["clean: test_error", "1", "1.05", "0.05", "0.1", "as stated"]
    assert texts[12:18] == ["wrong: test_error", "2.5", "2", "-0.5", "0.1", "refuted"]


def test_a_claim_with_chance_in_it_is_drawn_with_its_seeds(tmp_path: Path) -> None:
    claim = claim_with(tmp_path)
    [metric] = claim.metrics
    values = np.random.default_rng(0).normal(size=(2, 10))
    outcome = judge(claim, [10], {metric: {"clean": list(values[0]), "wrong": list(values[1])}})
    assert not outcome.is_exact


def test_counts_are_written_in_full_and_what_has_no_interval_alone() -> None:
    assert [number(value) for value in (79520.0, -0.0, 12345678.0, 1234.5)] == ["79520", "0", "1.23e+07", "1.23e+03"]
    assert number(np.nan) == "-"
    assert interval(0.5, np.nan, np.nan) == "0.5"
    assert interval(0.5, 0.25, 1.0) == "0.5 [0.25, 1]"
