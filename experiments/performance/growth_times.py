"""How the time of nnlab grows with the depth of a network, the examples of an epoch, and the seeds of a training."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import asdict, replace

from command import progress
from measurement import Timed, Timing, epochs_for, ratio, time_by_turns
from networks import NETWORKS, Network, make_data
from peers import load_variants, prepare_variant
from report import table, time_cell

import nnlab
from nnlab.training.helpers import available_cores

DEPTHS = (10, 20, 56, 112)  # hidden layers
REFERENCE = 20  # the depth with which others are compared
TIMES = (1, 2, 4, 8)  # as many examples
SEEDS = (1, 2, 4, 8, 16)

Found = tuple[str, object]  # a table, and every measurement


def with_depth(rounds: int) -> Found:
    """Time a step of networks of several depths by turns."""
    deep = {depth: replace(NETWORKS[3], sizes=(64, *[32] * depth, 10)) for depth in DEPTHS}
    timed = {depth: _one_thread(network) for depth, network in deep.items()}
    timings = _time(timed.values(), rounds)
    reference = timed[REFERENCE][1]
    rows = [
        [
            str(depth),
            time_cell(timing.microseconds),
            f"{timing.microseconds / (depth + 1):.2f}",
            f"{ratio(timing, reference):.2f}",
            f"{(depth + 1) / (REFERENCE + 1):.2f}",
        ]
        for depth, timing in zip(timed, timings, strict=True)
    ]
    heads = ["hidden layers of 32", "us per step", "us per layer", f"time / {REFERENCE} layers", "layers / layers"]
    return table(heads, rows), [asdict(timing) for timing in timings]


def with_examples(numbers: Iterable[int], rounds: int) -> Found:
    """Time epochs of more and more examples by turns, for each network."""
    rows, measured = [], {}
    for number in dict.fromkeys(numbers):
        progress(f"  network {number}: {NETWORKS[number].title}")
        more = [replace(NETWORKS[number], examples=times * NETWORKS[number].examples) for times in TIMES]
        timings = _time([_one_thread(network) for network in more], rounds)
        growth = ratio(timings[-1], timings[0]) * TIMES[-1]
        rows.append([NETWORKS[number].title, *(time_cell(one.microseconds) for one in timings), f"{growth:.2f}"])
        measured[number] = [asdict(timing) for timing in timings]
    heads = ["us per step, by examples", *(f"{times}x" for times in TIMES), f"epoch {TIMES[-1]}x / 1x"]
    return table(heads, rows), measured


def with_seeds(rounds: int) -> Found:
    """Time trainings of more and more seeds by turns, on one worker and on one per core."""
    rows, measured = [], {}
    for workers in dict.fromkeys((1, available_cores())):
        timings = _trainings(workers, rounds)
        cells = [f"{one.microseconds / 1e3:,.1f}" for one in timings]
        rows.append([str(workers), *cells, f"{ratio(timings[-1], timings[0]) * SEEDS[-1]:.2f}"])
        measured[workers] = [asdict(timing) for timing in timings]
    heads = ["workers", *(f"{seeds} seeds" for seeds in SEEDS), f"time of {SEEDS[-1]} / of 1"]
    return "Milliseconds per seed:\n\n" + table(heads, rows), measured


def _one_thread(network: Network) -> Timed:
    variant, *_ = load_variants(["nnlab"], progress)
    train = prepare_variant(variant, network, make_data(network))
    return train, Timing(variant.peer, variant.threads, epochs_for(train), network.steps)


def _trainings(workers: int, rounds: int) -> list[Timing]:
    """Return timings whose steps are the trainings of one seed, without what a command takes besides."""
    timings = [Timing("nnlab.train", workers, epochs=1, steps=seeds) for seeds in SEEDS]
    for turn in range(rounds + 1):
        progress(f"  {workers} workers, {f'round {turn} of {rounds}' if turn else 'compiling'} ...")
        for timing in timings if turn else timings[:1]:
            with redirect_stdout(sys.stderr):
                seconds = nnlab.train([f"seeds={timing.steps}", f"workers={workers}"]).seconds.training
            if turn:
                timing.rounds.append(seconds / timing.steps * 1e6)
    return timings


def _time(timed: Iterable[Timed], rounds: int) -> list[Timing]:
    timed = list(timed)
    time_by_turns(timed, rounds, progress)
    return [timing for _, timing in timed]
