"""Writes experiments/<id>/README.md and its figure, from the results that are stored."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from nnlab.claims.claim import Budget, Claim
from nnlab.claims.figure import claim_figure
from nnlab.claims.results_file import Results, results_path
from nnlab.claims.running import stored_outcome
from nnlab.claims.summary import arm_summaries, compared_numbers, edge_notes
from nnlab.claims.verdict import Outcome
from nnlab.claims.words import effect_lines, interval, number, p_value
from nnlab.console.formatting import duration_text
from nnlab.files import whole_file

FIGURE = "verdict.png"
_SMOKE = "smoke"


def write_page(claim: Claim, budget: Budget) -> Path:
    """Write the page and the figure of a claim; those of smoke runs, which prove nothing, into a folder of its own.

    Raises:
        ClaimError: its results are not complete.
    """
    results, outcome = stored_outcome(claim, budget)
    folder = claim.folder / _SMOKE if budget.name == _SMOKE else claim.folder
    folder.mkdir(exist_ok=True)
    with whole_file(folder / FIGURE) as temporary:
        claim_figure(claim, results, outcome).savefig(temporary, format="png", dpi=110)
    page = folder / "README.md"
    with whole_file(page) as temporary:
        temporary.write_text("\n".join(_lines(claim, budget, results, outcome)) + "\n", encoding="utf-8")
    return page


def _lines(claim: Claim, budget: Budget, results: Results, outcome: Outcome) -> Iterator[str]:
    yield f"# {claim.id}: {outcome.verdict}\n"
    yield f"> {claim.statement}\n"
    yield from (f"- {kind}: {where}" for kind, where in claim.source.items())
    expected = "" if claim.expected in (None, outcome.verdict) else f", where {claim.expected} was expected"
    yield f"\n**{outcome.verdict.capitalize()}{expected}**, with the budget {budget.name}:\n"
    yield from (f"- {line}" for line in effect_lines(outcome))
    yield from ("", *(f"- {note}" for note in edge_notes(claim, budget, results)))
    yield f"\n![each seed of each arm, and the effects with their intervals]({FIGURE})\n"
    yield f"    python -m nnlab.claims run {claim.id} --budget {budget.name}\n"
    yield from _effects(outcome)
    yield from _arms(claim, results)
    yield from _published(claim, results)
    yield from _protocol(claim, budget, results)


def _effects(outcome: Outcome) -> Iterator[str]:
    yield "## Effects\n"
    rows = [
        (
            effect.comparison.name,
            effect.comparison.metric.key,
            effect.verdict if effect.comparison.is_primary else f"{effect.verdict} (does not decide)",
            effect.note if math.isnan(effect.mean) else interval(effect),
            p_value(effect.p).removeprefix("p ").removeprefix("= "),
            number(math.nan if effect.size is None else effect.size.value),
            number(effect.detectable),
        )
        for effect in outcome.effects
    ]
    yield from _table(("comparison", "metric", "verdict", "mean [95% interval]", "p", "d", "found in 80%"), rows)
    yield (
        "d: the mean in standard deviations of the differences. Found in 80%: the effect that so many seeds with this "
        "standard deviation would find in 80% of all cases.\n"
    )


def _arms(claim: Claim, results: Results) -> Iterator[str]:
    yield "## Arms\n"
    rows = [
        (
            arm.arm,
            " ".join(claim.arms[arm.arm]) or "-",
            " ".join(results.tuned.get(arm.arm, [])) or "-",
            arm.metric.key,
            number(arm.mean.mean),
            number(arm.sd),
            f"{arm.diverged} of {arm.values.size}",
        )
        for arm in arm_summaries(claim, results)
    ]
    yield from _table(("arm", "overrides", "tuned", "metric", "mean", "SD", "diverged"), rows)


def _published(claim: Claim, results: Results) -> Iterator[str]:
    if not claim.published:
        return
    yield "## Published numbers\n"
    rows = []
    for each in compared_numbers(claim, results):
        inside = "-" if math.isnan(each.mean) else "inside" if each.is_inside else "outside"
        span = f"{inside} [{number(each.low)}, {number(each.high)}]"
        published = each.published
        rows.append((published.arm, published.source, number(each.value), number(each.mean), span, published.note))
    yield from _table(("arm", "source", "published", "ours", "95% of new runs of ours", "note"), rows)


def _protocol(claim: Claim, budget: Budget, results: Results) -> Iterator[str]:
    protocol = results.protocol
    yield "## Protocol\n"
    yield f"All arms: `{' '.join((*claim.base, *budget.overrides)) or 'defaults'}`\n"
    yield (
        f"Written down before the first result: {protocol.hash}, {protocol.written}, commit {protocol.commit}. "
        f"Values per seed: [{results_path(claim, budget).name}]({results_path(claim, budget).name}); "
        f"`python -m nnlab.claims verdict {claim.id} --budget {budget.name}` judges them again."
    )
    seconds = sum(results.seconds.values())
    if seconds:
        yield f"Training took {duration_text(seconds)} of one core, tuning included."
    for change in results.amended:
        yield f"\nAmended {change['changed']}; the verdict under {change['protocol']} was {change['verdict']}:\n"
        yield f"```diff\n{change['difference']}\n```"


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |"
    yield f"|{' --- |' * len(headers)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
