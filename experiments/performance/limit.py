"""Print which share of a training step its products alone would take at the rate of the fastest sgemm, on one thread.

python experiments/performance/limit.py --networks 2 6 --shapes
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from operator import mul
from statistics import median

import machine
from command import parser, progress, run
from measurement import Timed, Timing, epochs_for, time_by_turns
from networks import NETWORKS, Network, make_data
from peers import Trainer, load_variants, prepare_variant
from report import table, time_cell
from sgemm import Product, Repeat, products_of, repeaters
from threadpoolctl import threadpool_limits

LEAST_SECONDS = 0.02  # of a measurement of one product
RATE = 50e9  # operations per second, about those of one core
MOST_TIMES = 20_000  # of a small product, which does not take less than a microsecond from Python


@dataclass
class Found:
    """What was measured on one network."""

    step: Timing  # of nnlab
    products: dict[Product, Timing]  # with the fastest sgemm
    counts: dict[Product, int]  # in one step

    @property
    def rounds(self) -> list[float]:
        """Microseconds that all products of a step took in each round."""
        by_round = zip(*(timing.rounds for timing in self.products.values()), strict=True)
        return [sum(map(mul, times, self.counts.values())) for times in by_round]

    @property
    def operations(self) -> int:
        """Floating-point operations of the products of a step."""
        return sum(count * product.operations for product, count in self.counts.items())


def main() -> int:
    """Run the command; return its exit status."""
    options = parser(__doc__, rounds=7)
    options.add_argument("--shapes", action="store_true", help="show every product as well")
    return run(_measure, options.parse_args())


def _measure(options: argparse.Namespace) -> None:
    found: dict[int, Found] = {}
    for number in dict.fromkeys(options.networks):
        progress(f"network {number}: {NETWORKS[number].title}")
        with threadpool_limits(1):
            found[number] = _find(NETWORKS[number], options.rounds)
    shapes = [_shape_table(number, one) for number, one in found.items()] if options.shapes else []
    print(machine.text(), _share_table(found), *shapes, sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps(machine.describe() | {"networks": _as_json(found)}, indent=1) + "\n")


def _find(network: Network, rounds: int) -> Found:
    """Time a step of nnlab and each of its products by turns."""
    counts = Counter(products_of(network.sizes, network.batch_size))
    step, timed = _step(network), {product: list(_candidates(product)) for product in counts}
    time_by_turns([step, *(candidate for candidates in timed.values() for candidate in candidates)], rounds, progress)
    fastest = {
        product: min((timing for _, timing in candidates), key=lambda timing: timing.microseconds)
        for product, candidates in timed.items()
    }
    return Found(step[1], fastest, counts)


def _step(network: Network) -> Timed:
    """Return nnlab on one thread."""
    variant, *_ = load_variants(["nnlab"], progress)
    train = prepare_variant(variant, network, make_data(network))
    return train, Timing(variant.peer, variant.threads, epochs_for(train), network.steps)


def _candidates(product: Product) -> Iterable[Timed]:
    """Return the product with each BLAS, as often as takes long enough."""
    times = max(1, min(MOST_TIMES, round(LEAST_SECONDS * RATE / product.operations)))
    for name, repeat in repeaters(product).items():
        yield _trainer(repeat, times), Timing(name, 1, epochs=1, steps=times)


def _trainer(repeat: Repeat, times: int) -> Trainer:
    """Return what multiplies so often, after a first time, and learns nothing."""

    def train() -> float:
        repeat(times)
        return math.nan

    train()
    return train


def _share_table(found: dict[int, Found]) -> str:
    """Return what a step takes, what its products would, and the share of these."""
    heads = ["on one thread", "step, us", "GFLOP/s", "products by sgemm, us", "GFLOP/s", "sgemm / step"]
    rows = []
    for number, one in found.items():
        step, products = one.step.microseconds, median(one.rounds)
        share = median(a / b for a, b in zip(one.rounds, one.step.rounds, strict=True))
        rates = [f"{one.operations / microseconds / 1e3:.1f}" for microseconds in (step, products)]
        rows.append([NETWORKS[number].title, time_cell(step), rates[0], time_cell(products), rates[1], f"{share:.0%}"])
    return table(heads, rows)


def _shape_table(number: int, found: Found) -> str:
    """Return the rate of each product of a network."""
    heads = [f"products of {number}: m x depth x n", "in a step", "fastest", "us", "GFLOP/s"]
    rows = [
        [
            f"{product.m} x {product.depth} x {product.n} {product.layout}",
            str(found.counts[product]),
            timing.peer,
            f"{timing.microseconds:,.2f}",
            f"{product.operations / timing.microseconds / 1e3:.1f}",
        ]
        for product, timing in found.products.items()
    ]
    return table(heads, rows)


def _as_json(found: dict[int, Found]) -> dict[int, object]:
    return {
        number: {
            "step": asdict(one.step),
            "products": [
                {**product._asdict(), "count": one.counts[product], **asdict(timing)}
                for product, timing in one.products.items()
            ],
        }
        for number, one in found.items()
    }


if __name__ == "__main__":
    sys.exit(main())
