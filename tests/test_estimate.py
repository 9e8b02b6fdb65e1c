"""What a sweep is told to take, with a made clock: training starts, and each epoch takes its multiplications."""

from __future__ import annotations

import pytest
from rich.console import Console

from nnlab import data
from nnlab.composition import compose
from nnlab.jobs import estimate
from nnlab.jobs.sweep_plan import plan_job
from nnlab.schema import Config

START, BESIDE = 2.0, 0.3  # seconds of each training, and of a job for all but training


def seconds_of(config: Config, epochs: int) -> float:
    return START + epochs * per_epoch(config)


def per_epoch(config: Config) -> float:
    train, validation, _ = data.split_sizes(data.load(config.dataset), config.dataset)
    return 1e-3 * (train + validation / 3)


def estimated(monkeypatch: pytest.MonkeyPatch, *sweep: list[str]) -> list[float]:
    monkeypatch.setattr(estimate, "_seconds", seconds_of)
    jobs = [plan_job(["workers=2", *overrides], compose) for overrides in sweep]
    return [each.seconds for each in estimate.estimates(jobs, Console(quiet=True))]


@pytest.mark.parametrize(("seeds", "rounds"), [(1, 1), (2, 1), (3, 2), (10, 5)])
def test_what_a_training_takes_beside_its_epochs_is_not_taken_for_epochs(
    monkeypatch: pytest.MonkeyPatch, seeds: int, rounds: int
) -> None:
    [found] = estimated(monkeypatch, ["epochs=40", f"seeds={seeds}"])
    assert found == pytest.approx(BESIDE + rounds * seconds_of(compose([]), 40))


def test_jobs_on_few_examples_take_less(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [["dataset.subset=70"], ["dataset.subset=150"], ["dataset.subset=400"], ["dataset.subset=1000"]]
    found = estimated(monkeypatch, *(["epochs=10", "seeds=2", *size] for size in sizes))
    assert found == pytest.approx([BESIDE + seconds_of(compose(size), 10) for size in sizes])


def test_jobs_that_were_not_calibrated_are_scaled_from_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [[f"dataset.subset={size}"] for size in range(100, 1100, 50)]
    found = estimated(monkeypatch, *(["epochs=10", "seeds=2", "batch_size=full", *size] for size in sizes))
    assert found == pytest.approx([BESIDE + seconds_of(compose(size), 10) for size in sizes])
