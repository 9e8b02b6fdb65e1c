"""What the studies of claims on losses and normalisation measure, against numbers known by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

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
