"""The same configuration and seed give the same bits; and how training ends before its last epoch."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
import pytest

import nnlab
from nnlab.composition import compose
from nnlab.data import load
from nnlab.kernels import entry_points
from nnlab.training.replicate import Replicate
from nnlab.training.replicates import ReplicatesTraining
from nnlab.training.result import Result

SMALL = ["dataset=moons", "dataset.examples=200", "dataset.noise=0.3", "width=9", "batch_size=16", "epochs=3"]
LOSS = "loss=softmax_cross_entropy"
DROPOUT = ["dropout=0.3", "input_dropout=0.1"]
VARIANTS = {
    "float32": [],
    "float32 with dropout": DROPOUT,
    "float64": ["dtype=float64"],
    "float64 with dropout": ["dtype=float64", *DROPOUT],
    "maxout and momentum": ["activation=maxout", "optimizer=momentum", *DROPOUT],
}


def bits(replicate: Replicate) -> list[object]:
    """Return all that training gave, but the time that it took."""
    values = [*replicate.history, replicate.final, replicate.best]
    return [replicate.seed, replicate.network.parameters.tobytes(), *(tuple(v.items()) for v in values)]


def all_bits(result: Result) -> list[list[object]]:
    return [bits(replicate) for replicate in result.replicates]


def replicates_training(*overrides: str) -> ReplicatesTraining:
    config = compose([*SMALL, LOSS, "tracking=none", *overrides])
    return ReplicatesTraining(config, load(config.dataset))


@pytest.mark.parametrize("variant", VARIANTS)
def test_repetition_and_any_number_of_threads(variant: str) -> None:
    overrides = [*SMALL, *VARIANTS[variant], "seeds=[0, 7, 42, 5]"]
    ref = all_bits(nnlab.train([*overrides, "workers=1"]))
    for workers in (1, 2, 3):
        assert all_bits(nnlab.train([*overrides, f"workers={workers}"])) == ref


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_seed_alone_or_among_others(variant: str) -> None:
    overrides = [*SMALL, *VARIANTS[variant]]
    together = {r.seed: bits(r) for r in nnlab.train([*overrides, "seeds=[3, 7, 11]"]).replicates}
    alone = nnlab.train([*overrides, "seeds=[7]"]).replicates[0]
    assert bits(alone) == together[7]
    assert together[3][1:] != together[7][1:] != together[11][1:]


def test_wide_layers_are_the_same_bits_too() -> None:
    """Large products are what BLAS would split among threads."""
    overrides = ["dataset=digits", "width=300", "batch_size=128", "epochs=1", "seeds=3"]
    ref = all_bits(nnlab.train([*overrides, "workers=1"]))
    assert all_bits(nnlab.train([*overrides, "workers=3"])) == ref


def test_tables_are_the_same_but_for_the_seconds() -> None:
    one, other = (nnlab.train([*SMALL, "seeds=3"]) for _ in range(2))
    assert one.history.equals(other.history)
    assert one.summary.drop(columns="seconds").equals(other.summary.drop(columns="seconds"))


def test_the_first_epochs_do_not_depend_on_how_many_follow() -> None:
    short = nnlab.train([*SMALL, *DROPOUT, "seeds=1", "epochs=3"]).history
    long = nnlab.train([*SMALL, *DROPOUT, "seeds=1", "epochs=6"]).history
    assert short.equals(long[:3])


def test_early_stopping_goes_back_to_the_best_epoch() -> None:
    overrides = [*SMALL, "seeds=1", "learning_rate=0.05"]
    stopped = nnlab.train([*overrides, "epochs=200", "early_stopping=patience", "early_stopping.patience=5"])
    replicate = stopped.replicates[0]
    best = int(replicate.best["best_epoch"])
    assert len(replicate.history) == best + 5 < 200
    losses = [metrics["validation_loss"] for metrics in replicate.history]
    assert losses.index(min(losses)) + 1 == best
    assert replicate.final["validation_loss"] == replicate.best["best_validation_loss"] == min(losses)
    straight = nnlab.train([*overrides, f"epochs={best}"]).network(0)
    assert np.array_equal(replicate.network.parameters, straight.parameters)


def test_without_early_stopping_the_last_epoch_stays() -> None:
    replicate = nnlab.train([*SMALL, "seeds=1", "learning_rate=0.05", "epochs=60"]).replicates[0]
    assert replicate.best["best_epoch"] < len(replicate.history) == 60
    assert replicate.final["validation_loss"] == replicate.history[-1]["validation_loss"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_divergence_is_seen_and_ends_a_seed(dtype: str) -> None:
    overrides = ["dataset=line", "loss=mean_squared_error", "optimizer=sgd", "learning_rate=1e6", "seeds=2"]
    result = nnlab.train([*overrides, "epochs=100", f"dtype={dtype}"])
    for replicate in result.replicates:
        assert replicate.diverged
        assert len(replicate.history) < 100
        assert all(np.isnan(value) for value in replicate.final.values())
    assert result.summary["diverged"].tolist() == [True, True]


@pytest.mark.parametrize("early_stopping", ["off", "patience"])
def test_one_seed_diverges_alone(early_stopping: str) -> None:
    training = replicates_training("seeds=3", f"early_stopping={early_stopping}")
    training.trainings[1].network.parameters[0] = np.nan
    first, second, third = training.run([])
    assert [len(each.history) for each in (first, second, third)] == [3, 1, 3]
    assert [each.diverged for each in (first, second, third)] == [False, True, False]
    assert np.isnan(second.best["best_epoch"])
    assert all(np.isnan(value) for value in second.final.values())
    untouched = replicates_training("seeds=3", f"early_stopping={early_stopping}").run([])
    assert [bits(first), bits(third)] == [bits(untouched[0]), bits(untouched[2])]


def test_a_seed_asked_to_stop_ends_within_a_step() -> None:
    training = replicates_training("seeds=2", "workers=1", "epochs=5")
    first = training.trainings[0]

    def stop_at_the_second_epoch(seed: int, epoch: int, metrics: Mapping[str, float]) -> None:
        if (seed, epoch) == (0, 2):
            first.control[entry_points.STOP] = 1

    stopped, other = training.run([stop_at_the_second_epoch])
    steps = -(-first.split.train.size // 16)
    assert first.control[entry_points.STEPS_DONE] == 2 * steps
    assert [len(stopped.history), len(other.history)] == [2, 5]
    assert not stopped.diverged


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_exception_in_one_seed_stops_the_others(error: type[BaseException]) -> None:
    training = replicates_training("seeds=3", "workers=2", "epochs=100000")

    def fail(seed: int, epoch: int, metrics: Mapping[str, float]) -> None:
        if (seed, epoch) == (1, 3):
            raise error("no disk")

    with pytest.raises(error, match="no disk"):
        training.run([fail])
    assert not any(thread.name.startswith("seed") for thread in threading.enumerate())
    assert all(each.control[entry_points.STOP] for each in training.trainings)
    assert training.trainings[0].control[entry_points.STEPS_DONE] < 100_000


def test_progress_counts_steps_up_to_the_whole() -> None:
    training = replicates_training("seeds=2", "workers=1", "epochs=4")
    seen = [training.progress]
    training.run([lambda *_: seen.append(training.progress)])
    assert seen == pytest.approx([0, 1 / 8, 2 / 8, 3 / 8, 4 / 8, 5 / 8, 6 / 8, 7 / 8, 8 / 8])
    assert training.progress == 1
