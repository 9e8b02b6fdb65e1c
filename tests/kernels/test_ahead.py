"""What a process of its own compiles: it is found on disk by the process that trains, which can also do without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import nnlab

AHEAD = {"train_epoch", "evaluate", "part_of_gathering", "part_of_pass", "part_of_step"}
PRELUDE = """
import sys
from numba.core import event
from nnlab.composition import compose
from nnlab.jobs.job import check_job
from nnlab.training.compiling import compile_kernels


class Names(event.Listener):
    def on_start(self, event):
        print(event.data["dispatcher"].__name__)

    def on_end(self, event):
        pass
"""
COMPILE = """
with event.install_listener("numba:compile", Names()):
    compile_kernels(*check_job(compose(["dataset=line", "tracking=none", "activation=relu"])), lambda note: None)
"""

pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="no second core to compile on")


def python(cache: Path, *arguments: str) -> list[str]:
    """Run an interpreter with a cache of compiled code; return the words that it prints."""
    variables = {"PYTHONPATH": str(Path(nnlab.__file__).parents[1]), "NUMBA_CACHE_DIR": str(cache)}
    command, environment = [sys.executable, *arguments], {**os.environ, **variables, "NUMBA_DISABLE_JIT": "0"}
    done = subprocess.run(command, env=environment, cwd=cache, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds what is compiled ahead, and nothing else."""
    folder = tmp_path_factory.mktemp("cache")
    python(folder, "-m", "nnlab.kernels.ahead", "float32", "train_epoch")
    return folder


def test_what_is_compiled_ahead_is_not_compiled_again(cache: Path) -> None:
    compiled = set(python(cache, "-c", PRELUDE + COMPILE))
    assert "product" in compiled
    assert not compiled & AHEAD


def test_no_process_is_started_where_the_code_is_on_disk(cache: Path) -> None:
    started = "sys.addaudithook(lambda name, _: print(name) if name == 'subprocess.Popen' else None)\n"
    compiled = python(cache, "-c", PRELUDE + started + COMPILE)
    assert "subprocess.Popen" not in compiled


@pytest.mark.parametrize("executable", ["/bin/false", "/nowhere"])
def test_without_that_process_everything_is_compiled_here(executable: str, tmp_path: Path) -> None:
    compiled = python(tmp_path, "-c", PRELUDE + f"sys.executable = {executable!r}\n" + COMPILE)
    assert set(compiled) > AHEAD
