"""Seeds that have ended, or have trained for long, are kept until the whole run is recorded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nnlab.composition import compose
from nnlab.jobs.job import check_job
from nnlab.training import checkpoints as module
from nnlab.training.checkpoints import Checkpoints, checkpoint_path
from nnlab.training.replicate import Replicate
from nnlab.training.replicates import ReplicatesTraining

OVERRIDES = ["tracking=none", "dataset=iris", "epochs=6", "seeds=3", "width=8", "workers=1", "optimizer=adam"]


def train(kept: Path | None, *overrides: str, stop_in: tuple[int, int] | None = None) -> list[Replicate]:
    """Train, and fail in an epoch of a seed if one is given."""

    def observe(seed: int, epoch: int, _metrics: object) -> None:
        if (seed, epoch) == stop_in:
            raise ZeroDivisionError

    config, dataset = check_job(compose([*OVERRIDES, *overrides]))
    return ReplicatesTraining(config, dataset, Checkpoints(kept=kept)).run([observe])


def equal(one: list[Replicate], other: list[Replicate]) -> bool:
    pairs = list(zip(one, other, strict=True))
    same_bits = all(np.array_equal(a.network.parameters, b.network.parameters) for a, b in pairs)
    return same_bits and all((a.history, a.final, a.best) == (b.history, b.final, b.best) for a, b in pairs)


def test_ended_seeds_are_not_trained_again_and_all_bits_are_the_same(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        train(tmp_path, stop_in=(2, 3))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seed-0.npz", "seed-1.npz"]
    trained = []
    config, dataset = check_job(compose(OVERRIDES))
    training = ReplicatesTraining(config, dataset, Checkpoints(kept=tmp_path))
    results = training.run([lambda seed, epoch, _: trained.append((seed, epoch))])
    assert equal(results, train(None))
    assert sorted(trained) == [(seed, epoch) for seed in range(3) for epoch in range(1, 7)]  # kept epochs are told too


def test_a_long_training_is_kept_on_its_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_KEPT", 0.0)
    with pytest.raises(ZeroDivisionError):
        train(tmp_path, stop_in=(1, 4))
    assert len(module.read_checkpoint(checkpoint_path(tmp_path, 1)).history) == 4
    assert equal(train(tmp_path), train(None))


@pytest.mark.parametrize("content", [b"", b"half an archive", None])
def test_what_is_broken_is_passed_over(content: bytes | None, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        train(tmp_path, stop_in=(2, 3))
    path = checkpoint_path(tmp_path, 0)
    path.write_bytes(path.read_bytes()[:1000] if content is None else content)
    assert equal(train(tmp_path), train(None))


def test_a_folder_that_cannot_be_written_fails_no_training(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert equal(train(tmp_path / "file" / "folder"), train(None))


def test_kept_seeds_are_told_of_and_forgotten(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    train(kept)
    config, dataset = check_job(compose(OVERRIDES))
    checkpoints = Checkpoints(kept=kept)
    assert checkpoints.checked(config, dataset) == ["kept from a run that was cut short: seed 0, 1, 2"]
    checkpoints.forget_kept([0, 1])
    assert [path.name for path in kept.iterdir()] == ["seed-2.npz"]
    checkpoints.forget_kept([2])
    assert not kept.exists()
    checkpoints.forget_kept([2])
