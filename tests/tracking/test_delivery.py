"""Delivering a spool: exactly once, whatever happens between two calls of MLflow."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from recording import all_runs, artifact, only_run, points

from nnlab.tracking import RunFacts, events
from nnlab.tracking.delivery import Delivery
from nnlab.tracking.failure import is_temporary
from nnlab.tracking.points import Point
from nnlab.tracking.spool import EVENTS, Event, Spool

CALLS = ("create_experiment", "create_run", "log_batch", "log_inputs", "log_text", "log_artifact", "set_terminated")


class CrashError(Exception):
    """Stands for a kill."""


def spooled(root: Path, uri: str, facts: RunFacts, *further: Event) -> Path:
    """Return the folder of a spool of a run that has ended."""
    spool = Spool(root)
    for event in (events.begin(uri, "digits", facts, 5.0), *further):
        spool.append(event)
    spool.close(0)
    spool.release()
    return spool.folder


def some_events(file: Path) -> list[Event]:
    curve = [Point("seed_0/train_loss", 1 / epoch, epoch, 1000 + epoch) for epoch in range(1, 4)]
    return [
        events.measured(curve[:2]),
        events.tagged({"diverged": "0"}),
        events.measured([*curve[2:], Point("test_accuracy", 0.5, 0, 2000)]),
        events.attached(file, "files"),
        events.ended("FINISHED", None),
    ]


def deliver(folder: Path) -> bool:
    with Delivery(folder) as delivery:
        return delivery.advance()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "summary.csv"
    path.write_text("seed,test_accuracy\n")
    return path


def crashing(monkeypatch: pytest.MonkeyPatch, counter: Iterator[int], at: int, *, after: bool) -> None:
    """Let the call number `at` of all calls that change the store crash, before or after it is made."""

    def wrapped(call: Callable[..., Any]) -> Callable[..., Any]:
        def crash_or_call(*arguments: Any, **named: Any) -> Any:
            is_last = next(counter) == at
            if is_last and not after:
                raise CrashError
            answer = call(*arguments, **named)
            if is_last:
                raise CrashError
            return answer

        return crash_or_call

    for name in CALLS:
        monkeypatch.setattr(MlflowClient, name, wrapped(getattr(MlflowClient, name)))


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize("after", [False, True])
def test_a_failure_or_kill_at_any_call_changes_nothing(
    uri: str,
    facts: RunFacts,
    file: Path,
    spool_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    after: bool,
    is_killed: bool,
) -> None:
    for at in itertools.count():
        folder, counter = spooled(spool_root, uri, facts, *some_events(file)), itertools.count()
        with Delivery(folder) as delivery:
            with monkeypatch.context() as patch, suppress(CrashError):
                crashing(patch, counter, at, after=after)
                delivery.advance()
            made = next(counter)
            assert is_killed or delivery.advance()
        assert deliver(folder)
        assert_is_whole(uri, folder)
        if made <= at:
            break
    assert at > 8
    assert len(all_runs(uri)) == at + 1


def assert_is_whole(uri: str, folder: Path) -> None:
    [run] = [run for run in all_runs(uri) if run.data.tags["nnlab.spool"] == folder.name]
    assert points(uri, run, "seed_0/train_loss") == [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]
    assert points(uri, run, "test_accuracy") == [(0, 0.5)]
    assert len(points(uri, run, "seconds_logging")) == 1
    assert (run.info.status, run.data.tags["nnlab.diverged"], run.data.params["depth"]) == ("FINISHED", "0", "4")
    assert len(run.inputs.dataset_inputs) == 1
    assert artifact(run, "files/summary.csv") == "seed,test_accuracy\n"


def test_points_go_in_few_calls(uri: str, facts: RunFacts, spool_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, log_batch = [], MlflowClient.log_batch

    def counted(self: MlflowClient, run_id: str, metrics: Any = (), **others: Any) -> None:
        sizes.append(len(metrics))
        log_batch(self, run_id, metrics=metrics, **others)

    monkeypatch.setattr(MlflowClient, "log_batch", counted)
    epochs = [events.measured([Point("a", 1.0, step, 0), Point("b", 2.0, step, 0)]) for step in range(1250)]
    assert deliver(spooled(spool_root, uri, facts, *epochs, events.ended("FINISHED", None)))
    assert sorted(size for size in sizes if size) == [1, 500, 1000, 1000]
    assert len(points(uri, only_run(uri), "b")) == 1250


def test_what_comes_later_is_added(uri: str, facts: RunFacts, spool_root: Path) -> None:
    spool = Spool(spool_root)
    with Delivery(spool.folder) as delivery:
        assert not delivery.advance()
        assert all_runs(uri) == []
        spool.append(events.begin(uri, "digits", facts, 5.0))
        for step in range(3):
            spool.append(events.measured([Point("a", float(step), step, 0)]))
            assert not delivery.advance()
            assert points(uri, only_run(uri), "a") == [(n, float(n)) for n in range(step + 1)]
        spool.append(events.ended("FAILED", "ValueError"))
        spool.close(0)
        assert delivery.advance()
    assert (only_run(uri).info.status, only_run(uri).data.tags["nnlab.reason"]) == ("FAILED", "ValueError")


def test_half_a_line_is_left_for_later(uri: str, facts: RunFacts, spool_root: Path) -> None:
    folder = spooled(spool_root, uri, facts, events.measured([Point("a", 1.0, 1, 0)]))
    with (folder / EVENTS).open("a") as file:
        file.write('{"event":"points","poi')
    os.utime(folder / EVENTS, (1_700_000_000, 1_700_000_000))  # long before it is found
    with Delivery(folder) as delivery:
        assert not delivery.advance()
        assert delivery.is_left()  # gives it an end
        assert delivery.advance()
    run = only_run(uri)
    assert (run.info.status, points(uri, run, "a")) == ("KILLED", [(1, 1.0)])
    assert run.info.end_time == 1_700_000_000_000


def test_a_file_that_was_removed_meanwhile_is_named(uri: str, facts: RunFacts, file: Path, spool_root: Path) -> None:
    folder = spooled(spool_root, uri, facts, *some_events(file))
    file.unlink()
    assert deliver(folder)
    assert only_run(uri).data.tags["nnlab.missing.summary.csv"] == str(file)


def test_another_process_may_add_the_data_set_first(
    uri: str, facts: RunFacts, spool_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_inputs, failures = MlflowClient.log_inputs, [MlflowException("UNIQUE constraint failed: datasets")]

    def raced(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        log_inputs(*arguments)

    monkeypatch.setattr(MlflowClient, "log_inputs", raced)
    assert deliver(spooled(spool_root, uri, facts, events.ended("FINISHED", None)))
    assert len(only_run(uri).inputs.dataset_inputs) == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(), True),
        (OSError(28, "No space left on device"), True),
        (MlflowException("database is locked"), True),  # an internal error
        (MlflowException.invalid_parameter_value("too long"), False),
        (TypeError(), False),
    ],
)
def test_what_a_store_may_take_later(error: Exception, *, expected: bool) -> None:
    assert is_temporary(error) == expected
