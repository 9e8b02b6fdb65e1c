"""Timing by turns: in every round each variant trains once, so that a slow minute hits them all alike."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from statistics import median

from networks import Network, make_data
from peers import Report, Trainer, Variant, prepare_variant

LEAST_SECONDS = 0.15
PAUSE_SECONDS = 0.02  # idle threads of the variant before spin for some milliseconds


@dataclass
class Timing:
    """One variant on one network: microseconds per step in each round, and the last mean loss."""

    peer: str
    threads: int
    epochs: int  # in each measurement
    steps: int  # in each epoch, of all networks that it trains
    rounds: list[float] = field(default_factory=list)
    loss: float = float("nan")

    @property
    def microseconds(self) -> float:
        """Median over the rounds."""
        return median(self.rounds)


Timed = tuple[Trainer, Timing]


def measure(network: Network, variants: list[Variant], rounds: int, report: Report, copies: int = 1) -> list[Timing]:
    """Prepare all variants for a network, then time them by turns.

    With several `copies`, each variant trains as many networks of that kind; times are those of a step of one.
    """
    data = make_data(network)
    prepared = []
    for variant in variants:
        report(f"  preparing {variant.peer}{f', {variant.threads}t' if variant.threads else ''} ...")
        train = prepare_variant(variant, network, data)
        prepared.append((train, Timing(variant.peer, variant.threads, epochs_for(train), network.steps * copies)))
    time_by_turns(prepared, rounds, report)
    return [timing for _, timing in prepared]


def time_by_turns(prepared: list[Timed], rounds: int, report: Report) -> None:
    """Time all trainers in every round; the order turns from round to round."""
    for turn in range(rounds):
        report(f"  round {turn + 1} of {rounds} ...")
        first = turn % len(prepared)
        for train, timing in prepared[first:] + prepared[:first]:
            _time(train, timing)


def best_of_each_peer(timings: list[Timing]) -> dict[str, Timing]:
    """Return for each peer the timing of its fastest thread count."""
    slowest_first = sorted(timings, key=lambda timing: -timing.microseconds)
    best = {timing.peer: timing for timing in slowest_first}
    return {timing.peer: best[timing.peer] for timing in timings}


def ratio(timing: Timing, reference: Timing) -> float:
    """Return the median over rounds of the ratio within a round, which slow minutes hardly change."""
    return median(a / b for a, b in zip(timing.rounds, reference.rounds, strict=True))


def epochs_for(train: Trainer, least_seconds: float = LEAST_SECONDS) -> int:
    """Return how many epochs take the least time worth measuring."""
    return max(1, round(least_seconds / _seconds(train)[0]))


def _time(train: Trainer, timing: Timing) -> None:
    time.sleep(PAUSE_SECONDS)
    seconds, timing.loss = _seconds(train, timing.epochs)
    timing.rounds.append(seconds / (timing.steps * timing.epochs) * 1e6)


def _seconds(train: Trainer, epochs: int = 1) -> tuple[float, float]:
    start = time.perf_counter()
    for _ in range(epochs):
        loss = train()
    return time.perf_counter() - start, loss
