"""The claim similar-inputs: distances of pairs that are chosen at the input."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab.claims.reading import read_claim
from nnlab.claims.study import for_training, load_study
from nnlab.composition import compose
from nnlab.similarity import distances_of, partners_of

CLAIM = read_claim(Path(nnlab.__file__).parents[1] / "experiments" / "similar-inputs")
LINE = np.array([[0.0], [1.0], [3.0], [7.0]])
LABELS = np.array([0, 0, 1, 1])


@pytest.mark.parametrize("scale", [1.0, 5.0])
def test_distances_are_in_units_of_those_of_all_pairs_of_the_same_layer(scale: float) -> None:
    study = load_study(CLAIM).__globals__
    found = study["log_distances"](scale * LINE, LABELS, partners_of(distances_of(LINE), LABELS))
    within, between = (1 + 4) / 2, (3 + 7 + 2 + 6) / 4
    assert found.others == pytest.approx(np.log2((3 + 2 + 2 + 6) / 4 / within))
    assert found.own == pytest.approx(np.log2((1 + 1 + 4 + 4) / 4 / between))
    assert (found.same, found.different) == pytest.approx((np.log2(scale * within), np.log2(scale * between)))


def test_layers_that_hand_on_what_they_get_move_nothing_whatever_their_scale() -> None:
    """Nearest of another class, on spirals without noise: about 1, the distance of neighbouring arms, of up to 13."""
    layers = ["activation=linear", "initialisation=identity", "initialisation.scale=3", "depth=3", "width=2"]
    found = load_study(CLAIM)(["dataset=two_spirals", "dtype=float64", *layers], 0, trained=False)
    assert found["apart"] == pytest.approx(0, abs=1e-12)
    assert found["together"] == pytest.approx(0, abs=1e-12)
    assert -4 < found["swapped"] < -2


@pytest.mark.parametrize(
    ("task", "inputs", "outputs", "parameters"), [("mnist", 784, 10, 116_875), ("spirals", 2, 2, 5_122)]
)
def test_arms_of_one_task_have_as_many_parameters(task: str, inputs: int, outputs: int, parameters: int) -> None:
    for arm, own in CLAIM.arms.items():
        if arm.startswith(task):
            widths = [inputs, *compose(for_training(own)).widths, outputs]
            assert sum((before + 1) * after for before, after in pairwise(widths)) == parameters


def test_accuracy_is_by_the_labels_that_were_given_wrong_ones_too() -> None:
    wrong = [
        "dataset=digits",
        "dataset.subset=100",
        "label_noise=0.9",
        "epochs=100",
        "learning_rate=0.01",
        "batch_size=20",
    ]
    found = load_study(CLAIM)(wrong, 0)["train_accuracy"]
    assert found == pytest.approx(100, abs=2)
    assert nnlab.train([*wrong, "seeds=[0]"]).summary["train_accuracy"][0] < 0.3
