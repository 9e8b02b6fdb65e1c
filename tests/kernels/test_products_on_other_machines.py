"""The products' way through panels and tiles, for registers that this machine need not have.

The module is loaded anew over a plain twin of `nnlab.kernels.tiles`, in which an address is a place in an array that
may not be left: so every index is checked, which compiled code never does.
"""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import naive
import numpy as np
import pytest
from kernel_cases import TOLERANCE

from nnlab.kernels import compilation, interfaces, products

MACHINES = [(16, 4), (32, 6), (64, 8)]  # bytes of a register, rows of a tile
_SIZES = [*itertools.product((1, 5, 11), (1, 2, 17), (1, 4, 9, 16, 19, 33))]  # m, k, n
LAYOUTS = {
    "a b": _SIZES,
    "a.T b": _SIZES,
    "a b.T": _SIZES,
    "a b, far apart": [*itertools.product((1, 5, 11), (1, 2, 17), (257,))],
    "a.T b, far apart": [(257, 2, 5), (261, 1, 33), (390, 3, 17)],
}


@dataclass
class Address:
    """A place in an array; going beyond the array is no error, reading or writing there is."""

    memory: np.ndarray
    place: int

    def __getitem__(self, offset: int) -> float:
        return float(self.memory[self._checked(offset)])

    def __setitem__(self, offset: int, value: float) -> None:
        self.memory[self._checked(offset)] = value

    def _checked(self, offset: int) -> int:
        if not 0 <= self.place + offset < self.memory.size:
            raise IndexError(f"{self.place + offset} of {self.memory.size}")
        return self.place + offset


def tiles_of(register_bytes: int, tile_rows: int) -> ModuleType:
    """Return the twin of `nnlab.kernels.tiles` for a machine."""
    twin: Any = ModuleType("nnlab.kernels.tiles")
    twin.VECTOR_BYTES, twin.TILE_ROWS = register_bytes, tile_rows
    twin.lanes = lambda address: register_bytes // address.memory.itemsize
    twin.address = lambda array, offset: Address(array.ravel(order="K"), offset)
    twin.moved = lambda address, offset: Address(address.memory, address.place + offset)

    def copy_of(elements: int | None = None) -> Callable[[Address, Address], None]:
        def copy(source: Address, target: Address) -> None:
            for i in range(elements or twin.lanes(source)):
                target[i] = source[i]

        return copy

    def register_tile(rows: int, vectors: int, *, masked: bool) -> Callable[..., None]:
        def tile(a, a_row, a_column, b, b_row, c, c_row, depth, columns):
            held = vectors * twin.lanes(b)
            assert 0 < columns <= held
            for r, j in itertools.product(range(rows), range(columns if masked else held)):
                c[r * c_row + j] = sum(a[r * a_row + k * a_column] * b[k * b_row + j] for k in range(depth))

        return tile

    def transpose_tile(source, source_row, target, target_row) -> None:
        for i, j in itertools.product(range(twin.lanes(source)), repeat=2):
            target[j * target_row + i] = source[i * source_row + j]

    twin.copy_of, twin.register_tile, twin.transpose_tile = copy_of, register_tile, transpose_tile
    return twin


@pytest.fixture(params=MACHINES, ids=lambda machine: f"{machine[0]} bytes")
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load the products over the twin of a machine's tiles, without compiling them."""
    monkeypatch.setitem(sys.modules, "nnlab.kernels.tiles", tiles_of(*request.param))
    monkeypatch.setattr(compilation, "kernel", lambda function: function)
    monkeypatch.setattr(compilation, "entry_point", lambda function: function)
    specification = importlib.util.spec_from_file_location("products_of_a_machine", products.__file__)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "is_worth_sharing", lambda *_: False)
    return module


def multiplied(machine: ModuleType, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    c = np.full((a.shape[0], b.shape[1]), np.nan, a.dtype)
    panel = np.full(machine.panel_size(len(b), a.dtype), np.nan, a.dtype)
    address = interfaces.PRODUCTS.address(machine.product, a.dtype.name)
    memory = SimpleNamespace(panel=machine.address(panel, 0), product=address, helpers=0)
    compiled = machine._overload_multiply(a, b, c, memory)
    compiled(a, b, c, memory)
    return c


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_element_is_right_and_no_address_is_wrong(machine: ModuleType, layout: str, dtype: str) -> None:
    for m, k, n in LAYOUTS[layout]:
        rng = np.random.default_rng((m, k, n))
        a = rng.normal(0, 1, (m, k)).astype(dtype, order="F" if layout.startswith("a.T") else "C")
        b = rng.normal(0, 1, (k, n)).astype(dtype, order="F" if layout == "a b.T" else "C")
        ref = naive.product(a.astype(float).tolist(), b.astype(float).tolist())
        np.testing.assert_allclose(multiplied(machine, a, b), ref, **TOLERANCE[dtype], err_msg=f"{m}, {k}, {n}")
