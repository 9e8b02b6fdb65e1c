"""What the pages of a report show, as text: the same for HTML and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nnlab.claims import rows
from nnlab.claims.report.entries import Entry, Without
from nnlab.claims.report.links import Links
from nnlab.claims.report.pictures import Picture, forest, pictures
from nnlab.claims.rows import Row
from nnlab.claims.summary import arm_summaries, edge_notes
from nnlab.claims.verdict import EQUIVALENT, INCONCLUSIVE, REFUTED, SUPPORTED, Outcome
from nnlab.claims.words import effect_lines, effect_number, expected_note, number, p_value
from nnlab.console.formatting import duration_text

VERDICTS = (SUPPORTED, REFUTED, EQUIVALENT, INCONCLUSIVE)
OVERVIEW = ("claim", "verdict", "effect [95% interval]", "p", "p, Holm", "seeds", "time")


@dataclass(frozen=True)
class Table:
    """A table of text, with a caption that says what it is."""

    caption: str
    headers: Row
    rows: Sequence[Row]


@dataclass(frozen=True)
class Section:
    """What is said of one claim.

    Attributes:
        entry: the claim, its results and its verdict.
        links: to its runs.
        overview: its row in the overview, after its name and verdict.
        lines: the verdict in words.
        notes: what a reader must know of it.
        pictures: its figures.
        tables: its effects, arms, seeds and published numbers.
        protocol: what was fixed before the first result, line by line, by what it is.
    """

    entry: Entry
    links: Links
    overview: Row
    lines: Sequence[str]
    notes: Sequence[str]
    pictures: Sequence[Picture]
    tables: Sequence[Table]
    protocol: Mapping[str, str]

    @property
    def command(self) -> str:
        """The command that measures it all again."""
        return f"python -m nnlab.claims run {self.entry.claim.id} --budget {self.entry.budget.name}"


@dataclass(frozen=True)
class Report:
    """A report: the controls, the claims with a verdict, and those without one."""

    budget: str
    written: str
    controls: Sequence[Section]
    sections: Sequence[Section]
    without: Sequence[Without]
    forest: Picture | None

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many claims have each verdict."""
        found = Counter(section.entry.outcome.verdict for section in self.sections)
        return [(verdict, found[verdict]) for verdict in VERDICTS if found[verdict]]

    @property
    def failed_controls(self) -> list[Section]:
        """The controls that did not come out as they must."""
        return [control for control in self.controls if not control.entry.is_as_expected]

    @property
    def controls_note(self) -> str:
        """What the controls say of all else."""
        if not self.controls:
            return "No controls were trained: there is no claim with this budget of which the answer is known."
        if self.failed_controls:
            return "A control did not come out as it must: nothing in this report can be relied on."
        return "Trained for this report. Where nothing differs, nothing was found; where something does, it was."


def report_of(
    budget: str, controls: Sequence[tuple[Entry, Links]], entries: Sequence[tuple[Entry, Links]], without: list[Without]
) -> Report:
    """Return what there is to say."""
    return Report(
        budget=budget,
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        controls=[_section(*each) for each in controls],
        sections=[_section(*each) for each in entries],
        without=without,
        forest=forest([entry for entry, _ in entries]),
    )


def _section(entry: Entry, links: Links) -> Section:
    return Section(
        entry=entry,
        links=links,
        overview=_overview(entry),
        lines=effect_lines(entry.outcome),
        notes=list(_notes(entry)),
        pictures=pictures(entry),
        tables=list(_tables(entry)),
        protocol=dict(_protocol(entry)),
    )


def _overview(entry: Entry) -> Row:
    seconds = sum(entry.results.seconds.values())
    return (
        effect_overview(entry.outcome),
        _short_p(entry.outcome.p),
        _short_p(entry.adjusted_p),
        str(entry.outcome.seeds),
        duration_text(seconds) if seconds else "-",
    )


def effect_overview(outcome: Outcome) -> str:
    """Return the effect that decides."""
    decisive, parts = outcome.decisive, len(outcome.primary)
    effect = f"{decisive.comparison.name}, {decisive.comparison.metric.key}: {effect_number(decisive)}"
    return f"{effect} (decides, of {parts})" if parts > 1 else effect


def _short_p(p: float) -> str:
    return p_value(p).removeprefix("p ").removeprefix("= ")


def _notes(entry: Entry) -> Iterator[str]:
    if not entry.is_as_expected:
        yield f"{entry.outcome.verdict.capitalize()}{expected_note(entry.claim, entry.outcome)}."
    if entry.stands_alone:
        yield (
            f"Alone this verdict is significant; among all claims of this report it is not (Holm, "
            f"{p_value(entry.adjusted_p)}), so it is to be repeated before it is built upon."
        )
    yield from edge_notes(entry.claim, entry.budget, entry.results)


def _tables(entry: Entry) -> Iterator[Table]:
    claim, results = entry.claim, entry.results
    yield Table("Effects", rows.EFFECTS, rows.effect_rows(entry.outcome))
    yield Table("Arms", rows.ARMS, rows.arm_rows(claim, results))
    if claim.published:
        yield Table("Published numbers", rows.PUBLISHED, rows.published_rows(claim, results))
    for metric in dict.fromkeys(arm.metric for arm in arm_summaries(claim, results)):
        yield _seeds_table(entry, metric.key)


def _seeds_table(entry: Entry, metric: str) -> Table:
    """Return the values of each seed, as they count."""
    arms = [arm for arm in arm_summaries(entry.claim, entry.results) if arm.metric.key == metric]
    lines = [
        (str(place), *(number(float(arm.values[place])) for arm in arms))
        for place in range(min(arm.values.size for arm in arms))
    ]
    return Table(f"Seed by seed, {metric}", ("seed", *(arm.arm for arm in arms)), lines)


def _protocol(entry: Entry) -> Iterator[tuple[str, str]]:
    claim, budget, results = entry.claim, entry.budget, entry.results
    yield from claim.source.items()
    yield "all arms", " ".join((*claim.base, *budget.overrides)) or "defaults"
    yield from ((f"arm {arm}", " ".join(overrides) or "nothing else") for arm, overrides in claim.arms.items())
    yield from rows.tuning_rows(claim, budget)
    yield "seeds", ", then ".join(map(str, budget.looks)) + " of each arm"
    protocol = results.protocol
    yield "written down", f"{protocol.written}, before the first result; protocol {protocol.hash}"
    yield "commit", protocol.commit
    yield "versions", ", ".join(f"{name} {version}" for name, version in results.versions.items())
