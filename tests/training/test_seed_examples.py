"""What a seed is trained on: noise, smoothing and weights touch the training alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import nnlab
from nnlab.composition import compose
from nnlab.data import load
from nnlab.design import completed
from nnlab.training.replicate import ReplicateTraining
from nnlab.training.shared_examples import SharedExamples


def training_of(*overrides: str) -> ReplicateTraining:
    config = compose([*overrides, "tracking=none"])
    dataset = load(config.dataset)
    config = completed(config, dataset)
    return ReplicateTraining(config, dataset, SharedExamples.of(dataset, config.dtype), seed=0)


def seen(examples: object) -> np.ndarray:
    """Return the targets as the network sees them."""
    return (examples.targets - examples.target_shift) * examples.target_scale


def test_weights_are_those_of_the_labels_trained_on() -> None:
    training = training_of("dataset=wine", "label_noise=0.5", "class_weights=[1,10,100]")
    working, rows = training._allocate(), training.split.train
    labels = seen(working.training)[rows].argmax(axis=1)
    assert np.array_equal(working.training.weights[rows], np.array([1, 10, 100])[labels])
    clean = training.dataset.targets[rows].argmax(axis=1)
    assert np.sum(labels != clean) == round(0.5 * rows.size)


def test_smoothing_is_that_of_pytorch_and_spares_what_is_measured() -> None:
    training = training_of("dataset=wine", "label_smoothing=0.3", "label_noise=0.2", "dtype=float64")
    working, rows = training._allocate(), training.split.train
    np.testing.assert_allclose(np.unique(seen(working.training)[rows].round(12)), [0.1, 0.8])
    np.testing.assert_allclose(seen(working.measured), training.dataset.targets, atol=1e-12)
    assert np.all(working.measured.weights == 1)


def test_lsuv_draws_its_examples_from_all_of_training(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 400)  # sorted by class, and the classes lie far apart
    np.savez(tmp_path / "sorted.npz", X=rng.normal(0, 1, (800, 4)) * (1 + 9 * y[:, None]), y=y)
    data = ["dataset=npz", f"dataset.path={tmp_path / 'sorted.npz'}", "dataset.task=classification"]
    training = training_of(*data, "initialisation=lsuv", "depth=1", "dtype=float64")
    inputs = training.dataset.inputs[training.split.train].astype(float)
    scaling, weights = training.network.scaling, training.network.weights[0]
    z = (inputs - scaling.input_shift) * scaling.input_scale @ weights
    assert 0.7 < z.std() < 1.4


def test_noise_on_the_data_reaches_all_paths() -> None:
    """Without weights in the first layer, only what is led past it can carry the noise."""
    overrides = ["dataset=wine", "connection=dense", "input_noise=1", "seeds=1", "epochs=1"]
    result = nnlab.train(overrides)
    network = result.network(0)
    network.weights[0][:] = 0
    samples = network.sample_predictions(result.dataset.inputs[:5], samples=20)
    assert samples.std(axis=0).max() > 0.01
