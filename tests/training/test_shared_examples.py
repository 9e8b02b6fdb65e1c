"""One copy of the examples for all seeds, which loses no digits in float32."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nnlab
from nnlab.composition import compose
from nnlab.data import load
from nnlab.design import completed
from nnlab.training.replicate import ReplicateTraining
from nnlab.training.shared_examples import SharedExamples


def trainings(*overrides: str) -> list[ReplicateTraining]:
    config = compose([*overrides, "tracking=none"])
    dataset = load(config.dataset)
    config = completed(config, dataset)
    shared = SharedExamples.of(dataset, config.dtype)
    return [ReplicateTraining(config, dataset, shared, seed) for seed in config.seeds]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_seeds_share_one_copy_of_the_examples(dtype: str) -> None:
    first, second = (training._allocate().measured for training in trainings("seeds=2", f"dtype={dtype}"))
    assert np.shares_memory(first.inputs, second.inputs)
    assert np.shares_memory(first.targets, second.targets)


def test_jobs_of_a_sweep_share_one_copy_of_the_examples() -> None:
    digits = load(compose([]).dataset)
    assert SharedExamples.of(digits, "float32") is SharedExamples.of(digits, "float32")
    assert SharedExamples.of(digits, "float64").inputs.dtype == np.float64


@pytest.mark.parametrize("name", ["digits", "iris", "diabetes"])
def test_kernels_see_the_scaled_values(name: str) -> None:
    (training,) = trainings(f"dataset={name}", "seeds=1")
    examples, scaling = training._allocate().measured, training.network.scaling
    seen = (examples.inputs - examples.input_shift) * examples.input_scale
    np.testing.assert_allclose(
        seen, (training.dataset.inputs - scaling.input_shift) * scaling.input_scale, rtol=1e-5, atol=1e-6
    )
    seen = (examples.targets - examples.target_shift) * examples.target_scale
    np.testing.assert_allclose(
        seen, (training.dataset.targets - scaling.target_shift) * scaling.target_scale, rtol=1e-5, atol=1e-6
    )


def test_values_far_from_zero_keep_their_digits_in_float32(tmp_path: Path) -> None:
    seconds = 1.7e9 + np.arange(400.0)
    pd.DataFrame({"time": seconds, "y": 1e9 + 3 * np.arange(400.0)}).to_csv(tmp_path / "t.csv", index=False)
    overrides = ["dataset=csv", f"dataset.path={tmp_path / 't.csv'}", "dataset.target=y", "depth=0", "optimizer=sgd"]
    result = nnlab.train([*overrides, "dataset.task=regression", "seeds=1", "epochs=60"])
    assert result.summary["test_r2"][0] > 0.999
    predicted = result.network(0).predict([[1.7e9 + 100.0], [1.7e9 + 200.0]]).astype(float).ravel()
    assert predicted[1] - predicted[0] == pytest.approx(300, abs=128)  # float32 holds 1e9 to 64


def test_a_finished_seed_keeps_its_network_alone() -> None:
    (training,) = trainings("seeds=1", "epochs=1", "width=8")
    replicate = training.run([])
    held = {type(value).__name__ for value in vars(training).values()}
    assert "Working" not in held
    assert replicate.network is training.network
    assert replace(replicate, seed=1).final == replicate.final
