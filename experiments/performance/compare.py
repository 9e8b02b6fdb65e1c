"""Train six networks with nnlab and its peers by turns, and print microseconds per step and ratios.

python experiments/performance/compare.py --networks 3 4 --peers nnlab pytorch jax --json times.json
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

import machine
from command import parser, progress, run
from measurement import measure
from networks import NETWORKS
from peers import PEERS, load_variants
from report import Results, not_learned, ratios_table, times_table

from nnlab.errors import ConfigurationError


def main() -> int:
    """Run the command; return its exit status."""
    options = parser(__doc__, rounds=7)
    options.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    return run(_compare, options.parse_args())


def _compare(options: argparse.Namespace) -> None:
    results = _results(options)
    print(machine.text(), _tables(results), sep="\n\n")
    if options.json:
        options.json.write_text(_as_json(machine.describe(), results))


def _results(options: argparse.Namespace) -> Results:
    variants = load_variants(dict.fromkeys(options.peers), progress)
    if not variants:
        raise ConfigurationError("none of the peers is installed: pip install -e '.[peers]' installs them")
    results: Results = {}
    for number in dict.fromkeys(options.networks):
        progress(f"network {number}: {NETWORKS[number].title}")
        results[number] = measure(NETWORKS[number], variants, options.rounds, progress)
    return results


def _tables(results: Results) -> str:
    peers = {timing.peer for timings in results.values() for timing in timings}
    tables = [times_table(results)]
    if "nnlab" in peers and len(peers) > 1:
        tables.append(ratios_table(results))
    return "\n\n".join([*tables, *not_learned(results)])


def _as_json(facts: dict[str, str], results: Results) -> str:
    networks = {
        number: {"network": asdict(NETWORKS[number]), "timings": [asdict(timing) for timing in timings]}
        for number, timings in results.items()
    }
    return json.dumps({**facts, "networks": networks}, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
