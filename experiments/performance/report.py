"""What a comparison found, as Markdown tables of at most 100 columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from statistics import geometric_mean

from measurement import Timing, best_of_each_peer, ratio
from networks import NETWORKS
from peers import PEERS

Results = dict[int, list[Timing]]  # for each network, a timing of each variant

SHORT = 100  # microseconds; shorter times are shown with one decimal


def times_table(results: Results) -> str:
    """Return microseconds per step, networks by peers; a thread count is shown where several were tried."""
    best = {number: best_of_each_peer(timings) for number, timings in results.items()}
    peers = list(next(iter(best.values())))
    rows = [[NETWORKS[number].title, *(_cell(timings[peer]) for peer in peers)] for number, timings in best.items()]
    return table(["microseconds per step", *(PEERS[peer].title for peer in peers)], rows)


def ratios_table(results: Results) -> str:
    """Return how many times longer than nnlab others take; nnlab and at least one other were measured."""
    rows = [_ratios(best_of_each_peer(timings)) for timings in results.values()]
    _, *columns = zip(*rows, strict=True)
    titles = [NETWORKS[number].title for number in results]
    cells = [
        [title, PEERS[peer].title, _times(fastest), _times(eager)]
        for title, (peer, fastest, eager) in zip(titles, rows, strict=True)
    ]
    heads = ["ratio to nnlab", "fastest peer", "fastest peer / nnlab", "PyTorch eager / nnlab"]
    return table(heads, [*cells, ["geometric mean", "", *(_times(_mean(column)) for column in columns)]])


def not_learned(results: Results) -> Iterator[str]:
    """Yield a line for each variant whose last loss is no better than guessing (or is not a number)."""
    for number, timings in results.items():
        guessing = math.log(NETWORKS[number].sizes[-1])
        for timing in timings:
            if not timing.loss < guessing:
                losses = f"loss {timing.loss:.4f}, guessing {guessing:.4f}"
                yield f"{timing.peer} did not learn network {number}: {losses}"


def _ratios(best: dict[str, Timing]) -> tuple[str, float, float]:
    """Return the fastest peer, its ratio to nnlab, and that of PyTorch eager (NaN where it was not timed)."""
    fastest = min((peer for peer in best if peer != "nnlab"), key=lambda peer: best[peer].microseconds)
    eager = ratio(best["pytorch"], best["nnlab"]) if "pytorch" in best else math.nan
    return fastest, ratio(best[fastest], best["nnlab"]), eager


def _mean(ratios: Iterable[float]) -> float:
    known = [value for value in ratios if not math.isnan(value)]
    return geometric_mean(known) if known else math.nan


def time_cell(microseconds: float) -> str:
    """Return a time in microseconds, with a decimal if it is short."""
    return f"{microseconds:,.{1 if microseconds < SHORT else 0}f}"


def _cell(timing: Timing) -> str:
    return time_cell(timing.microseconds) + (f" ({timing.threads}t)" if timing.threads else "")


def _times(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its first column to the left and all others to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [[cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])] for cells in (heads, rule, *rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
