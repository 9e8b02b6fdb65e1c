"""Before a claim is run: what so many seeds can find, how many would be needed, and what they cost."""

from __future__ import annotations

import math

from rich.console import Console
from rich.text import Text

from nnlab.claims.arms import arm_overrides, seeds_override, trials, tuned_overrides
from nnlab.claims.claim import DETERMINISTIC, RATE, Budget, Claim, Comparison
from nnlab.claims.power import detectable_effect, power_of, seeds_needed
from nnlab.claims.results_file import load_results
from nnlab.claims.verdict import judge
from nnlab.claims.words import number
from nnlab.composition import compose
from nnlab.console.formatting import duration_text
from nnlab.jobs.estimate import estimates
from nnlab.jobs.sweep_plan import MISSING, plan_job, with_runs


def show_plan(claim: Claim, budget: Budget, console: Console) -> None:
    """Print the power of each comparison, and the trainings with their time."""
    looks = ", ".join(map(str, budget.looks))
    console.print(f"{claim.id}, budget {budget.name}: {looks} seeds of each of {len(claim.arms)} arms", markup=False)
    deviations = _deviations(claim, budget)
    for place, comparison in enumerate(claim.comparisons):
        sd, origin = deviations.get(_key(comparison), (None, ""))
        for line in power_lines(comparison, budget, sd, origin, claim.effect if place == 0 else None):
            console.print(Text(line))
    if claim.study is None:
        _show_cost(claim, budget, console)
    else:
        console.print(f"measured by {claim.study.name}, seed by seed", markup=False)


def _key(comparison: Comparison) -> tuple[str, str]:
    return comparison.name, comparison.metric.key


def _deviations(claim: Claim, budget: Budget) -> dict[tuple[str, str], tuple[float, str]]:
    """Return what is known of the standard deviations of differences, and from where: the claim, or a pilot."""
    known: dict[tuple[str, str], tuple[float, str]] = {}
    for pilot in [each for each in claim.budgets.values() if each.name != budget.name]:
        results = load_results(claim, pilot)
        if results is not None and results.is_complete(claim, pilot.looks[0]):
            effects = judge(claim, pilot.looks[:1], results.measurements(claim)).effects
            origin = f"of the {pilot.name} run, {pilot.looks[0]} seeds"
            known |= {_key(each.comparison): (each.sd, origin) for each in effects if math.isfinite(each.sd)}
    if claim.sd is not None:
        known[_key(claim.comparisons[0])] = (claim.sd, "stated by the claim")
    return known


def power_lines(
    comparison: Comparison, budget: Budget, sd: float | None, origin: str, planned: float | None
) -> list[str]:
    """Return what a comparison can find: in standard deviations of the differences, and in its unit if one is known."""
    if comparison.kind in (DETERMINISTIC, RATE):
        return [f"{comparison.name}: {comparison.kind}, no standard deviation to plan with"]
    tails = comparison.tails.at_each_of(len(budget.looks))
    size = detectable_effect(budget.seeds, tails)
    found = f"{budget.seeds} seeds find {number(size)} standard deviations of the difference in 80 % of all cases"
    lines = [f"{comparison.name}: {found}"]
    if sd:
        lines.append(f"  that is {number(size * sd)} with a standard deviation of {number(sd)} ({origin})")
    if sd and planned:
        needed = seeds_needed(planned / sd, tails)
        power = 100 * power_of(planned / sd, budget.seeds, tails)
        lines.append(
            f"  the effect that matters, {number(planned)}, is found in {power:.0f} %; 80 % take {needed} seeds"
        )
    return lines


def _show_cost(claim: Claim, budget: Budget, console: Console) -> None:
    overrides = [*(whole for _, _, whole in trials(claim, budget)), *_arms(claim, budget)]
    jobs = with_runs([plan_job(each, compose) for each in overrides])
    missing = [job for job in jobs if job.state == MISSING]
    trainings = sum(len(job.config.seeds) for job in jobs)
    left = sum(len(job.config.seeds) for job in missing)
    seconds = sum(each.seconds for each in estimates(missing, console))
    console.print(
        f"{trainings} trainings, {left} of them to be run: about {duration_text(seconds)} on this machine, "
        "if no seed ends early"
    )


def _arms(claim: Claim, budget: Budget) -> list[list[str]]:
    """Return the overrides of the arms; with the first values of the grid, which cost what the chosen ones will."""
    first = {arm: next(iter(tuned_overrides(claim, budget, arm)), []) for arm in claim.arms}
    return [
        [*arm_overrides(claim, budget, arm, tuned), seeds_override(claim.seeds(arm, budget.seeds))]
        for arm, tuned in first.items()
    ]
