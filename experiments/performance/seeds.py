"""Train ten seeds of a network with nnlab and by all ways of its peers, by turns, and print who trains most.

python experiments/performance/seeds.py --networks 3 4 --ways nnlab jax jax-vmap --json seeds.json
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict
from statistics import geometric_mean

import machine
from command import parser, progress, run
from measurement import Timing, best_of_each_peer, measure, ratio
from networks import NETWORKS
from report import Results, not_learned, table, time_cell
from seed_trainers import SEEDS
from seed_ways import WAYS, load_ways

from nnlab.errors import ConfigurationError


def main() -> int:
    """Run the command; return its exit status."""
    options = parser(__doc__, rounds=5)
    options.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    return run(_measure, options.parse_args())


def _measure(options: argparse.Namespace) -> None:
    variants = load_ways(dict.fromkeys(options.ways), progress)
    if not variants:
        raise ConfigurationError("none of the peers is installed: pip install -e '.[peers]' installs them")
    results: Results = {}
    for number in dict.fromkeys(options.networks):
        progress(f"network {number}: {NETWORKS[number].title}")
        results[number] = measure(NETWORKS[number], variants, options.rounds, progress, SEEDS)
    print(machine.text(), _times_table(results), *_comparison(results), *not_learned(results), sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps(machine.describe() | {"seeds": _as_json(results)}, indent=1) + "\n")


def _times_table(results: Results) -> str:
    """Return microseconds per step of one network, ways by networks."""
    best = [best_of_each_peer(timings) for timings in results.values()]
    rows = [[WAYS[way].title, *(_time(timings[way]) for timings in best)] for way in best[0]]
    return table(["microseconds per step and network", *map(str, results)], rows)


def _time(timing: Timing) -> str:
    return time_cell(timing.microseconds) + (f" ({timing.threads})" if timing.threads else "")


def _comparison(results: Results) -> list[str]:
    """Return the table that compares with nnlab, if that was measured."""
    if not any(timing.peer == "nnlab" for timings in results.values() for timing in timings):
        return []
    rows = [_compared(timings) for timings in results.values()]
    titles = [f"{number}: {NETWORKS[number].title}" for number in results]
    cells = [
        [title, way, _decimals(times), f"{efficiency:.0%}"]
        for title, (way, times, efficiency) in zip(titles, rows, strict=True)
    ]
    mean = geometric_mean([times for _, times, _ in rows]) if not math.isnan(rows[0][1]) else math.nan
    heads = ["ten seeds", "fastest peer", "fastest peer / nnlab", "nnlab's parallel efficiency"]
    return [table(heads, [*cells, ["geometric mean", "", _decimals(mean), ""]])]


def _compared(timings: list[Timing]) -> tuple[str, float, float]:
    """Return the fastest way of the peers, its ratio to nnlab, and how well nnlab uses its threads."""
    one, *_, many = [timing for timing in timings if timing.peer == "nnlab"]
    efficiency = ratio(one, many) / many.threads
    peers = [timing for timing in timings if timing.peer != "nnlab"]
    if not peers:
        return "", math.nan, efficiency
    fastest = min(peers, key=lambda timing: timing.microseconds)
    return WAYS[fastest.peer].title, ratio(fastest, many), efficiency


def _decimals(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}"


def _as_json(results: Results) -> dict[int, object]:
    return {number: [asdict(timing) for timing in timings] for number, timings in results.items()}


if __name__ == "__main__":
    sys.exit(main())
