"""Workers without a seed help those that train, and change nothing but the time it takes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future

import numba
import numpy as np
import pytest

import nnlab
from nnlab import composition, data
from nnlab.training import helpers
from nnlab.training.helpers import Helpers, spare_workers
from nnlab.training.replicates import ReplicatesTraining

JIT = not numba.config.DISABLE_JIT
WIDE = ["dataset=digits", "width=256", "depth=2", "batch_size=128", "epochs=20"]
needs_two = pytest.mark.skipif(not JIT or helpers.available_cores() < 2, reason="nobody helps")


@needs_two
@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_bits_with_help(seeds: int, dtype: str) -> None:
    chosen = [*WIDE, f"seeds={seeds}", f"dtype={dtype}"]
    alone, helped = (nnlab.train([*chosen, f"workers={workers}"]) for workers in (1, 2))
    for seed in range(seeds):
        assert np.array_equal(alone.network(seed).parameters, helped.network(seed).parameters)


@needs_two
def test_a_worker_without_a_seed_does_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    help_on = Helpers.help
    parts: list[int] = []
    monkeypatch.setattr(Helpers, "help", lambda *arguments: parts.append(help_on(*arguments)))
    for _ in range(20):  # on a busy machine a helper may come too late
        nnlab.train([*WIDE, "seeds=1", "workers=2"])
        if parts[-1] > 0:
            break
    assert parts[-1] > 0


@needs_two
def test_helpers_end_with_a_training_that_fails() -> None:
    def fail(_seed: int, _epoch: int, _metrics: Mapping[str, float]) -> None:
        raise RuntimeError("an observer failed")

    config = composition.compose([*WIDE, "seeds=1", "workers=2", "epochs=50", "loss=softmax_cross_entropy"])
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="an observer failed"):
        ReplicatesTraining(config, data.load(config.dataset)).run([fail])
    assert threading.active_count() == before


def test_helpers_do_nothing_for_trainings_that_are_over() -> None:
    over: Future[None] = Future()
    over.set_result(None)
    assert Helpers(1, 1, np.dtype(np.float32)).help([over]) == 0


@pytest.mark.parametrize(("workers", "spare"), [(1, 0), (2, 1), (3, 0)])
def test_workers_without_cores_of_their_own_do_not_help(
    workers: int, spare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helpers, "available_cores", lambda: 2)
    assert spare_workers(composition.compose([f"workers={workers}"])) == (spare if JIT else 0)
