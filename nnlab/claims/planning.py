"""Before a claim is run: what so many seeds can find, how many would be needed, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from nnlab.claims.arms import arm_overrides, first_tried, seeds_override, trials
from nnlab.claims.claim import DETERMINISTIC, EQUIVALENCE, RATE, Budget, Claim, Comparison
from nnlab.claims.deviations import Deviation, comparison_key, known_deviations, pilot_deviations, pilot_results
from nnlab.claims.power import detectable_effect, equivalence_power, power_of, provable_margin, seeds_needed
from nnlab.claims.study import for_training
from nnlab.claims.study_cost import study_words
from nnlab.claims.summary import unchanged_results
from nnlab.claims.words import number
from nnlab.composition import compose
from nnlab.console.formatting import duration_text
from nnlab.jobs.estimate import estimates
from nnlab.jobs.sweep_plan import MISSING, plan_job, with_runs


def show_plan(claim: Claim, budget: Budget, console: Console, pilot_seeds: int = 0, others: Sequence[str] = ()) -> None:
    """Print the power of each comparison, and the trainings with their time.

    Args:
        claim: of which `note_problems` notes nothing.
        budget: one of its own.
        console: to print to.
        pilot_seeds: so many seeds of each arm are trained first, to learn how far the differences scatter.
        others: further overrides for these trainings, such as hydra/launcher=joblib.

    Raises:
        NnlabError: an arm of the pilot could not be trained.
    """
    deviations = known_deviations(claim, budget)
    pilot = pilot_results(claim, budget, pilot_seeds, console, others) if pilot_seeds else None
    if pilot is not None:
        deviations |= pilot_deviations(claim, pilot, pilot_seeds)
    looks = ", ".join(map(str, budget.looks))
    console.print(f"{claim.id}, budget {budget.name}: {looks} seeds of each of {len(claim.arms)} arms", markup=False)
    for place, comparison in enumerate(claim.comparisons):
        deviation = deviations.get(comparison_key(comparison))
        for line in power_lines(comparison, budget, deviation, claim.effect if place == 0 else None):
            console.print(Text(line))
    if claim.study is None:
        _show_trainings([*_trials(claim, budget), *_arms(claim, budget)], console)
    else:
        stored = unchanged_results(claim, budget)
        if claim.tuning is not None and not (stored and stored.tuned):
            _show_trainings(_trials(claim, budget), console)
        console.print(study_words(claim, budget, stored, pilot), markup=False)


def power_lines(
    comparison: Comparison, budget: Budget, deviation: Deviation | None = None, planned: float | None = None
) -> list[str]:
    """Return what a comparison can find: in standard deviations of the differences, and in its unit if one is known."""
    if comparison.kind in (DETERMINISTIC, RATE):
        return [f"{comparison.name}: {comparison.kind}, no standard deviation to plan with"]
    tails, seeds = comparison.tails.at_each_of(len(budget.looks)), budget.seeds
    lines = [f"{comparison.name}:"]
    if comparison.kind != EQUIVALENCE:
        size = detectable_effect(seeds, tails)
        lines.append(f"  {seeds} seeds find a difference of {number(size)} standard deviations in 80 % of all cases")
        if deviation:
            lines.append(f"  that is {number(size * deviation.sd)} with {deviation}")
        if deviation and planned:
            needed, power = seeds_needed(planned / deviation.sd, tails), power_of(planned / deviation.sd, seeds, tails)
            lines.append(
                f"  the effect that matters, {number(planned)}: found in {100 * power:.0f} %; 80 % take {needed} seeds"
            )
    if comparison.margin:
        lines += _equivalence_lines(comparison.margin, seeds, tails.total, deviation)
    return lines


def _equivalence_lines(margin: float, seeds: int, alpha: float, deviation: Deviation | None) -> list[str]:
    """Return how surely a margin is kept where there is no difference."""
    provable = provable_margin(seeds, alpha)
    lines = [f"  where there is none, they find it within {number(provable)} standard deviations in 80 % of all cases"]
    if deviation:
        power = 100 * equivalence_power(margin / deviation.sd, seeds, alpha)
        lines.append(f"  within the margin of {number(margin)}: in {power:.0f} %, with {deviation}")
    return lines


def _show_trainings(overrides: Sequence[Sequence[str]], console: Console) -> None:
    jobs = with_runs([plan_job(each, compose) for each in overrides])
    missing = [job for job in jobs if job.state == MISSING]
    trainings = sum(len(job.config.seeds) for job in jobs)
    left = sum(len(job.config.seeds) for job in missing)
    seconds = sum(each.seconds for each in estimates(missing, console))
    console.print(
        f"{trainings} trainings, {left} of them to be run: about {duration_text(seconds)} on this machine, "
        "if no seed ends early"
    )


def _trials(claim: Claim, budget: Budget) -> list[list[str]]:
    """Return the overrides of the trials of tuning, as arms that differ in a study's own settings share them."""
    found = [for_training(whole) for _, _, whole in trials(claim, budget)]
    return [each for place, each in enumerate(found) if each not in found[:place]]


def _arms(claim: Claim, budget: Budget) -> list[list[str]]:
    """Return the overrides of the arms; with the first values of the grid, which cost what the chosen ones will."""
    first = {arm: first_tried(claim, budget, arm) for arm in claim.arms}
    return [
        [*arm_overrides(claim, budget, arm, tuned), seeds_override(claim.seeds(arm, budget.seeds))]
        for arm, tuned in first.items()
    ]
