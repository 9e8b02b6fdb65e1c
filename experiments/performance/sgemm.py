"""The fastest single-precision matrix products that there are: C = A @ B by the BLAS of NumPy, SciPy and PyTorch.

NumPy and PyTorch are called from Python. SciPy's function is called from a compiled loop, so that small products are
timed without what a call from Python takes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from numba.extending import get_cython_function_address

Matrix = npt.NDArray[np.float32]
Repeat = Callable[[int], object]  # multiplies so often


class Product(NamedTuple):
    """The sizes of C (m, n) = A (m, depth) @ B (depth, n), and which of A and B are transposed views."""

    m: int
    depth: int
    n: int
    layout: str  # "AB", "A'B" or "AB'"

    @property
    def operations(self) -> int:
        """Floating-point operations: a multiplication and an addition each."""
        return 2 * self.m * self.depth * self.n


def products_of(sizes: tuple[int, ...], batch: int) -> list[Product]:
    """Return all products of a training step; nobody asks for the gradient with respect to the data."""
    layers = list(pairwise(sizes))
    forward = [Product(batch, n_in, n_out, "AB") for n_in, n_out in layers]
    weights = [Product(n_in, batch, n_out, "A'B") for n_in, n_out in layers]
    deltas = [Product(batch, n_out, n_in, "AB'") for n_in, n_out in layers[1:]]
    return [*forward, *weights, *deltas]


def repeaters(product: Product) -> dict[str, Repeat]:
    """Return what multiplies matrices of some sizes on one thread, with each BLAS that is installed."""
    matrices = _matrices(product)
    found = {"NumPy": _numpy(*matrices), "SciPy": _scipy(*matrices)}
    with suppress(ImportError):
        found["PyTorch"] = _pytorch(*matrices)
    return found


def _matrices(product: Product) -> tuple[Matrix, Matrix, Matrix]:
    generator = np.random.default_rng(0)
    a_shape, b_shape = (product.m, product.depth), (product.depth, product.n)
    a = generator.normal(size=a_shape[::-1] if product.layout == "A'B" else a_shape).astype(np.float32)
    b = generator.normal(size=b_shape[::-1] if product.layout == "AB'" else b_shape).astype(np.float32)
    c = np.empty((product.m, product.n), np.float32)
    return a.T if product.layout == "A'B" else a, b.T if product.layout == "AB'" else b, c


def _numpy(a: Matrix, b: Matrix, c: Matrix) -> Repeat:
    def repeat(times: int) -> None:
        for _ in range(times):
            np.dot(a, b, out=c)

    return repeat


def _pytorch(a: Matrix, b: Matrix, c: Matrix) -> Repeat:
    import torch  # noqa: PLC0415 - it need not be installed

    x, y, z = map(torch.from_numpy, (a, b, c))

    def repeat(times: int) -> None:
        torch.set_num_threads(1)
        for _ in range(times):
            torch.mm(x, y, out=z)

    return repeat


def _scipy(a: Matrix, b: Matrix, c: Matrix) -> Repeat:
    """Multiply as BLAS does, column by column: C' = B' A'."""
    letters = [np.frombuffer(b"N" if matrix.flags.c_contiguous else b"T", np.uint8) for matrix in (b, a)]
    steps = [max(matrix.strides) // matrix.itemsize for matrix in (b, a, c)]
    numbers = np.array([c.shape[1], c.shape[0], b.shape[0], *steps], np.int32)
    factors = np.array([1, 0], np.float32)
    # Transposed views start where their matrices do.
    pointers = [array.ctypes.data for array in (*letters, a, b, c, numbers, factors)]

    def repeat(times: int) -> tuple[Any, ...]:
        _repeat_sgemm(times, *pointers)
        return a, b, c, letters, numbers, factors  # kept alive

    return repeat


_POINTERS = [ctypes.c_void_p] * 13
_sgemm = ctypes.CFUNCTYPE(None, *_POINTERS)(get_cython_function_address("scipy.linalg.cython_blas", "sgemm"))


@numba.njit(nogil=True)
def _repeat_sgemm(times, b_letter, a_letter, a, b, c, numbers, factors):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for _ in range(times):
        _sgemm(
            b_letter,
            a_letter,
            numbers,
            numbers + 4,
            numbers + 8,
            factors,
            b,
            numbers + 12,
            a,
            numbers + 16,
            factors + 4,
            c,
            numbers + 20,
        )
