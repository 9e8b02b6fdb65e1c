"""What the sources of a user's own data share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from nnlab.errors import DataError


def existing(path: str) -> Path:
    """Return the absolute path of a file that the user names.

    Raises:
        DataError: there is no such file.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        raise DataError(f"dataset.path={path}: no such file (relative paths start at {Path.cwd()})")
    return file.resolve()


def checked_weights(weights: npt.NDArray[np.float64], where: str) -> npt.NDArray[np.float64]:
    """Return sample weights (examples,), which are finite already.

    Raises:
        DataError: a weight is negative, or all are 0.
    """
    row = int(weights.argmin())
    if weights[row] < 0:
        raise DataError(f"{where}: the weight of example {row + 1} is {weights[row]:g}: it must be at least 0")
    if not weights.any():
        raise DataError(f"{where}: all weights are 0: at least one must be above 0")
    return weights
