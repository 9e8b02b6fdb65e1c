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
