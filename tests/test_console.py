"""What a person sees fits the width and loses nothing."""

from __future__ import annotations

import importlib.util
import io
import math

import pandas as pd
import pytest
from rich.console import Console

import nnlab
from nnlab.console import is_live
from nnlab.console.formatting import interval_text, margin_text, metric_text
from nnlab.console.progress import TrainingProgress
from nnlab.console.tables import ComparedJob, comparison_table, failure_table, result_table
from nnlab.statistics import Interval


def printed(renderable: object, width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(renderable)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 100])
def test_the_result_table_is_whole_at_the_widths_of_terminals(width: int) -> None:
    text = printed(result_table(nnlab.train(["epochs=1", "width=8", "seeds=3"])), width)
    for word in ("loss", "accuracy", "train", "validation", "test", "["):
        assert word in text
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width


def summary(accuracies: list[float]) -> pd.DataFrame:
    frame = pd.DataFrame({"seed": range(len(accuracies))})
    for part in ("train", "validation", "test"):
        frame[f"{part}_loss"], frame[f"{part}_accuracy"] = 0.5, accuracies
    frame["diverged"] = [math.isnan(value) for value in accuracies]
    return frame


def test_a_comparison_says_which_jobs_lost_seeds() -> None:
    jobs = [
        ComparedJob(0, {"learning_rate": "0.1"}, summary([0.9, 0.91, 0.92])),
        ComparedJob(1, {"learning_rate": "9"}, summary([0.99, math.nan, math.nan])),
    ]
    text = printed(comparison_table(jobs), 100)
    assert "diverged" in text
    assert "2 of 3" in text
    assert "diverged" not in printed(comparison_table(jobs[:1]), 100)


def test_a_failure_names_the_file_with_its_traceback() -> None:
    assert "s/1/failure.txt" in printed(failure_table([("1 width=9", "MemoryError", "s/1/failure.txt")]), 100)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("accuracy", 0.97426, "97.43 %"),
        ("loss", 0.012345, "0.0123"),
        ("loss", 604.2, "604"),
        ("r2", -0.25, "-0.250"),
        ("loss", math.nan, "-"),
    ],
)
def test_numbers_read_as_people_write_them(name: str, value: float, text: str) -> None:
    assert metric_text(name, value) == text


def test_an_interval_is_shown_within_what_is_possible() -> None:
    assert interval_text("accuracy", Interval(0.99, 0.97, 1.01)) == "99.00 % [97.00, 100.00]"
    assert interval_text("loss", Interval(1.0, -1.0, 3.0)) == "1.00 [0.00, 3.00]"
    assert interval_text("loss", Interval(1.0, math.nan, math.nan)) == "1.00"
    assert margin_text("accuracy", Interval(0.9, 0.88, 0.92)) == "90.00 % ± 2.00"


def test_a_notebook_without_widgets_gets_lines_and_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    console = Console(file=io.StringIO(), width=100, force_jupyter=True)
    assert not is_live(console)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    assert is_live(console)


class Half:
    progress = 0.5


@pytest.mark.parametrize("width", [80, 100])
def test_the_bar_shows_seed_epoch_loss_and_score(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    with TrainingProgress(console, epochs=30) as progress:
        progress.follow(Half())
        progress.observe(3, 12, {"train_loss": 0.0356, "validation_loss": 0.1, "validation_accuracy": 0.9748})
        progress._watch_once()
        progress._bar.refresh()
    shown = console.file.getvalue()
    for word in ("seed 3", "epoch 12/30", "loss 0.0356", "validation 97.48 %", "50 %"):
        assert word in shown


def test_a_pipe_gets_lines_without_control_characters() -> None:
    console = Console(file=io.StringIO(), width=100)
    with TrainingProgress(console, epochs=30) as progress:
        progress.observe(0, 2, {"train_loss": 1.0, "validation_loss": 1.0, "validation_accuracy": 0.5})
        progress._print_line(0.25, 5.0)
    assert (
        console.file.getvalue() == "training  25 % · seed 0 · epoch 2/30 · loss 1.00 · validation 50.00 % · 15 s left\n"
    )
