"""Networks go into files and come back the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab.errors import DataError

VARIANTS = {
    "plain": [],
    "dropout and residual": ["dropout=0.2", "input_noise=0.1", "connection=residual", "depth=4"],
    "normalised maxout, float64": ["normalisation=batch", "activation=maxout", "dtype=float64"],
    "regression": ["dataset=diabetes", "loss=huber", "layer_activations={1: prelu}", "output_activation=tanh"],
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_network_comes_back_the_same(variant: str, tmp_path: Path) -> None:
    result = nnlab.train(["width=8", "epochs=2", "seeds=1", "batch_size=256", *VARIANTS[variant]])
    network = result.network(0)
    nnlab.save_network(network, tmp_path / "network.npz")
    loaded = nnlab.load_network(tmp_path / "network.npz")
    assert loaded.architecture == network.architecture
    assert np.array_equal(loaded.predict(result.dataset.inputs), network.predict(result.dataset.inputs))


def test_a_checkpoint_is_a_network_too(tmp_path: Path) -> None:
    checkpoint = [f"checkpoint.folder={tmp_path}", "checkpoint.every=1"]
    result = nnlab.train(["width=8", "epochs=2", "seeds=1", "early_stopping=patience", *checkpoint])
    loaded = nnlab.load_network(tmp_path / "seed-0.npz")
    assert np.array_equal(loaded.parameters, result.network(0).parameters)


def test_what_is_no_network_is_refused_in_one_line(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", x=np.zeros(2))
    (tmp_path / "text.npz").write_text("weights")
    with (tmp_path / "array.npz").open("wb") as file:
        np.save(file, np.zeros(2))
    messages = {"none": "there is no file", "other": "it lacks architecture", "text": "no whole", "array": "no whole"}
    for name, message in messages.items():
        with pytest.raises(DataError, match=message):
            nnlab.load_network(tmp_path / f"{name}.npz")
