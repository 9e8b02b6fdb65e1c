"""Several attributes from a table to predictions: a head each, against one softmax over all combinations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import nnlab
from nnlab import data
from nnlab.architecture import Piece
from nnlab.composition import compose
from nnlab.console.tables import metrics_of, notes
from nnlab.design import architecture_of, completed
from nnlab.errors import ConfigurationError, DataError
from nnlab.network import Network
from nnlab.training.seed_examples import training_examples
from nnlab.training.shared_examples import SharedExamples

SIZES = (3, 2)
PARTS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def overrides(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the overrides for a table of shapes and colours, which hang on two features each."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 4))
    shapes = np.array(["flat", "oval", "round"])[np.digitize(x[:, 0] + 0.3 * x[:, 1], [-0.5, 0.5])]
    colours = np.array(["blue", "red"])[(x[:, 2] * x[:, 3] > 0).astype(int)]
    rows = [
        ",".join((*(f"{value:.6f}" for value in row), *pair)) for row, *pair in zip(x, shapes, colours, strict=True)
    ]
    path = tmp_path_factory.mktemp("heads") / "things.csv"
    path.write_text("a,b,c,d,shape,colour\n" + "\n".join(rows) + "\n")
    dataset = ["dataset=csv", f"dataset.path={path}", "dataset.target=[shape,colour]", "dataset.task=classification"]
    return [*dataset, "dtype=float64", "width=16", "seeds=2", "epochs=60", "optimizer=adam", "learning_rate=0.01"]


@pytest.fixture(scope="module")
def separate(overrides):
    return nnlab.train(overrides)


@pytest.fixture(scope="module")
def joint(overrides):
    return nnlab.train([*overrides, "dataset.heads=joint"])


def heads_of(values: np.ndarray) -> list[np.ndarray]:
    return [values[:, :3], values[:, 3:]]


def predictions(result, seed: int, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return predictions and targets for a part of a seed's split."""
    rows = getattr(result.replicates[seed].split, part)
    return result.network(seed).predict(result.dataset.inputs[rows]), result.dataset.targets[rows]


def test_each_head_has_probabilities_of_its_own(separate) -> None:
    probabilities, _ = predictions(separate, 0, "test")
    assert separate.network(0).architecture.heads == SIZES
    assert probabilities.shape == (45, 5)
    for block in heads_of(probabilities):
        np.testing.assert_allclose(block.sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_an_answer_is_right_if_all_heads_are(separate, part: str) -> None:
    for seed in (0, 1):
        answers, targets = predictions(separate, seed, part)
        blocks = zip(heads_of(answers), heads_of(targets), strict=True)
        right = [block.argmax(axis=1) == truth.argmax(axis=1) for block, truth in blocks]
        assert separate.replicates[seed].final[f"{part}_accuracy"] == pytest.approx(np.mean(right[0] & right[1]))
        assert np.mean(right[0]) != np.mean(right[0] & right[1]) or np.mean(right[1]) != np.mean(right[0] & right[1])


@pytest.mark.parametrize("part", PARTS)
def test_the_loss_is_the_sum_of_the_heads_cross_entropies(separate, part: str) -> None:
    for seed in (0, 1):
        probabilities, targets = predictions(separate, seed, part)
        blocks = zip(heads_of(probabilities), heads_of(targets), strict=True)
        ref = sum(-np.log(block[truth == 1]).mean() for block, truth in blocks)
        assert separate.replicates[seed].final[f"{part}_loss"] == pytest.approx(ref, rel=1e-10)


def test_both_kinds_of_heads_learn_and_have_the_same_splits(separate, joint) -> None:
    assert joint.network(0).architecture.heads == ()
    assert joint.network(0).architecture.outputs == 6
    for one, other in zip(separate.replicates, joint.replicates, strict=True):
        for part in PARTS:
            assert np.array_equal(getattr(one.split, part), getattr(other.split, part))
        assert min(one.final["train_accuracy"], other.final["train_accuracy"]) > 0.7


def test_joint_probabilities_give_those_of_the_attributes(joint) -> None:
    probabilities, targets = predictions(joint, 0, "test")
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)
    right = probabilities.argmax(axis=1) == targets.argmax(axis=1)
    assert joint.replicates[0].final["test_accuracy"] == pytest.approx(right.mean())
    shapes = probabilities.reshape(-1, *joint.dataset.combined).sum(axis=2)
    assert (shapes.argmax(axis=1) == targets.reshape(-1, *SIZES).sum(axis=2).argmax(axis=1)).mean() > 0.7


def test_loss_and_gradients_are_those_of_pytorch(separate) -> None:
    torch = pytest.importorskip("torch")
    network, dataset = separate.network(0), separate.dataset
    numbers = np.column_stack([block[:20].argmax(axis=1) for block in heads_of(dataset.targets)])
    loss, gradients = network.loss_and_gradients(dataset.inputs[:20], numbers)
    x = torch.tensor((dataset.inputs[:20] - network.scaling.input_shift) * network.scaling.input_scale)
    weights = [torch.tensor(w.copy(), requires_grad=True) for w in network.weights]
    *hidden, last = list(zip(weights, map(torch.tensor, network.biases), strict=True))
    for w, b in hidden:
        x = torch.relu(x @ w + b)
    logits = torch.split(x @ last[0] + last[1], SIZES, dim=1)
    truths = torch.tensor(numbers)
    ref = sum(torch.nn.functional.cross_entropy(head, truths[:, k]) for k, head in enumerate(logits))
    ref.backward()
    assert loss == pytest.approx(ref.item(), rel=1e-10)
    for comp, weight in zip(gradients.weights, weights, strict=True):
        np.testing.assert_allclose(comp, weight.grad.numpy(), rtol=1e-10, atol=1e-13)


def test_targets_are_class_numbers_per_head_or_columns(separate) -> None:
    network, x = separate.network(0), separate.dataset.inputs[:3]
    numbers, columns = np.array([[2, 0], [0, 1], [1, 1]]), np.array([[0, 0, 1, 1, 0], [1, 0, 0, 0, 1], [0, 1, 0, 0, 1]])
    assert network.loss_and_gradients(x, numbers)[0] == network.loss_and_gradients(x, columns)[0]


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([[3, 0], [0, 0]], r"targets must be class numbers, 0 to 2 and 0 to 1, or an array \(examples, 5\)"),
        ([[0, 2], [0, 0]], "targets must be class numbers, 0 to 2 and 0 to 1"),
        ([[0, 0.5], [0, 0]], "targets must be class numbers, 0 to 2 and 0 to 1"),
        ([0, 1], r"targets have shape \(2, 1\), but class numbers \(2, 2\) or \(2, 5\) is needed"),
        (np.zeros((2, 6)), r"targets have shape \(2, 6\), but class numbers \(2, 2\) or \(2, 5\) is needed"),
        (np.zeros((3, 2)), r"targets have shape \(3, 5\), but class numbers"),
        (np.zeros((2, 2, 2)), r"targets have shape \(2, 2, 2\), but class numbers"),
    ],
)
def test_targets_that_fit_no_head(separate, targets, message: str) -> None:
    with pytest.raises(DataError, match=message) as raised:
        separate.network(0).loss_and_gradients(np.ones((2, 4)), targets)
    assert "\n" not in str(raised.value)


def test_smoothing_spreads_a_share_over_the_classes_of_each_head(overrides) -> None:
    config = compose([*overrides, "label_smoothing=0.12", "label_noise=0.2"])
    dataset = data.load(config.dataset)
    split = data.split(dataset, config.dataset, np.random.default_rng(0))
    scaling = Network(architecture_of(completed(config, dataset), dataset)).scaling
    shared = SharedExamples.of(dataset, "float64")
    examples = training_examples(config, dataset, shared, scaling, split, seed=0)
    targets = (examples.targets - examples.target_shift) * examples.target_scale
    shapes, colours = heads_of(targets)
    np.testing.assert_allclose(np.unique(shapes.round(12)), [0.04, 0.92], rtol=1e-10)
    np.testing.assert_allclose(np.unique(colours.round(12)), [0.06, 0.94], rtol=1e-10)
    wrong = [
        (block.argmax(axis=1) != truth.argmax(axis=1))
        for block, truth in zip((shapes, colours), heads_of(dataset.targets), strict=True)
    ]
    assert [head.sum() for head in wrong] == [round(0.2 * len(split.train))] * 2


def test_what_does_not_go_with_heads_is_refused_in_one_line(overrides, joint) -> None:
    with pytest.raises(ConfigurationError, match=r"class_weights=balanced .* dataset=things has 2 heads") as raised:
        nnlab.train([*overrides, "class_weights=balanced"])
    assert "\n" not in str(raised.value)
    config = compose(overrides)
    dataset = data.load(config.dataset)
    config = replace(completed(config, dataset), output_activation={"name": "softmax"})
    with pytest.raises(ConfigurationError, match=r"output_activation=softmax does not fit .* has 2 heads") as raised:
        architecture_of(config, dataset)
    assert "\n" not in str(raised.value)
    config = replace(config, loss={"name": "mean_squared_error"})
    assert architecture_of(config, joint.dataset).layers[-1].activation == Piece("softmax")


def test_each_head_has_an_accuracy_of_its_own(overrides) -> None:
    result = nnlab.train(overrides)
    for replicate in result.replicates:
        rows, dataset = replicate.split.test, result.dataset
        blocks = zip(
            dataset.blocks(replicate.network.predict(dataset.inputs[rows])),
            dataset.blocks(dataset.targets[rows]),
            strict=True,
        )
        right = np.array([block.argmax(axis=1) == truth.argmax(axis=1) for block, truth in blocks])
        names = [name.partition("=")[0] for name in (dataset.class_names[0], dataset.class_names[dataset.heads[0]])]
        assert [replicate.final[f"test_{name}_accuracy"] for name in names] == right.mean(axis=1).tolist()
        assert replicate.final["test_accuracy"] == pytest.approx(right.all(axis=0).mean())
    assert metrics_of(result.summary) == ["loss", "accuracy"]
    assert notes(result)[-1].startswith("heads, test accuracy: shape ")
