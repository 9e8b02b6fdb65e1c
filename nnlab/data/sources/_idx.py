"""Read IDX files, the format of MNIST.

Two zero bytes, a byte for the type, a byte for the number of axes, each axis as a big-endian 4-byte whole
number, then the values. Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nnlab.errors import DataError

UNSIGNED_BYTE = 8


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """Return the unsigned bytes of a gzipped IDX file, in the shape that it states.

    Raises:
        DataError: the file is no gzip file, is cut short, or is no IDX file of unsigned bytes.
    """
    content = _unpacked(path)
    axes = _axes(path, content)
    start = 4 + 4 * axes
    shape = tuple(int(size) for size in np.frombuffer(content[4:start], dtype=">u4"))
    if len(content) - start != np.prod(shape, dtype=np.int64):
        raise DataError(f"{path}: {len(content) - start} values do not fill the shape {shape} of its header")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: not a whole gzip file ({error})") from error


def _axes(path: Path, content: bytes) -> int:
    magic = content[:4]
    axes = magic[3] if len(magic) == 4 else 0  # noqa: PLR2004
    if magic[:3] != bytes((0, 0, UNSIGNED_BYTE)) or len(content) < 4 + 4 * axes:
        raise DataError(
            f"{path}: not an IDX file of unsigned bytes: it starts with {magic.hex(' ') or 'nothing'}, "
            "not with 00 00 08"
        )
    return axes
