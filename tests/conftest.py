"""What several test files use."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from command import run_in

STARTED = pytest.StashKey[float]()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., object]:
    """Return a function that runs `python -m nnlab.run` in an empty folder."""
    return partial(run_in, tmp_path)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--agreement", action="store_true", help="show the largest errors against PyTorch")
    parser.addoption("--start-within", type=float, metavar="SECONDS", help="skip tests that would start later")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[STARTED] = time.monotonic()


def pytest_runtest_setup(item: pytest.Item) -> None:
    within = item.config.getoption("--start-within")
    if within is not None and time.monotonic() - item.config.stash[STARTED] > within:
        pytest.skip("no time left")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--agreement"):
        import agreement

        for line in agreement.table():
            terminalreporter.write_line(line)
