"""What notebooks call: nnlab.train, nnlab.untrained_network and nnlab.Network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab import data
from nnlab.errors import ConfigurationError, DataError

SMALL = ["width=16", "epochs=3", "seeds=2"]


@pytest.fixture(scope="module")
def result():
    return nnlab.train(SMALL)


def test_summary_has_a_row_per_seed(result) -> None:
    assert list(result.summary["seed"]) == [0, 1]
    assert {"train_loss", "validation_accuracy", "test_accuracy", "best_epoch", "diverged"} <= set(result.summary)


def test_history_has_a_row_per_seed_and_epoch(result) -> None:
    assert list(zip(result.history["seed"], result.history["epoch"], strict=True)) == [
        (seed, epoch) for seed in (0, 1) for epoch in (1, 2, 3)
    ]


def test_one_key_is_varied_and_results_come_by_its_value() -> None:
    trained = nnlab.train_each(SMALL[1:], "width", (4, 8))
    assert {width: result.network(0).weights[0].shape[1] for width, result in trained.items()} == {4: 4, 8: 8}


def test_nothing_is_written_or_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nnlab.train(SMALL)
    assert list(tmp_path.iterdir()) == []


def test_predict_takes_raw_inputs_and_agrees_with_the_scores(result) -> None:
    replicate = result.replicates[1]
    dataset = result.dataset
    probabilities = result.network(seed=1).predict(dataset.inputs[replicate.split.test])
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    right = probabilities.argmax(axis=1) == dataset.targets[replicate.split.test].argmax(axis=1)
    assert right.mean() == pytest.approx(replicate.final["test_accuracy"])


def test_predictions_of_a_regression_are_in_the_unit_of_the_targets() -> None:
    result = nnlab.train(["dataset=line", "depth=0", "epochs=60", "seeds=1", "optimizer=sgd"])
    np.testing.assert_allclose(result.network(0).predict([[2.0], [-1.0]]).ravel(), [1.0, -5.0], atol=0.25)


def test_loss_and_gradients_have_the_shapes_of_the_network() -> None:
    network = nnlab.untrained_network(["dataset=iris", "width=[5,4]", "activation=maxout", "dtype=float64"])
    dataset = data.load(data.check({"name": "iris"}))
    loss, gradients = network.loss_and_gradients(dataset.inputs[:20], dataset.targets[:20].argmax(axis=1))
    assert [w.shape for w in network.weights] == [(4, 10), (5, 8), (4, 3)]
    assert [g.shape for g in gradients.weights] == [w.shape for w in network.weights]
    assert [g.shape for g in gradients.biases] == [b.shape for b in network.biases]
    step = 1e-6
    network.weights[1][2, 3] += step
    higher, _ = network.loss_and_gradients(dataset.inputs[:20], dataset.targets[:20])
    assert (higher - loss) / step == pytest.approx(gradients.weights[1][2, 3], rel=1e-3, abs=1e-6)


def test_weights_are_views_that_change_the_network() -> None:
    network = nnlab.untrained_network(["dataset=iris", "depth=1"])
    for weights in network.weights:
        weights[:] = 0
    np.testing.assert_allclose(network.predict(np.ones((1, 4))), 1 / 3)


def test_activations_are_those_of_each_hidden_layer_for_raw_inputs() -> None:
    overrides = ["dataset=iris", "width=[5,4]", "dtype=float64", "dropout=0.5", "dropout_scaling=weights"]
    network = nnlab.untrained_network([*overrides, "initialisation.bias=0.1"])
    raw = data.load(data.check({"name": "iris"})).inputs[:7]
    scaled = (raw - network.scaling.input_shift) * network.scaling.input_scale
    first = np.maximum(scaled @ network.weights[0] + network.biases[0], 0)
    second = np.maximum(0.5 * first @ network.weights[1] + network.biases[1], 0)
    found = network.activations(raw)
    assert len(found) == 2
    np.testing.assert_allclose(found[0], first, rtol=1e-12)
    np.testing.assert_allclose(found[1], second, rtol=1e-12)


def test_gradients_in_training_have_the_statistics_of_the_batch_and_leave_the_running_ones() -> None:
    network = nnlab.untrained_network(["dataset=iris", "depth=1", "width=5", "normalisation=batch", "dtype=float64"])
    dataset = data.load(data.check({"name": "iris"}))
    inputs, targets, before = dataset.inputs[:20], dataset.targets[:20], network.statistics.copy()
    (loss, gradients), step = network.loss_and_gradients(inputs, targets, training=True), 1e-6
    assert (network.statistics == before).all()
    assert loss != pytest.approx(network.loss_and_gradients(inputs, targets)[0])
    network.weights[0][2, 3] += step
    higher, _ = network.loss_and_gradients(inputs, targets, training=True)
    assert (higher - loss) / step == pytest.approx(gradients.weights[0][2, 3], rel=1e-3, abs=1e-6)
    x = (inputs - network.scaling.input_shift) * network.scaling.input_scale @ network.weights[0]
    hidden = np.maximum((x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5), 0)
    logits = hidden @ network.weights[1]
    right = logits[np.arange(20), targets.argmax(axis=1)]
    assert higher == pytest.approx(np.mean(np.log(np.exp(logits).sum(axis=1)) - right))


def test_the_first_gradients_are_those_of_all_training_examples() -> None:
    overrides = ["dataset=iris", "depth=1", "dropout=0.5", "dtype=float64"]
    network = nnlab.untrained_network(overrides, seed=3)
    trained = nnlab.train([*overrides, "seeds=[3]", "epochs=1"])
    rows, dataset = trained.replicates[0].split.train, trained.dataset
    _, expected = network.loss_and_gradients(dataset.inputs[rows], dataset.targets[rows])
    found = nnlab.first_gradients(overrides, seed=3)
    for one, other in zip([*found.weights, *found.biases], [*expected.weights, *expected.biases], strict=True):
        np.testing.assert_array_equal(one, other)


def test_misuse_is_refused_in_one_line(result) -> None:
    with pytest.raises(ConfigurationError, match="no network was trained with seed=5: the seeds are 0, 1"):
        result.network(seed=5)
    with pytest.raises(DataError, match=r"inputs have shape \(2, 3\)"):
        result.network(seed=0).predict(np.ones((2, 3)))
    with pytest.raises(DataError, match="targets must be class numbers, 0 to 9, or an array"):
        result.network(seed=0).loss_and_gradients(np.ones((2, 64)), [0, 10])
    with pytest.raises(DataError, match="targets must be class numbers, 0 to 9"):
        result.network(seed=0).loss_and_gradients(np.ones((2, 64)), [0.5, 0.5, 0.5])
    with pytest.raises(DataError, match="inputs must be numbers"):
        result.network(seed=0).predict([["a"] * 64])
    with pytest.raises(DataError, match=r"targets have shape \(2, 3\), but \(2, 10\) is needed"):
        result.network(seed=0).loss_and_gradients(np.ones((2, 64)), np.ones((2, 3)))
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        nnlab.trian  # noqa: B018
