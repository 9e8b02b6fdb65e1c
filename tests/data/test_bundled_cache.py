"""Bundled data sets from the cache: the same as from scikit-learn, whatever has become of the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnlab.data.dataset import Dataset
from nnlab.data.sources import breast_cancer, diabetes, digits, iris, wine

SOURCES = [breast_cancer, diabetes, digits, iris, wine]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def assert_same(first: Dataset, second: Dataset) -> None:
    assert (first.digest, first.feature_names, first.class_names) == (
        second.digest,
        second.feature_names,
        second.class_names,
    )
    assert first.inputs.dtype == second.inputs.dtype == np.float64


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_kept_is_what_was_loaded(source, cache: Path) -> None:
    loaded = source.load()
    [kept] = cache.rglob("*.npz")
    assert_same(source.load(), loaded)
    kept.write_bytes(kept.read_bytes()[:-100])  # cut short
    assert_same(source.load(), loaded)
    kept.write_text("no archive")
    assert_same(source.load(), loaded)


def test_a_cache_that_cannot_be_written_does_no_harm(cache: Path) -> None:
    (cache / "nnlab").write_text("a file in its place")
    assert_same(iris.load(), iris.load())


def test_scikit_learn_is_not_imported_again(cache: Path) -> None:
    code = "import sys\nfrom nnlab.data.sources import digits\ndigits.load()\nprint('sklearn' in sys.modules)\n"
    answers = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in "ab"]
    assert [answer.stdout for answer in answers] == ["True\n", "False\n"]
    assert list(cache.rglob("*.npz"))
