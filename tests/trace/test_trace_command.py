"""python -m nnlab.trace, as a user runs it: tables, a figure, and exit codes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from command import run_module
from PIL import Image

from nnlab.composition import conf_folder
from nnlab.console import new_console
from nnlab.trace.numbers import list_text, text_of
from nnlab.trace.tables import show
from nnlab.trace.traced import traced

ROWS_OF_A1 = [
    "y_hat m + b 3",
    "w d m / d w = x = 2 4 · 2 = 8",
    "b d y_hat / d b = 1 4 · 1 = 4",
    "b 1 4 0.6 2.6 2.56",
    "w 1 8 0.2 1 ~0",
    "y_hat m + b 0.4",
    "w d m / d w = x = -1 10.8 · (-1) = -10.8",
    "1 1 3 4 1 ~0",
    "2 2 0.4 29.16 -1.76 10.4976",
]
OWN = ["trace.x=[2,-1]", "trace.y=[1,-5]", "trace.w=1", "trace.b=1", "learning_rate=0.1"]
CHOICES = sorted(path.stem for path in (conf_folder() / "trace").glob("*.yaml"))


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_articles_trace_is_printed_and_drawn_and_nothing_else_is_written(tmp_path: Path) -> None:
    done = run_module("nnlab.trace", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = squeezed(done.stdout)
    assert [row for row in ROWS_OF_A1 if row not in lines] == []
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "\x1b" not in done.stdout  # no colours in a pipe
    [figure] = re.findall(r"^figure: (.*)$", done.stdout, re.MULTILINE)
    with Image.open(tmp_path / figure) as image:
        assert min(image.size) > 300
    assert {path.name for path in tmp_path.iterdir()} == {"outputs"}


def test_data_and_network_may_be_the_users_own(tmp_path: Path) -> None:
    done = run_module("nnlab.trace", tmp_path, *OWN, "hydra.run.dir=own")
    assert [row for row in ROWS_OF_A1 if row not in squeezed(done.stdout)] == []
    assert "figure: own/trace.png" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["trace.w=[1,2]"], "layer 1 must have a row of weights"),
        (["trace.foo=1"], "unknown key of trace 'foo'"),
        (["activation=[relu,tanh]"], "activation must be one choice"),
    ],
)
def test_bad_input_ends_with_one_line_and_2(tmp_path: Path, arguments: list[str], line: str) -> None:
    done = run_module("nnlab.trace", tmp_path, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert line in done.stderr
    assert not list(tmp_path.rglob("*.png"))


def test_help_names_every_choice(tmp_path: Path) -> None:
    done = run_module("nnlab.trace", tmp_path, "--help")
    assert done.returncode == 0
    assert [choice for choice in CHOICES if choice not in done.stdout] == []


@pytest.mark.parametrize("choice", CHOICES)
def test_every_trace_of_the_menu_has_room_in_100_columns(choice: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(traced([f"trace={choice}"]), new_console())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert max(map(len, lines)) <= 100
    assert not [line for line in lines if "…" in line]


def test_several_outputs_and_nodes_that_are_used_twice_have_room(capsys: pytest.CaptureFixture[str]) -> None:
    own = ["trace.x=[[1,2,-1],[0.5,1,3]]", "trace.y=[[1,0],[0,1]]", "trace.b=null", "batch_size=2"]
    weights = "trace.w=[[[0.1,0.2],[0.3,-0.4],[0.5,0.6]],[[1,2],[3,-1]]]"
    show(traced([*own, weights, "activation=prelu", "loss=softmax_cross_entropy", "optimizer=adam"]), new_console())
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 100
    assert "+ (-3.20874) · (-1.2) = 3.85048" in text  # of a slope that two units share
    assert "update 1, adam, learning rate 0.1" in text
    assert "new = old - rate · gradient" not in text  # which is not what adam does


def test_a_trace_that_diverges_says_where_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    show(traced(["learning_rate=1e60", "trace.updates=9", "trace.graphs=0"]), new_console())
    assert re.search(r"ended before update \d: the loss is no longer a finite number", capsys.readouterr().out)


def test_numbers_have_their_digits_no_sign_before_0_and_no_rounding_errors_in_their_place() -> None:
    assert text_of(0.19999999999999996, 6) == "0.2"
    assert text_of(3.35507743, 9) == "3.35507743"
    assert text_of(-0.0, 6) == text_of(0.0, 6) == "0"
    assert text_of(1.2e-32, 6) == "~0"
    assert text_of(4.61999, 5, keep_zeros=True) == "4.6200"
    assert text_of(1e-20, 6) == "1e-20"  # a gradient may have vanished that far
    assert list_text([1.0], 3) == "1"
    assert list_text([1.0, 0.12345], 3) == "[1, 0.123]"


def test_importing_the_command_imports_nothing_that_takes_long() -> None:
    import subprocess

    script = (
        "import sys, nnlab.trace.__main__; print([m for m in ('numba', 'matplotlib', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
