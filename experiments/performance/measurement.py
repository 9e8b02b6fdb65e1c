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
    rounds: list[float] = field(default_factory=list)
    loss: float = float("nan")

    @property
    def microseconds(self) -> float:
        """Median over the rounds."""
        return median(self.rounds)


def measure(network: Network, variants: list[Variant], rounds: int, report: Report, copies: int = 1) -> list[Timing]:
    """Prepare all variants for a network, then time them by turns; the order turns from round to round.

    With several `copies`, each variant trains as many networks of that kind; times are those of a step of one.
    """
    data = make_data(network)
    prepared = []
    for variant in variants:
        report(f"  preparing {variant.peer}{f', {variant.threads}t' if variant.threads else ''} ...")
        train = prepare_variant(variant, network, data)
        prepared.append((train, Timing(variant.peer, variant.threads, _epochs_for(train))))
    for turn in range(rounds):
        report(f"  round {turn + 1} of {rounds} ...")
        first = turn % len(prepared)
        for train, timing in prepared[first:] + prepared[:first]:
            _time(train, timing, network.steps * copies)
    return [timing for _, timing in prepared]


def best_of_each_peer(timings: list[Timing]) -> dict[str, Timing]:
    """Return for each peer the timing of its fastest thread count."""
    slowest_first = sorted(timings, key=lambda timing: -timing.microseconds)
    best = {timing.peer: timing for timing in slowest_first}
    return {timing.peer: best[timing.peer] for timing in timings}


def ratio(timing: Timing, reference: Timing) -> float:
    """Return the median over rounds of the ratio within a round, which slow minutes hardly change."""
    return median(a / b for a, b in zip(timing.rounds, reference.rounds, strict=True))


def _epochs_for(train: Trainer) -> int:
    """Return how many epochs take the least time worth measuring."""
    return max(1, round(LEAST_SECONDS / _seconds(train)[0]))


def _time(train: Trainer, timing: Timing, steps: int) -> None:
    time.sleep(PAUSE_SECONDS)
    seconds, timing.loss = _seconds(train, timing.epochs)
    timing.rounds.append(seconds / (steps * timing.epochs) * 1e6)


def _seconds(train: Trainer, epochs: int = 1) -> tuple[float, float]:
    start = time.perf_counter()
    for _ in range(epochs):
        loss = train()
    return time.perf_counter() - start, loss
