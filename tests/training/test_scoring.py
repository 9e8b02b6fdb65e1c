"""Sums become losses, accuracies and R^2."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import r2_score

import nnlab


def test_r2_is_scikit_learns() -> None:
    result = nnlab.train(["dataset=diabetes", "epochs=5", "seeds=1", "width=8"])
    (replicate,) = result.replicates
    for part in ("train", "validation", "test"):
        rows = getattr(replicate.split, part)
        expected = r2_score(result.dataset.targets[rows], replicate.network.predict(result.dataset.inputs[rows]))
        assert replicate.final[f"{part}_r2"] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("target", ["3.5", "(x > 198).astype(float) + 0.5"])
def test_r2_of_targets_that_are_all_the_same_is_undefined_and_nothing_breaks(tmp_path: Path, target: str) -> None:
    x = np.arange(200.0)
    y = eval(target, {"x": x}) * np.ones(200)
    pd.DataFrame({"x": x, "y": y}).to_csv(tmp_path / "c.csv", index=False)
    overrides = ["dataset=csv", f"dataset.path={tmp_path / 'c.csv'}", "dataset.target=y", "dataset.task=regression"]
    summary = nnlab.train([*overrides, "epochs=2", "width=4"]).summary
    assert not summary["diverged"].any()
    assert summary["train_loss"].notna().all()
    assert any(math.isnan(value) for value in summary["validation_r2"])


def test_a_dropout_rate_too_small_for_a_float_is_none() -> None:
    small = ["epochs=2", "width=16", "seeds=1"]
    plain = nnlab.train(small).summary["test_loss"][0]
    assert nnlab.train([*small, "dropout=1e-17", "input_dropout=1e-17"]).summary["test_loss"][0] == plain
