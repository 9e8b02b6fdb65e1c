"""Writes experiments/<id>/README.md and its figure, from the results that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nnlab.claims import rows
from nnlab.claims.claim import Budget, Claim
from nnlab.claims.figures.verdict import verdict_figure
from nnlab.claims.reading import BUDGETS
from nnlab.claims.results_file import Results, load_results, results_path
from nnlab.claims.summary import edge_notes
from nnlab.claims.verdict import Outcome
from nnlab.claims.words import amended_note, effect_lines, expected_note
from nnlab.console.formatting import duration_text
from nnlab.figures.learning_curves import curves_figure
from nnlab.files import path_from, whole_file

FIGURE, CURVES = "verdict.png", "curves.png"
_LINES_OF_ARTICLES, _HEADING = Path("notebooks", "README.md"), "#the-articles-line-by-line"
_SMOKE = "smoke"
_SEEDS_AND_EFFECTS = "each seed of each arm, and the effects with their intervals"


def write_page(claim: Claim, budget: Budget, results: Results, outcome: Outcome) -> Path:
    """Write the page and the figures of a claim, where those of a larger budget do not stand."""
    folder = page_folder(claim, budget)
    folder.mkdir(exist_ok=True)
    figures = {FIGURE: verdict_figure(claim, results, outcome)}
    if results.curves:
        figures[CURVES] = curves_figure(results.curves)
    for name, figure in figures.items():
        with whole_file(folder / name) as temporary:
            figure.savefig(temporary, format="png", dpi=110)
    page = folder / "README.md"
    with whole_file(page) as temporary:
        temporary.write_text("\n".join(_lines(claim, budget, results, outcome)) + "\n", encoding="utf-8")
    return page


def page_folder(claim: Claim, budget: Budget) -> Path:
    """Return the claim's folder; for smoke runs, which prove nothing, or beside a larger budget's page, one in it."""
    larger = [claim.budgets[name] for name in BUDGETS[BUDGETS.index(budget.name) + 1 :] if name in claim.budgets]
    stands = any(found.has_verdict for each in larger if (found := load_results(claim, each)) is not None)
    return claim.folder / budget.name if stands or budget.name == _SMOKE else claim.folder


def _lines(claim: Claim, budget: Budget, results: Results, outcome: Outcome) -> Iterator[str]:
    yield f"# {claim.id}: {outcome.verdict}\n"
    yield f"> {claim.statement}\n"
    yield from (f"- {kind}: {_linked(claim, budget, kind, where)}" for kind, where in claim.source.items())
    yield f"\n**{outcome.verdict.capitalize()}{expected_note(claim, outcome)}**, with the budget {budget.name}:\n"
    yield from (f"- {line}" for line in effect_lines(outcome))
    notes = [note for note in (amended_note(results), *edge_notes(claim, budget, results)) if note]
    yield from ("", *(f"- {note}" for note in notes)) if notes else ()
    shown = "what was expected and what came out" if outcome.is_exact else _SEEDS_AND_EFFECTS
    yield f"\n![{shown}]({FIGURE})\n"
    if results.curves:
        yield f"![learning curves of each arm, the mean in the band of all seeds]({CURVES})\n"
    yield f"    python -m nnlab.claims run {claim.id} --budget {budget.name}\n"
    yield from _tables(claim, results, outcome)
    yield from _protocol(claim, budget, results)


def _linked(claim: Claim, budget: Budget, kind: str, where: str) -> str:
    """Lead from lines of the articles to the table of all of them, if there is one beside the folder of the claims."""
    table = claim.folder.parent.parent / _LINES_OF_ARTICLES
    if kind != "article" or not table.exists():
        return where
    return f"[{where}]({path_from(page_folder(claim, budget), table)}{_HEADING})"


def _units(outcome: Outcome) -> str:
    """Say which metrics are in percent, each once."""
    metrics = [effect.comparison.metric for effect in outcome.effects]
    names = dict.fromkeys(metric.key for metric in metrics if metric.is_percentage)
    return f" In percent: {', '.join(names)}." if names else ""


def _tables(claim: Claim, results: Results, outcome: Outcome) -> Iterator[str]:
    yield "## Effects\n"
    yield from _table(rows.EFFECTS, rows.effect_rows(outcome))
    yield (
        "d: the mean in standard deviations of the differences. Found in 80%: the effect that so many seeds with this "
        f"standard deviation would find in 80% of all cases.{_units(outcome)}\n"
    )
    yield "## Arms\n"
    yield from (f"- {arm}: `{' '.join(overrides) or 'nothing else'}`" for arm, overrides in claim.arms.items())
    yield ""
    yield from _table(rows.ARMS, rows.arm_rows(claim, results))
    if claim.published:
        yield "## Published numbers\n"
        yield from _table(rows.PUBLISHED, rows.published_rows(claim, results))


def _protocol(claim: Claim, budget: Budget, results: Results) -> Iterator[str]:
    protocol, path = results.protocol, results_path(claim, budget)
    where = path_from(page_folder(claim, budget), path)
    yield "## Protocol\n"
    yield f"All arms: `{' '.join((*claim.base, *budget.overrides)) or 'defaults'}`\n"
    yield from (f"- {what}: {values}" for what, values in rows.tuning_rows(claim, budget))
    yield ""
    yield (
        f"Written down before the first result: {protocol.hash}, {protocol.written}, commit {protocol.commit}. "
        f"Values per seed: [{path.name}]({where}); "
        f"`python -m nnlab.claims verdict {claim.id} --budget {budget.name}` judges them again."
    )
    seconds = results.core_seconds
    if seconds:
        yield f"The seeds took {duration_text(seconds)} in all, with tuning; a core trains one at a time."
    for change in results.amended:
        yield f"\nAmended {change['changed']}; the verdict under {change['protocol']} was {change['verdict']}:\n"
        yield f"```diff\n{change['difference']}\n```"


def _table(headers: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |"
    yield f"|{' --- |' * len(headers)}"
    yield from (f"| {' | '.join(line)} |" for line in lines)
    yield ""
