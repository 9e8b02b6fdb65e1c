"""Matrix products in every layout that passes use: values, bits, and the memory around the matrices."""

from __future__ import annotations

import itertools
from typing import Any

import naive
import numpy as np
import pytest
from kernel_cases import DTYPES, JIT, TOLERANCE

from nnlab.kernels.compilation import kernel
from nnlab.kernels.interfaces import PRODUCTS
from nnlab.kernels.products import multiply, panel_size, product
from nnlab.kernels.regions import start_of
from nnlab.kernels.sharing import BOARD
from nnlab.kernels.structures import Memory

LAYOUTS = ("a b", "a.T b", "a b.T")
ROWS = (1, 2, 5, 6, 7, 9, 17, 40) if JIT else (1, 7)
DEPTHS = (1, 2, 3, 17, 65) if JIT else (1, 17)
COLUMNS = (1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 50, 63, 300) if JIT else (1, 33)
GUARD = 70  # elements around a matrix, more than two registers hold


@kernel
def product_of(a: Any, b: Any, c: Any, panel: Any, address: int, board: Any) -> None:
    start = start_of(panel)
    multiply(a, b, c, Memory(start, start, start, start, start, address, 0, start_of(board), 0, start, start, 0))


def guarded(values: np.ndarray) -> np.ndarray:
    """Return a copy that lies between elements which are NaN, at an odd address."""
    buffer = np.full(values.size + 2 * GUARD + 1, np.nan, values.dtype)
    copy = buffer[GUARD + 1 : GUARD + 1 + values.size].reshape(values.shape)
    copy[:] = values
    return copy


def surroundings(matrix: np.ndarray) -> np.ndarray:
    """Return the elements before and after a guarded matrix."""
    buffer = matrix.base
    assert buffer is not None
    return np.append(buffer[: GUARD + 1], buffer[GUARD + 1 + matrix.size :])


def factors(layout: str, shape: tuple[int, int, int], dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Return (m, k) and (k, n), of which one may be the transposed view of a matrix that lies row by row."""
    m, k, n = shape
    rng = np.random.default_rng(shape)
    a = guarded(rng.normal(0, 1, (k, m) if layout == "a.T b" else (m, k)).astype(dtype))
    b = guarded(rng.normal(0, 1, (n, k) if layout == "a b.T" else (k, n)).astype(dtype))
    return (a.T if layout == "a.T b" else a), (b.T if layout == "a b.T" else b)


def multiplied(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a @ b in a guarded matrix; nothing around it nor around the panel may have changed."""
    c = guarded(np.full((a.shape[0], b.shape[1]), np.nan, a.dtype))
    panel = guarded(np.full(panel_size(len(b), a.dtype), np.nan, a.dtype))
    product_of(a, b, c, panel, PRODUCTS.address(product, a.dtype.name), np.zeros(BOARD, np.int64))
    assert np.all(np.isnan(surroundings(c)))
    assert np.all(np.isnan(surroundings(panel)))
    return c


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_shapes(layout: str, dtype: str) -> None:
    for shape in itertools.product(ROWS, DEPTHS, COLUMNS):
        a, b = factors(layout, shape, dtype)
        ref = a.astype(np.float64) @ b.astype(np.float64)
        np.testing.assert_allclose(multiplied(a, b), ref, **TOLERANCE[dtype], err_msg=f"m, k, n = {shape}")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(256, 3, 33), (397, 65, 70), (256, 1100, 40)])
def test_blocks_of_rows_that_are_copied(shape: tuple[int, int, int], dtype: str) -> None:
    a, b = factors("a.T b", shape, dtype)
    ref = a.astype(np.float64) @ b.astype(np.float64)
    np.testing.assert_allclose(multiplied(a, b), ref, rtol=0, atol=1e-5 * np.abs(ref).max())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_reference_itself(layout: str, dtype: str) -> None:
    a, b = factors(layout, (7, 5, 9), dtype)
    ref = naive.product(a.astype(float).tolist(), b.astype(float).tolist())
    np.testing.assert_allclose(multiplied(a, b), ref, **TOLERANCE[dtype])


@pytest.mark.skipif(not JIT, reason="without compilation NumPy multiplies")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_bits_of_an_element_depend_on_its_row_and_column_alone(layout: str, dtype: str) -> None:
    a, b = factors(layout, (17, 65, 37), dtype)
    whole = multiplied(a, b)
    for rows, columns in ((slice(0, 1), slice(0, 37)), (slice(3, 12), slice(5, 9)), (slice(16, 17), slice(36, 37))):
        part_a = np.array(a[rows], order="F" if layout == "a.T b" else "C")
        part_b = np.array(b[:, columns], order="F" if layout == "a b.T" else "C")
        assert np.array_equal(multiplied(part_a, part_b), whole[rows, columns])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nan_reaches_its_row_or_column_and_no_other(layout: str, dtype: str) -> None:
    for bad_row, bad_column in ((0, 0), (8, 17), (6, 16)):
        a, b = factors(layout, (9, 5, 18), dtype)
        a[bad_row, 2], b[3, bad_column] = np.nan, np.nan
        is_nan = np.isnan(multiplied(a, b))
        assert np.all(is_nan[bad_row])
        assert np.all(is_nan[:, bad_column])
        assert is_nan.sum() == 9 + 18 - 1
