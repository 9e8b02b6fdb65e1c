"""What the commands print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from nnlab.claims import rows
from nnlab.claims.claim import Budget, Claim
from nnlab.claims.problems import ClaimError
from nnlab.claims.reading import read_claim
from nnlab.claims.results_file import Results, load_results
from nnlab.claims.summary import change_since, edge_notes
from nnlab.claims.verdict import Outcome
from nnlab.claims.words import amended_note, effect_lines, expected_note, number
from nnlab.console.formatting import duration_text
from nnlab.console.titles import titled


def claims_table(folders: Sequence[Path], budget: str) -> Group:
    """Return the claims of some folders with the verdict of a budget; one that cannot be read hides no other."""
    table = _table("id", "statement", "verdict")
    for folder in folders:
        try:
            claim = read_claim(folder)
            table.add_row(claim.id, Text(claim.statement), _state(claim, budget))
        except ClaimError as error:
            table.add_row(folder.name, Text(error.lines[0]), "cannot be read")
    return titled(f"claims, budget {budget}", table)


def _state(claim: Claim, name: str) -> str:
    budget = claim.budgets.get(name)
    if budget is None:
        return "no such budget"
    results = load_results(claim, budget)
    if results is None:
        return "not run"
    return f"{results.verdict}, amended since" if change_since(claim, budget, results) else results.verdict


def show_claim(claim: Claim, budget: Budget, console: Console) -> None:
    """Print what a claim says and how it is put to the test."""
    console.print(Text(f"{claim.id}: {claim.statement}"))
    for kind, where in claim.source.items():
        console.print(Text(f"{kind}: {where}"))
    console.print(Text(f"all arms: {' '.join((*claim.base, *budget.overrides)) or 'defaults'}"))
    arms = _table("arm", "overrides", "seeds")
    for name, overrides in claim.arms.items():
        seeds = claim.seeds(name, budget.seeds)
        arms.add_row(name, " ".join(overrides) or "-", f"{seeds[0]} to {seeds[-1]}")
    console.print(titled("arms", arms))
    for what, values in rows.tuning_rows(claim, budget):
        console.print(Text(f"{what}: {values}"))
    asked = _table("comparison", "kind", "metric", "errs in favour, against", "margin", "decides")
    for each in claim.comparisons:
        margin = "-" if each.margin is None else number(each.margin)
        errors = f"{100 * each.tails.larger:g} %, {100 * each.tails.smaller:g} %"
        asked.add_row(each.name, each.kind, each.metric.key, errors, margin, "yes" if each.is_primary else "no")
    console.print(titled("what is asked", asked))


def show_outcome(claim: Claim, budget: Budget, results: Results, outcome: Outcome, console: Console) -> None:
    """Print arms, effects, published numbers, what it cost, and the verdict."""
    console.print(_filled("arms", rows.ARMS, rows.arm_rows(claim, results)))
    console.print(_filled("effects", rows.EFFECTS, rows.effect_rows(outcome), right=4))
    if claim.published:
        console.print(_filled("published numbers", rows.PUBLISHED, rows.published_rows(claim, results)))
    cost = results.core_seconds
    protocol = results.protocol
    console.print(Text(f"protocol {protocol.hash}, written {protocol.written}, commit {protocol.commit[:12]}"))
    if cost:
        console.print(f"the seeds took {duration_text(cost)} in all, tuning included")
    for note in (amended_note(results), *edge_notes(claim, budget, results)):
        if note:
            console.print(Text(note))
    console.print(Text(f"{claim.id} ({budget.name}): {outcome.verdict}{expected_note(claim, outcome)}"))
    for line in effect_lines(outcome):
        console.print(Text(f"  {line}"))


class Judged(NamedTuple):
    """A claim that was run: its results, those that there were before, and the seconds by the clock on the wall."""

    id: str
    results: Results
    before: Results | None
    seconds: float


def verdicts_table(judged: Sequence[Judged]) -> Group:
    """Return the verdicts of several claims that were run, whether they are as before, and what they took."""
    table = _table("claim", "verdict", "against before", "core time", "took", right=2)
    for each in judged:
        times = map(duration_text, (each.results.core_seconds, each.seconds))
        table.add_row(each.id, each.results.verdict, _against_before(each), *times)
    all_times = (sum(each.results.core_seconds for each in judged), sum(each.seconds for each in judged))
    table.add_row(f"all {len(judged)}", "", "", *map(duration_text, all_times))
    return titled("verdicts", table)


def _against_before(judged: Judged) -> str:
    if judged.before is None or not judged.before.has_verdict:
        return "-"
    if judged.before.measured == judged.results.measured:
        return "same numbers"
    verdict = judged.before.verdict
    return "same verdict" if verdict == judged.results.verdict else f"was {verdict}"


def _filled(title: str, headers: Sequence[str], lines: Sequence[Sequence[str]], right: int = 3) -> Group:
    """Return a table of rows; a metric that all of them share stands in the title, as columns are narrow."""
    metric = headers.index("metric")
    shared = {line[metric] for line in lines}
    if len(shared) == 1:
        title = f"{title}, {shared.pop()}"
        headers, *lines = ([*line[:metric], *line[metric + 1 :]] for line in (headers, *lines))
    table = _table(*headers, right=right)
    for line in lines:
        table.add_row(*map(Text, line))
    return titled(title, table)


def _table(*headers: str, right: int = 0) -> Table:
    table = Table(box=box.SIMPLE)
    for place, header in enumerate(headers):
        is_right = place >= len(headers) - right
        table.add_column(header, overflow="fold", justify="right" if is_right else "left", no_wrap=is_right)
    return table
