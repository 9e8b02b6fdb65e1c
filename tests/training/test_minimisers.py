"""L-BFGS: reaches what SciPy reaches on its own, and says what it does not go with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab.composition import compose
from nnlab.data import load
from nnlab.errors import ConfigurationError
from nnlab.kernels import entry_points
from nnlab.training.replicates import ReplicatesTraining

BASE = ["dataset=moons", "dataset.examples=200", "optimizer=lbfgs", "batch_size=full", "dtype=float64", "seeds=2"]


def test_a_convex_problem_is_solved() -> None:
    """Softmax regression has one minimum; its gradient is 0 there."""
    result = nnlab.train([*BASE, "depth=0", "epochs=200"])
    dataset = result.dataset
    for replicate in result.replicates:
        rows = replicate.split.train
        inputs, targets = dataset.inputs[rows], dataset.targets[rows]
        loss, gradients = replicate.network.loss_and_gradients(inputs, targets)
        assert max(np.abs(part).max() for part in (*gradients.weights, *gradients.biases)) < 1e-6
        assert loss == pytest.approx(replicate.final["train_loss"], rel=1e-12)
        assert len(replicate.history) < 200, "it ends where no step lowers the loss"


def test_l2_is_part_of_the_loss() -> None:
    """At the minimum the gradient of the data's loss is -l2 times the weights, and 0 for biases."""
    result = nnlab.train([*BASE, "depth=0", "epochs=200", "seeds=1", "regularisation.l2=0.05"])
    replicate, dataset = result.replicates[0], result.dataset
    rows = replicate.split.train
    _, gradients = replicate.network.loss_and_gradients(dataset.inputs[rows], dataset.targets[rows])
    np.testing.assert_allclose(gradients.weights[0], -0.05 * replicate.network.weights[0], atol=1e-6)
    np.testing.assert_allclose(gradients.biases[0], 0, atol=1e-6)


def test_its_weights_start_another_training(tmp_path: Path) -> None:
    checkpoint = [f"checkpoint.folder={tmp_path}", "checkpoint.every=1"]
    ref = nnlab.train([*BASE, "width=8", "epochs=3", *checkpoint])
    other = ["dataset=moons", "dataset.examples=200", "dtype=float64", "seeds=2", "width=8", "epochs=1"]
    started = nnlab.train([*other, "learning_rate=1e-300", f"warm_start={tmp_path}"])
    assert np.array_equal(started.network(1).parameters, ref.network(1).parameters)


def test_the_loss_falls_with_every_epoch() -> None:
    for replicate in nnlab.train([*BASE, "width=8", "epochs=30"]).replicates:
        losses = [metrics["train_loss"] for metrics in replicate.history]
        assert len(losses) == 30
        assert losses == sorted(losses, reverse=True)
        assert replicate.final["train_loss"] == pytest.approx(losses[-1], rel=1e-12)


def test_repetition_gives_the_same_bits() -> None:
    one, other = (nnlab.train([*BASE, "width=8", "epochs=10", f"workers={workers}"]) for workers in (1, 2))
    assert one.history.equals(other.history)


def test_a_request_to_stop_ends_it() -> None:
    config = compose([*BASE, "loss=softmax_cross_entropy", "tracking=none", "seeds=1", "width=8", "epochs=1000"])
    training = ReplicatesTraining(config, load(config.dataset))

    def stop(seed: int, epoch: int, metrics: Mapping[str, float]) -> None:
        training.trainings[0].control[entry_points.STOP] = 1

    (replicate,) = training.run([stop])
    assert len(replicate.history) == 1


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["batch_size=64"], "batch_size=64: it needs batch_size=full"),
        (["dropout=0.1"], "noise"),
        (["dropconnect=0.1"], "noise"),
        (["regularisation.l1=0.1"], "only l2 goes with it"),
        (["regularisation.l2=0.1", "regularisation.max_norm=1"], "only l2 goes with it"),
        (["normalisation=batch"], "normalisation=batch"),
        (["schedule=cosine"], "schedule"),
        (["warm_up_epochs=2"], "warm_up_epochs"),
        (["learning_rate=0.5"], "learning_rate=0.5 is not allowed"),
        (["momentum_schedule=linear"], "needs an optimizer with a momentum, but optimizer=lbfgs has none"),
        (["resume=."], "resume"),
    ],
)
def test_what_it_does_not_go_with_is_refused_in_one_line(overrides: list[str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        nnlab.train([*BASE, *overrides])
