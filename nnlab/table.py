"""From an architecture to the tables and buffers that kernels work on."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from nnlab import registry
from nnlab.architecture import Architecture
from nnlab.kernels import interfaces, products, shared_products, shared_updates, sharing
from nnlab.kernels.structures import NOWHERE, Objective, Workspace
from nnlab.plan import Operation, Place, Plan

_ALIGNMENT = 64  # bytes of a cache line


class Sizes(NamedTuple):
    """How many numbers a network has."""

    parameters: int
    weights: int  # the first of the parameters
    statistics: int


def plan_of(architecture: Architecture) -> Plan:
    """Return the operations of a network: its hidden layers as they are connected, then the outputs."""
    plan = Plan(architecture.inputs)
    connection = architecture.connection
    connect = registry.piece("nnlab.connection", connection.name).connect
    first, *others = architecture.layers
    *hidden, last = [plan.disturb(first), *others]
    connect(plan, hidden, **connection.settings)
    plan.dense(last)
    return plan


def sizes_of(plan: Plan) -> Sizes:
    """Return how many numbers a network has."""
    shapes = [operation.shape for operation in plan.operations]
    weights = sum(shape.weights for shape in shapes)
    return Sizes(weights + sum(shape.vector for shape in shapes), weights, sum(shape.statistics for shape in shapes))


def operation_table(plan: Plan, dtype: str) -> np.recarray:
    """Return the table (operations,) of `nnlab.kernels.structures.OPERATION`: addresses, sizes and all offsets.

    Compiles the operations that are not yet compiled.
    """
    table = interfaces.table(len(plan.operations))
    weights, vector, statistics = 0, sizes_of(plan).weights, 0
    widest = _widest(plan)
    for row, operation in zip(table, plan.operations, strict=True):
        row.forward = interfaces.OPERATIONS.address(operation.piece.forward, dtype)
        row.backward = interfaces.OPERATIONS.address(operation.piece.backward, dtype)
        row.number, row.scratch = operation.layer, operation.scratch
        row.weights, row.vector, row.statistics = weights, vector, statistics
        weights += operation.shape.weights
        vector += operation.shape.vector
        statistics += operation.shape.statistics
        _fill_places(row, operation, widest)
        numbers = setting_numbers(operation.piece, operation.settings)
        row.settings[: len(numbers)] = numbers
    return table


def setting_numbers(piece: ModuleType, settings: Mapping[str, Any]) -> list[float]:
    """Return the settings of a piece as kernels take them, in the order of its PARAMETERS."""
    return [parameter.as_number(settings[key]) for key, parameter in piece.PARAMETERS.items()]


def objective(architecture: Architecture, dtype: str) -> Objective:
    """Return the loss and the score, as kernels know them."""
    loss = registry.piece("nnlab.kernels.loss", architecture.loss.name)
    score = registry.piece("nnlab.kernels.score", architecture.score)
    return Objective(
        loss=interfaces.LOSSES.address(loss.loss, dtype),
        link=interfaces.LINKS.address(loss.link, dtype),
        score=interfaces.SCORES.address(score.score, dtype),
        settings=np.array(setting_numbers(loss, architecture.loss.settings), np.float64),
        heads=np.cumsum([0, *(architecture.heads or (architecture.outputs,))], dtype=np.int64),
    )


def allocate(plan: Plan, batch: int, dtype: np.dtype, board: np.ndarray | None = None) -> Workspace:
    """Return the buffers for batches of up to `batch` examples.

    The board (BOARD,) is where other threads look for parts of the products to do; by default nobody does.
    """
    widest = _widest(plan)
    return Workspace(
        values=aligned_zeros(batch * plan.values, dtype),
        deltas=aligned_zeros(batch * plan.regions * widest, dtype),
        gradients=aligned_zeros(sizes_of(plan).parameters, dtype),
        targets=aligned_zeros(batch * plan.place.width, dtype),
        weights=aligned_zeros(batch, dtype),
        masked=aligned_zeros(max(operation.shape.masked for operation in plan.operations), dtype),
        panel=aligned_zeros(panel_size(plan, batch, dtype), dtype),
        product=interfaces.PRODUCTS.address(products.product, dtype.name),
        part_of_product=interfaces.PARTS.address(shared_products.part_of_product, dtype.name),
        part_of_update=interfaces.PARTS.address(shared_updates.part_of_update, dtype.name),
        board=aligned_zeros(sharing.BOARD, np.dtype(np.int64)) if board is None else board,
    )


def panel_size(plan: Plan, batch: int, dtype: np.dtype) -> int:
    """Return how many elements the buffer takes that matrix products of up to `batch` examples need."""
    return products.panel_size(max(_widest(plan), plan.inputs, batch), dtype)


def aligned_zeros(size: int, dtype: np.dtype) -> np.ndarray:
    """Return zeros (size,) that start on a cache line, so that vector loads never straddle two."""
    memory = np.zeros(size * dtype.itemsize + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size * dtype.itemsize].view(dtype)


def _widest(plan: Plan) -> int:
    """Return the width of the widest place whose delta is asked for."""
    return max(
        place.width
        for operation in plan.operations
        for place in (operation.source, operation.target, *operation.joined.values())
        if place.region != NOWHERE
    )


def _fill_places(row: Any, operation: Operation, widest: int) -> None:
    row.inputs, row.outputs = operation.source.width, operation.target.width
    places = {"source": operation.source, "target": operation.target, **operation.joined}
    for name, place in places.items():
        row[name], row[f"{name}_delta"] = place.offset, _delta(place, widest)


def _delta(place: Place, widest: int) -> int:
    return NOWHERE if place.region == NOWHERE else place.region * widest
