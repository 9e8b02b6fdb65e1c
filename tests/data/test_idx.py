"""The IDX reader, on files made by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from nnlab.data.sources._idx import read_idx
from nnlab.errors import DataError

IMAGES = bytes((0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255))


def zipped(content: bytes) -> bytes:
    """Compress; without the time, so that the names of tests are the same whenever they are collected."""
    return gzip.compress(content, mtime=0)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "images.gz"
    path.write_bytes(content)
    return path


def test_bytes_come_in_the_shape_of_the_header(tmp_path: Path) -> None:
    comp = read_idx(written(tmp_path, zipped(IMAGES)))
    assert comp.dtype == np.uint8
    assert np.array_equal(comp, [[[1, 2, 3]], [[4, 5, 255]]])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped(IMAGES)[:-9], "not a whole gzip file"),
        (zipped(IMAGES)[:5], "not a whole gzip file"),
        (IMAGES, "not a whole gzip file"),
        (b"\x1f\x8b\x08" + bytes(30), "not a whole gzip file"),
        (b"", "starts with nothing, not with 00 00 08"),
        (zipped(b"\x00\x00\x0d\x03" + IMAGES[4:]), "not an IDX file .* starts with 00 00 0d 03"),
        (zipped(b"GIF89a" + IMAGES), "starts with 47 49 46 38"),
        (zipped(b""), "starts with nothing"),
        (zipped(IMAGES[:9]), "not an IDX file"),
        (zipped(IMAGES[:-1]), r"5 values do not fill the shape \(2, 1, 3\)"),
        (zipped(IMAGES + b"x"), r"7 values do not fill the shape \(2, 1, 3\)"),
    ],
)
def test_what_is_no_idx_file(tmp_path: Path, content: bytes, message: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DataError, match=message) as raised:
        read_idx(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)
