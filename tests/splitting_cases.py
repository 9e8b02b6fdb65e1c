"""What the tests of splits share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from nnlab.data import Dataset, Split, split

PARTS = st.one_of(st.floats(0.05, 0.4), st.integers(1, 30))


def draw(dataset: Dataset, seed: int = 0, **given: Any) -> Split:
    defaults = {"subset": None, "validation": 0.15, "test": None if dataset.official_test else 0.15}
    return split(dataset, defaults | given, np.random.default_rng(seed))


def counts_of(dataset: Dataset, rows: Any) -> Any:
    return dataset.targets[rows].sum(axis=0)


def parts(drawn: Split) -> list[Any]:
    return [drawn.train, drawn.validation, drawn.test]
