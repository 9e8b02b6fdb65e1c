"""The claim rare-combo: which combination is rare, when one is recognised, and as many parameters for all arms."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab import data
from nnlab.claims.reading import read_claim
from nnlab.claims.study import load_study
from nnlab.composition import compose

CLAIM = read_claim(Path(nnlab.__file__).parents[1] / "experiments" / "rare-combo")
STUDY = load_study(CLAIM).__globals__


@pytest.mark.parametrize("heads", ["separate", "joint"])
def test_a_combination_is_the_most_probable_of_each_head_or_of_all(heads: str) -> None:
    """In order: digit 0 upright, 0 inverted, 1 upright, ...; an inverted 7 is the 16th."""
    dataset = data.load({"name": "inverted_digits", "heads": heads})
    outputs = np.zeros((2, dataset.targets.shape[1]))
    if heads == "separate":
        outputs[0, [7, 11]] = 0.4, 0.3
        outputs[1, [2, 10]] = 0.4, 0.3
    else:
        outputs[0, 15], outputs[1, 4] = 0.4, 0.3
    assert STUDY["combinations"](dataset, outputs).tolist() == [15, 4]


def test_the_rarest_combination_is_among_those_that_there_are() -> None:
    assert STUDY["rarest"](np.array([3, 3, 5, 7, 7])) == 5


@pytest.mark.parametrize("heads", ["separate", "joint"])
def test_recall_is_measured_on_the_rare_combination_alone(heads: str) -> None:
    """An untrained network with huge biases for inverted sevens takes everything for them."""
    overrides = ["dataset=inverted_digits", f"dataset.heads={heads}", "width=4", "epochs=1", "learning_rate=1e-9"]
    dataset = data.load(compose(overrides).dataset)
    truth = STUDY["combinations"](dataset, dataset.targets)
    network = nnlab.untrained_network(overrides)
    network.biases[-1][[7, 11] if heads == "separate" else [15]] = 1e6
    recall, others = STUDY["recalls"](network, dataset)
    assert STUDY["rarest"](truth[: -dataset.official_test]) == 15
    assert (recall, others) == (100, 0)


def test_arms_have_as_many_parameters() -> None:
    for arm, own in CLAIM.arms.items():
        widths = [784, *compose([*CLAIM.base, *own]).widths, 12 if arm.startswith("heads") else 20]
        assert sum((before + 1) * after for before, after in pairwise(widths)) == 121_360
