"""What the studies of claims on losses and normalisation measure, against numbers known by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import nnlab
from nnlab.claims.reading import read_claim
from nnlab.claims.study import Measure, load_study

EXPERIMENTS = Path(nnlab.__file__).parents[1] / "experiments"


def study_of(name: str) -> Measure:
    return load_study(read_claim(EXPERIMENTS / name))


@pytest.mark.parametrize(
    ("accuracies", "epochs"),
    [
        ([0.5, 0.85, 0.95, 0.89], 2.5),  # half of the way from 0.85 to 0.95
        ([0.9, 0.92], 1.0),
        ([0.95], 0.8 / 0.85),  # from a guess, 0.1
        ([0.5, 0.89], 11.0),  # never: one more than the ten that were planned
        ([0.5], 11.0),  # it diverged
    ],
)
def test_epochs_to_90_per_cent(accuracies: list[float], epochs: float, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def train(overrides: list[str]) -> SimpleNamespace:
        asked.append(overrides)
        history = pd.DataFrame({"validation_accuracy": accuracies})
        return SimpleNamespace(history=history, config=SimpleNamespace(epochs=10))

    monkeypatch.setattr(nnlab, "train", train)
    assert study_of("loss-lr")(["epochs=10"], 7) == {"epochs_to_90": pytest.approx(epochs)}
    assert asked == [["epochs=10", "seeds=[7]"]]


def test_a_line_without_noise_is_found_and_one_with_noise_as_nearly_as_least_squares_can() -> None:
    measure, base = study_of("robust"), list(read_claim(EXPERIMENTS / "robust").base)
    squared = [*base, "loss=mean_squared_error"]
    assert measure([*squared, "dataset.noise=1e-9"], 0)["error"] < 1e-18
    # two parameters, 200 examples, 20 models: about 2 * 0.1^2 / 200
    assert measure(squared, 0)["error"] == pytest.approx(1e-4, rel=0.5)


@pytest.mark.parametrize(
    ("loss", "efficiency", "variance"),
    [
        (["loss=mean_squared_error"], 1, 0.9 + 0.1 * 100),
        # the median: 1 / (2 f(0))^2 of the density f
        (["loss=mean_absolute_error"], 2 / np.pi, np.pi / 2 / (0.9 + 0.1 / 10) ** 2),
        (["loss=huber", "loss.delta=0.1345"], 0.95, 1.43514),  # the first is printed everywhere
    ],
)
def test_how_estimates_by_a_loss_scatter(loss: list[str], efficiency: float, variance: float) -> None:
    base = read_claim(EXPERIMENTS / "robust").base
    found = study_of("robust")([*base, *loss], 0)
    assert found["efficiency"] == pytest.approx(efficiency, abs=1e-5)
    assert found["variance"] == pytest.approx(variance, abs=1e-4)


def test_the_best_constants_of_lognormal_targets() -> None:
    measure = study_of("mape-bias")
    settings = ["dataset=demand", "dataset.scale_targets=false", "depth=0", "epochs=1"]
    constants = {
        loss: measure([*settings, f"loss={loss}"], 0)["best_constant"]
        for loss in ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error")
    }
    assert list(constants.values()) == pytest.approx([np.exp(0.125), 1, np.exp(-0.25)], rel=2e-4)


def test_the_shortfall_of_a_network_that_always_predicts_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Means of 201 inputs from -1 to 1 against half their mean: log 2."""
    x = np.linspace(-1, 1, 201)
    half = float(np.mean(np.exp(1.125 + x)) / 2)
    network = SimpleNamespace(predict=lambda inputs: np.full((len(inputs), 1), half))
    monkeypatch.setattr(nnlab, "train", lambda _: SimpleNamespace(network=lambda _: network))
    settings = ["dataset=demand", "dataset.scale_targets=false", "loss=mean_squared_error"]
    assert study_of("mape-bias")(settings, 0)["shortfall"] == pytest.approx(np.log(2))


def test_scales_are_counted_of_each_seed_in_one_call_for_ten_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seed s learns 1 - s / 100 from the first scale, then less by 0.1 each; the last one diverges."""
    asked: list[str] = []

    def train(overrides: list[str]) -> SimpleNamespace:
        asked.append(overrides[-1])
        place = round(-np.log10(float(overrides[-2].partition("=")[2])) * 15 / 4)
        accuracies = [np.nan if place == 15 else 1 - 0.1 * place - seed / 100 for seed in range(10, 20)]
        return SimpleNamespace(summary=pd.DataFrame({"seed": range(10, 20), "train_accuracy": accuracies}))

    monkeypatch.setattr(nnlab, "train", train)
    measure = study_of("bn-scales")
    assert measure(["epochs=1"], 12) == {"scales": 4, "scales_30": 6, "scales_90": 0}  # 0.88, 0.78 ... 0.58, 0.48, 0.38
    assert measure(["epochs=1"], 19) == {"scales": 4, "scales_30": 6, "scales_90": 0}  # 0.81 ... 0.51, 0.41, 0.31
    assert asked == ["seeds=[10,11,12,13,14,15,16,17,18,19]"] * 16
