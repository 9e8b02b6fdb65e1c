"""What several test files use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from command import run_in


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., object]:
    """Return a function that runs `python -m nnlab.run` in an empty folder."""
    return partial(run_in, tmp_path)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--agreement", action="store_true", help="show the largest errors against PyTorch")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--agreement"):
        import agreement

        for line in agreement.table():
            terminalreporter.write_line(line)
