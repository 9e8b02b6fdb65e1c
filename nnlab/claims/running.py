"""Runs a claim: freezes its protocol, tunes and measures its arms, and judges."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from nnlab import tracking
from nnlab.claims.arms import arm_overrides, seeds_override
from nnlab.claims.claim import Budget, Claim
from nnlab.claims.measured_arms import measured_arms
from nnlab.claims.measuring import read_metric
from nnlab.claims.problems import ClaimError
from nnlab.claims.protocol import protocol_of
from nnlab.claims.results_file import Results, load_results, results_path, save_results
from nnlab.claims.summary import change_since, unchanged_results
from nnlab.claims.sweep import train_arms
from nnlab.claims.tuning import tune
from nnlab.claims.verdict import INCONCLUSIVE, IncompleteError, Outcome, judge, judge_at
from nnlab.training.curves import Band, bands, merged_bands

if TYPE_CHECKING:
    import pandas as pd

_MOST_POINTS = 60  # of a curve that is kept
_KEEP_SECONDS = 5.0

_Overrides = Mapping[str, Sequence[str]]
_Seeds = Mapping[str, Sequence[int]]


def run_claim(
    claim: Claim, budget: Budget, console: Console, others: Sequence[str] = (), *, anew: bool = False
) -> bool:
    """Measure what is missing of a claim, judge, and return whether anything was missing.

    Args:
        claim: the claim, of which `note_problems` notes nothing.
        budget: one of its own.
        console: to print to.
        others: further overrides for the trainings, such as hydra/launcher=joblib.
        anew: give up what is stored, and measure all of it again.

    Raises:
        NnlabError: an arm could not be trained.
    """
    results = frozen(claim, budget, anew=anew)
    if anew:
        others = [*others, "rerun=true"]
    keep = partial(save_results, claim, budget, results)
    if claim.tuning is not None and not results.tuned:
        console.print(f"{claim.id}: tuning", markup=False)
        tuned = tune(claim, budget, _folder(claim, budget) / "tuning", others)
        results.tuned, results.trials, results.seconds["tuning"] = tuned.chosen, tuned.trials, tuned.seconds
        save_results(claim, budget, results)
    done, was_missing = 0, False
    for look in budget.looks:
        if not results.is_complete(claim, look):
            was_missing = True
            console.print(f"{claim.id}: seeds {done} to {look - 1} of each arm", markup=False)
            measure_seeds(claim, budget, results, (done, look), console, others, keep=keep)
        outcome = judge_at(look, claim, len(budget.looks), results.measurements(claim))
        results.verdict = outcome.verdict
        if was_missing:
            save_results(claim, budget, results)
        if outcome.verdict != INCONCLUSIVE:
            break
        done = look
    return was_missing


def frozen(claim: Claim, budget: Budget, *, anew: bool = False) -> Results:
    """Return the results of the claim's protocol; where there are none, or all anew, write the protocol down first.

    Results of an earlier protocol are given up; what changed, and the verdict then, is kept.
    """
    protocol, found = protocol_of(claim, budget), load_results(claim, budget)
    is_same = found is not None and found.protocol.asks_the_same_as(protocol)
    if found is not None and is_same and not anew:
        return found
    amended = [] if found is None else found.amended
    if found is not None and not is_same and (found.measured or found.trials):
        change = {"changed": protocol.written, "difference": protocol.difference(found.protocol)}
        amended = [*amended, {"protocol": found.protocol.hash, "verdict": found.verdict, **change}]
    results = Results(protocol, amended=amended, versions=tracking.versions())
    save_results(claim, budget, results)
    return results


def standing_results(claim: Claim, name: str) -> Results | None:
    """Return the results under a budget if there is a verdict on them, and the protocol is still theirs."""
    budget = claim.budgets.get(name)
    results = None if budget is None else unchanged_results(claim, budget)
    return results if results is not None and results.has_verdict else None


def stored_outcome(claim: Claim, budget: Budget) -> tuple[Results, Outcome]:
    """Return the verdict on what is stored, without training anything.

    Raises:
        ClaimError: nothing is stored, not all that the protocol asks for, or results of another protocol.
    """
    results = load_results(claim, budget)
    if results is None:
        raise ClaimError([f"{results_path(claim, budget)} does not exist: run the claim first"])
    change = change_since(claim, budget, results)
    if change:
        words = f"{claim.id} was amended after these results, of which the verdict was {results.verdict}: run it again"
        raise ClaimError([words, *(line for line in change.splitlines() if line.strip())])
    try:
        return results, judge(claim, budget.looks, results.measurements(claim))
    except IncompleteError as error:
        raise ClaimError([f"{results_path(claim, budget)}: {error}"]) from error


def measure_seeds(
    claim: Claim,
    budget: Budget,
    results: Results,
    seeds: tuple[int, int],
    console: Console,
    others: Sequence[str] = (),
    keep: Callable[[], object] = lambda: None,
) -> None:
    """Measure the seeds from one number up to another of all arms, and note the results.

    Args:
        claim: with the arms.
        budget: with the overrides of all arms.
        results: where to note them, with what tuning chose.
        seeds: the first, and the one after the last, counted from each arm's first.
        console: to print to.
        others: further overrides for the trainings, such as hydra/launcher=joblib.
        keep: saves what is noted; called from time to time where a study measures, as that may be interrupted.

    Raises:
        NnlabError: an arm could not be trained.
    """
    first, last = seeds
    arms = {arm: arm_overrides(claim, budget, arm, results.tuned.get(arm, ())) for arm in claim.arms}
    numbers = {arm: claim.seeds(arm, last)[first:] for arm in arms}
    if claim.study is None:
        _train(claim, results, arms, numbers, _folder(claim, budget) / f"seeds_{first}_{last - 1}", others)
    else:
        _study(claim, results, arms, numbers, console, keep)


def _train(
    claim: Claim, results: Results, arms: _Overrides, seeds: _Seeds, folder: Path, others: Sequence[str]
) -> None:
    """Train the arms; what has been trained before is found by its sweep."""
    with_seeds = {arm: [*arms[arm], seeds_override(seeds[arm])] for arm in arms}
    first = {arm: claim.seeds(arm, 1)[0] for arm in arms}
    for arm, job in train_arms(with_seeds, folder, others).items():
        summary, history = job.summary(), job.history()
        for metric in claim.metrics:
            results.note(metric, arm, read_metric(metric, summary, history))
        if curves := _curves(history):
            results.curves[arm] = _joined(results.curves.get(arm, {}), curves, len(summary), seeds[arm][0] - first[arm])
        results.add_seconds(arm, float(summary["seconds"].sum()))


def _study(
    claim: Claim, results: Results, arms: _Overrides, seeds: _Seeds, console: Console, keep: Callable[[], object]
) -> None:
    """Measure what is missing by the claim's own program."""
    missing = {arm: [seed for seed in seeds[arm] if not results.has(claim, arm, seed)] for arm in arms}
    kept = time.monotonic()
    try:
        for measured in measured_arms(claim, arms, missing, console):
            for metric in claim.metrics:
                results.note(metric, measured.arm, {measured.seed: measured.found[metric.name]})
            results.add_seconds(measured.arm, measured.seconds)
            if time.monotonic() - kept > _KEEP_SECONDS:
                keep()
                kept = time.monotonic()
    finally:
        keep()


def _curves(history: pd.DataFrame) -> dict[str, Band]:
    """Return the curves at no more epochs than a figure can show, with five digits, which is more than it can."""
    return {name: _thinned(band) for name, band in bands(history).items() if band["epoch"]}


def _joined(earlier: dict[str, Band], new: dict[str, Band], seeds: int, earlier_seeds: int) -> dict[str, Band]:
    """Return the curves of an earlier look and of a new one as one."""
    return {
        name: merged_bands(earlier[name], band, (earlier_seeds, seeds)) if earlier_seeds and name in earlier else band
        for name, band in new.items()
    }


def _thinned(band: Band) -> Band:
    step = -(-len(band["epoch"]) // _MOST_POINTS)
    last = len(band["epoch"]) - 1
    kept = sorted({*range(0, last, step), last})
    return {
        key: [int(values[place]) if key == "epoch" else float(f"{values[place]:.5g}") for place in kept]
        for key, values in band.items()
    }


def _folder(claim: Claim, budget: Budget) -> Path:
    return Path("multirun", "claims", claim.id, budget.name)
