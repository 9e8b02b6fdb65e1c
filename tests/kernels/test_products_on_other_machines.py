"""The products' way through parts, panels and tiles, for registers that this machine need not have.

The modules are loaded anew over plain twins of addresses, registers and tiles, in which an address is a place in an
array that may not be left: so every index is checked, which compiled code never does. Parts are done from the last to
the first.
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

from nnlab.kernels import compilation, interfaces, lending, products, shared_products

MACHINES = [(16, 4), (32, 6), (64, 8)]  # bytes of a register, rows of a tile
_SIZES = [*itertools.product((1, 5, 11), (1, 2, 17), (1, 4, 9, 16, 19, 33))]  # m, k, n
LAYOUTS = {
    "a b": _SIZES,
    "a.T b": _SIZES,
    "a b.T": _SIZES,
    "a b, far apart": [*itertools.product((1, 5, 11, 19), (1, 2, 17), (51, 257))],
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


ADDRESSES = SimpleNamespace(
    address=lambda array, offset: Address(array.ravel(order="K"), offset),
    moved=lambda address, offset: Address(address.memory, address.place + offset),
    prefetch_aside=lambda _: None,
)


def copy_of(elements: int) -> Callable[[Address, Address], None]:
    def copy(source: Address, target: Address) -> None:
        for i in range(elements):
            target[i] = source[i]

    return copy


def tiles_of(register_bytes: int, tile_rows: int) -> SimpleNamespace:
    """Return the twin of `nnlab.kernels.tiles` for a machine."""

    def lanes(address: Address) -> int:
        return register_bytes // address.memory.itemsize

    def register_tile(rows: int, parts: tuple[int, ...], *, masked: bool, copies: bool = False) -> Callable[..., None]:
        def tile(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy):
            held = sum(lanes(b) // part for part in parts)
            assert 0 < columns <= held
            wanted = columns if masked else held
            for k, j in itertools.product(range(depth if copies else 0), range(held)):
                copy[k * lanes(b) * len(parts) + j] = b[k * b_row + j] if j < wanted else 0
            for r, j in itertools.product(range(rows), range(wanted)):
                c[r * c_row + j] = sum(a[r * a_row + k * a_column] * b[k * b_row + j] for k in range(depth))

        return tile

    def transpose_tile(source, source_row, target, target_row) -> None:
        for i, j in itertools.product(range(lanes(source)), repeat=2):
            target[j * target_row + i] = source[i * source_row + j]

    return SimpleNamespace(
        TILE_ROWS=tile_rows, lanes=lanes, copy_of=copy_of, register_tile=register_tile, transpose_tile=transpose_tile
    )


def loaded_anew(module: ModuleType) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"{module.__name__}_of_a_machine", module.__file__)
    assert specification is not None
    assert specification.loader is not None
    twin = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(twin)
    return twin


def plain_lending(*_: Any) -> tuple[Callable[..., None], Callable[..., Any]]:
    """Return what lends and borrows values on a board that is a dictionary."""
    return (lambda board, place, value: board.update({place: value})), (lambda board, place, _: board[place])


def share(board: dict[int, Any], work: int, parts: int, panel: Address) -> None:
    for part in reversed(range(parts)):
        interfaces.PARTS.call(work, (board, part, panel))


class Machine:
    """Products for one kind of register."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, register_bytes: int, tile_rows: int) -> None:
        vectors, tiles = SimpleNamespace(VECTOR_BYTES=register_bytes), tiles_of(register_bytes, tile_rows)
        for name, twin in {"addresses": ADDRESSES, "vectors": vectors, "tiles": tiles}.items():
            monkeypatch.setitem(sys.modules, f"nnlab.kernels.{name}", twin)
        monkeypatch.setattr(compilation, "kernel", lambda function: function)
        monkeypatch.setattr(compilation, "entry_point", lambda function: function)
        monkeypatch.setattr(lending, "lending", plain_lending)
        self.shared = loaded_anew(shared_products)
        monkeypatch.setattr(self.shared, "share", share)
        monkeypatch.setitem(sys.modules, "nnlab.kernels.shared_products", self.shared)
        self.products = loaded_anew(products)

    def multiplied(self, a: np.ndarray, b: np.ndarray, least: int) -> np.ndarray:
        """Return a @ b, in parts and fetching ahead if it is as large as that."""
        self.shared._LEAST = self.products._LARGE = least
        c = np.full((a.shape[0], b.shape[1]), np.nan, a.dtype)
        panel = np.full(self.products.panel_size(len(b), a.dtype), np.nan, a.dtype)
        memory = SimpleNamespace(
            panel=self.products.address(panel, 0),
            product=interfaces.PRODUCTS.address(self.products.product, a.dtype.name),
            part_of_product=interfaces.PARTS.address(self.shared.part_of_product, a.dtype.name),
            board={},
            helpers=1,
        )
        compiled = self.products._overload_multiply(a, b, c, memory)
        compiled(a, b, c, memory)
        return c


@pytest.fixture(params=MACHINES, ids=lambda machine: f"{machine[0]} bytes")
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch, *request.param)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_element_is_right_and_no_address_is_wrong(machine: Machine, layout: str, dtype: str) -> None:
    for m, k, n in LAYOUTS[layout]:
        rng = np.random.default_rng((m, k, n))
        a = rng.normal(0, 1, (m, k)).astype(dtype, order="F" if layout.startswith("a.T") else "C")
        b = rng.normal(0, 1, (k, n)).astype(dtype, order="F" if layout == "a b.T" else "C")
        ref = naive.product(a.astype(float).tolist(), b.astype(float).tolist())
        for least in (0, sys.maxsize):
            comp = machine.multiplied(a, b, least)
            np.testing.assert_allclose(comp, ref, **TOLERANCE[dtype], err_msg=f"{m}, {k}, {n}, {least}")
