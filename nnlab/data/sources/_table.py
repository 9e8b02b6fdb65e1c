"""Read a table of text: its columns by name, with every bad value told by column and row."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.errors import DataError

# Once read and saved again, a column without a name has that of pandas.
_NO_NAME = r"\s*|Unnamed: \d+"


def read_table(path: Path, separator: str) -> Any:
    """Return the pandas frame of a table whose first line names its columns.

    Raises:
        DataError: the file is no such table, or has no rows.
    """
    frame = _parsed(path, separator)
    if frame.empty:
        raise DataError(f"{path}: empty: a line of column names and at least one row of values are needed")
    return frame


def numbers(frame: Any, names: Sequence[str], path: Path) -> npt.NDArray[np.float64]:
    """Return columns of numbers as (rows, columns).

    Raises:
        DataError: a value is missing, is text or is not finite.
    """
    return np.column_stack([_numbers(frame[name], path) for name in names])


def zeros_and_ones(frame: Any, names: Sequence[str], path: Path) -> npt.NDArray[np.float64]:
    """Return columns of zeros and ones as (rows, columns).

    Raises:
        DataError: a value is missing, or is something else.
    """
    for name in names:
        _refuse(frame[name], ~np.isin(_as_numbers(frame[name]), (0, 1)), path, "0 or 1")
    return numbers(frame, names, path)


def labels(column: Any, path: Path) -> npt.NDArray[Any]:
    """Return a column of labels as (rows,).

    Raises:
        DataError: a label is missing.
    """
    _refuse(column, column.isna().to_numpy(), path, "a label")
    return np.asarray(column)


def mostly_numbers(column: Any) -> bool:
    """Tell whether more than half of the values of a column are numbers, whatever the others are."""
    return bool(np.isfinite(_as_numbers(column)).mean() > 0.5)  # noqa: PLR2004


def _parsed(path: Path, separator: str) -> Any:
    import pandas as pd  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # A row that is too long is only warned about, and would lose its last values.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            how: dict[str, Any] = {"sep": separator, "skipinitialspace": True, "index_col": False, "low_memory": False}
            # As text, or a column called NA would have no name.
            header = pd.read_csv(path, header=None, nrows=1, dtype=str, keep_default_na=False, **how)
            _check_header(header, path)
            return pd.read_csv(path, **how)
    except pd.errors.EmptyDataError as error:
        raise DataError(f"{path}: empty: a line of column names and rows of values are needed") from error
    except (ValueError, pd.errors.ParserWarning, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: not a table separated by {separator!r}: {error}") from error


def _check_header(header: Any, path: Path) -> None:
    """Refuse what pandas would rename: a second target would become a feature, and so would row numbers."""
    names = header.iloc[0]
    unnamed = names.str.fullmatch(_NO_NAME)
    if unnamed.any():
        raise DataError(
            f"{path}: column {unnamed.argmax() + 1} has no name, as row numbers saved by pandas have none: "
            "save the table with index=False, or name the column in the first line"
        )
    if names.duplicated().any():
        name = names[names.duplicated()].iloc[0]
        raise DataError(f"{path}: the first line names '{name}' twice: each column must have its own name")


def _numbers(column: Any, path: Path) -> npt.NDArray[np.float64]:
    values = _as_numbers(column)
    _refuse(column, ~np.isfinite(values), path, "a finite number")
    return values


def _as_numbers(column: Any) -> npt.NDArray[np.float64]:
    import pandas as pd  # noqa: PLC0415

    return np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)


def _refuse(column: Any, bad: npt.NDArray[np.bool_], path: Path, needed: str) -> None:
    if not bad.any():
        return
    row = int(bad.argmax())
    value = column.iloc[row]
    shown = "a missing value (empty, NaN or NA)" if column.isna().iloc[row] else f"'{value}'"
    raise DataError(
        f"{path}: column '{column.name}', row {row + 1} below the header: {shown} is not allowed: it must be {needed}"
    )
