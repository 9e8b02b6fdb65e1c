"""Numbers as a user writes them, alone or in lists within lists, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from nnlab.checks import number
from nnlab.errors import ConfigurationError, bad_value

_DEEPEST = 3  # a list of layers, each a list of rows, each a list of numbers


def matrix_of(key: str, value: Any) -> np.ndarray:
    """Return a number as a matrix (1, 1), a list as a column (n, 1), a list of rows as a matrix (rows, columns).

    Raises:
        ConfigurationError: it is something else, or rows have different lengths.
    """
    rows = [_as_list(row) for row in _as_list(value)]
    lengths = {len(row) for row in rows}
    if len(lengths) != 1 or 0 in lengths or _depth(value) > 2:  # noqa: PLR2004
        raise bad_value(key, value, "a number, a list of numbers, or a list of rows of the same length")
    return np.array([[_number(key, each) for each in row] for row in rows], np.float64)


def layers_of(key: str, value: Any) -> list[np.ndarray]:
    """Return the weights of each layer, (inputs, columns): one layer, or of lists three deep a list of layers.

    Raises:
        ConfigurationError: a layer is neither a number, a list, nor a list of rows.
    """
    if _depth(value) < _DEEPEST:
        return [matrix_of(key, value)]
    return [matrix_of(f"{key}[{place}]", layer) for place, layer in enumerate(value)]


def vectors_of(key: str, value: Any, widths: Sequence[int]) -> list[np.ndarray]:
    """Return a vector (width,) for each layer: zeros for null; a number or a list, of several layers a list of these.

    Raises:
        ConfigurationError: there are more or fewer numbers than the layers have widths.
    """
    if value is None:
        return [np.zeros(width) for width in widths]
    if len(widths) == 1:
        return [_vector(key, value, widths[0])]
    if not _is_list(value) or len(value) != len(widths):
        raise bad_value(key, value, f"a list for {len(widths)} layers, as trace.w is, or null for zeros")
    return [
        _vector(f"{key}[{place}]", layer, width) for place, (layer, width) in enumerate(zip(value, widths, strict=True))
    ]


def _vector(key: str, value: Any, width: int) -> np.ndarray:
    given = _as_list(value)
    if len(given) != width:
        allowed = f"a number for each column of the layer's weights, which are {width}, or null for zeros"
        raise bad_value(key, value, allowed)
    return np.array([_number(key, each) for each in given], np.float64)


def _number(key: str, value: Any) -> float:
    try:
        return cast(float, number()(key, value))
    except ConfigurationError as error:
        raise bad_value(key, value, "finite numbers: one, a list of some, or a list of rows") from error


def _as_list(value: Any) -> list[Any]:
    return list(value) if _is_list(value) else [value]


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _depth(value: Any) -> int:
    return 1 + max((_depth(each) for each in value), default=0) if _is_list(value) else 0
