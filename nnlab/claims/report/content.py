"""What the pages of a report show, as text: the same for HTML and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nnlab.claims import rows
from nnlab.claims.report.controls import CONTROLS, TrainedControl
from nnlab.claims.report.entries import Entry, Unjudged
from nnlab.claims.report.links import Links
from nnlab.claims.report.pictures import Picture, forest_picture, overview_figure, pictures
from nnlab.claims.rows import Row
from nnlab.claims.summary import arm_summaries, by_metric, edge_notes
from nnlab.claims.verdict import EQUIVALENT, INCONCLUSIVE, REFUTED, SUPPORTED, Outcome
from nnlab.claims.words import (
    amended_note,
    effect_lines,
    effect_number,
    expected_note,
    is_as_expected,
    number,
    p_value,
    parts_note,
    short_p,
)
from nnlab.console.formatting import duration_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VERDICTS = (SUPPORTED, REFUTED, EQUIVALENT, INCONCLUSIVE)
OVERVIEW = ("claim", "verdict", "effect [95% interval]", "p", "p, Holm", "seeds", "core time")


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
        amended: how often the claim was changed after results were known, and what the verdicts were; "" if never.
        notes: what else a reader must know of it.
        pictures: its figures.
        tables: its effects, arms and published numbers.
        seed_tables: what each seed gave, a table for each metric.
        protocol: what was fixed before the first result, line by line, by what it is.
        duration: how long its seeds trained in all, in words; "" where that is not known.
    """

    entry: Entry
    links: Links
    overview: Row
    lines: Sequence[str]
    amended: str
    notes: Sequence[str]
    pictures: Sequence[Picture]
    tables: Sequence[Table]
    seed_tables: Sequence[Table]
    protocol: Mapping[str, str]
    duration: str

    @property
    def command(self) -> str:
        """The command that measures it all again."""
        return f"python -m nnlab.claims run {self.entry.claim.id} --budget {self.entry.budget.name}"


@dataclass(frozen=True)
class Report:
    """A report: the controls, the claims that were judged, and those that were not.

    Attributes:
        budget: under which.
        written: when.
        controls: that were trained for it.
        control_sections: what is said of each.
        sections: what is said of each claim that was judged.
        unjudged: the others.
        figure: all effects in one; None if there is none.
        forest: the same as a picture.
        narrow_forest: another for phones.
    """

    budget: str
    written: str
    controls: Sequence[TrainedControl]
    control_sections: Sequence[Section]
    sections: Sequence[Section]
    unjudged: Sequence[Unjudged]
    figure: Figure | None
    forest: Picture | None
    narrow_forest: Picture | None

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many claims have each verdict."""
        found = Counter(section.entry.outcome.verdict for section in self.sections)
        return [(verdict, found[verdict]) for verdict in VERDICTS if found[verdict]]

    @property
    def summary(self) -> str:
        """The counts in words."""
        return ", ".join(f"{count} {verdict}" for verdict, count in self.counts) or "no claim has a verdict"

    @property
    def failed_controls(self) -> list[TrainedControl]:
        """The controls that did not come out as they must."""
        return [control for control in self.controls if control.has_failed]

    @property
    def controls_note(self) -> str:
        """What the controls say of all else."""
        if self.failed_controls:
            return "A control did not come out as it must: nothing in this report can be relied on."
        missing = [control.name for control in CONTROLS if control not in [each.control for each in self.controls]]
        kept = "; ".join(each.control.kept for each in self.controls)
        trained = f"Trained for this report: {kept}." if kept else ""
        without = f"Not trained, as there is none with this budget: {', '.join(missing)}." if missing else ""
        return f"{trained} {without}".strip()


def report_of(
    budget: str,
    controls: Sequence[TrainedControl],
    entries: Sequence[Entry],
    unjudged: Sequence[Unjudged],
    links: Sequence[Links],
) -> Report:
    """Return what there is to say; the links are those of the controls and then of the other claims."""
    found = [_section(*each) for each in zip([*(each.entry for each in controls), *entries], links, strict=True)]
    figure = overview_figure(entries)
    return Report(
        budget=budget,
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        controls=controls,
        control_sections=found[: len(controls)],
        sections=found[len(controls) :],
        unjudged=unjudged,
        figure=figure,
        forest=forest_picture(figure),
        narrow_forest=forest_picture(overview_figure(entries, is_narrow=True)),
    )


def _section(entry: Entry, links: Links) -> Section:
    duration = duration_of(entry)
    return Section(
        entry=entry,
        links=links,
        overview=(
            effect_overview(entry.outcome),
            short_p(entry.outcome.p),
            short_p(entry.adjusted_p),
            str(entry.outcome.seeds),
            duration or "-",
        ),
        lines=effect_lines(entry.outcome),
        amended=amended_note(entry.results),
        notes=list(_notes(entry)),
        pictures=pictures(entry),
        tables=list(_tables(entry)),
        seed_tables=list(_seed_tables(entry)),
        protocol=dict(_protocol(entry)),
        duration=duration,
    )


def duration_of(entry: Entry) -> str:
    """Return how long its seeds trained in all, in words; "" where that is not known."""
    seconds = entry.results.core_seconds
    return duration_text(seconds) if seconds else ""


def effect_overview(outcome: Outcome) -> str:
    """Return the effect that decides, and what became of all parts if there are several."""
    decisive, parts = outcome.decisive, parts_note(outcome)
    if outcome.verdict == SUPPORTED and outcome.is_exact:
        return "its number is as stated" if not parts else f"all {len(outcome.primary)} numbers are as stated"
    effect = f"{decisive.comparison.name}, {decisive.comparison.metric.key}: {effect_number(decisive)}"
    return f"{effect}; {parts}" if parts else effect


def _notes(entry: Entry) -> Iterator[str]:
    if not is_as_expected(entry.claim, entry.outcome):
        yield f"{entry.outcome.verdict.capitalize()}{expected_note(entry.claim, entry.outcome)}."
    if entry.is_lost_to_holm:
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


def _seed_tables(entry: Entry) -> Iterator[Table]:
    """Yield the values of each seed, as they count."""
    for metric, (arms, _) in by_metric(arm_summaries(entry.claim, entry.results), entry.outcome).items():
        lines = [
            (str(place), *(number(float(arm.values[place])) for arm in arms))
            for place in range(min(arm.values.size for arm in arms))
        ]
        yield Table(f"Seed by seed, {metric.key}", ("seed", *(arm.arm for arm in arms)), lines)


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
