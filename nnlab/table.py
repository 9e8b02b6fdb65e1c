"""From an architecture to the tables and buffers that kernels work on."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from nnlab import registry
from nnlab.architecture import Architecture
from nnlab.kernels import interfaces, products, shared_products, shared_steps, sharing
from nnlab.kernels.structures import NOTHING, Objective, Workspace
from nnlab.plan import Operation, Plan
from nnlab.stretches import longest_stretch

_ALIGNMENT = 64  # bytes of a cache line
_CACHED = 131_072  # weights of one layer, half a megabyte in float32, that stay in the cache of a core


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
    for row, operation in zip(table, plan.operations, strict=True):
        row.forward = interfaces.OPERATIONS.address(operation.piece.forward, dtype)
        row.backward = interfaces.OPERATIONS.address(operation.piece.backward, dtype)
        gradients = getattr(operation.piece, "gradients", None)
        row.gradients = NOTHING if gradients is None else interfaces.GRADIENTS.address(gradients, dtype)
        row.has_weights = operation.shape.weights > 0
        row.number, row.scratch = operation.layer, operation.scratch
        row.weights, row.vector, row.statistics = weights, vector, statistics
        weights += operation.shape.weights
        vector += operation.shape.vector
        statistics += operation.shape.statistics
        _fill_places(row, operation)
        numbers = setting_numbers(operation.piece, operation.settings)
        row.settings[: len(numbers)] = numbers
    return table


def passes_by_rows(plan: Plan) -> bool:
    """Tell whether threads may pass some rows of a batch each: no operation needs others, and weights are few.

    Each thread reads all weights, which takes long where they do not fit in the cache of its core.
    """
    shapes = [operation.shape for operation in plan.operations]
    return all(shape.by_rows and shape.weights <= _CACHED for shape in shapes)


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

    The board (BOARD,) is where other threads look for parts of the work to do; by default nobody does.
    """
    return Workspace(
        values=aligned_zeros(batch * plan.values, dtype),
        deltas=aligned_zeros(batch * plan.deltas, dtype),
        gradients=aligned_zeros(sizes_of(plan).parameters, dtype),
        targets=aligned_zeros(batch * plan.place.width, dtype),
        weights=aligned_zeros(batch, dtype),
        losses=aligned_zeros(batch, np.dtype(np.float64)),
        scores=aligned_zeros(batch, np.dtype(np.float64)),
        masked=aligned_zeros(max(operation.shape.masked for operation in plan.operations), dtype),
        panel=aligned_zeros(buffer_size(plan, batch, dtype), dtype),
        panel_size=_panel_size(plan, batch, dtype),
        product=interfaces.PRODUCTS.address(products.product, dtype.name),
        part_of_product=interfaces.PARTS.address(shared_products.part_of_product, dtype.name),
        part_of_gathering=interfaces.PARTS.address(shared_steps.part_of_gathering, dtype.name),
        part_of_pass=interfaces.PARTS.address(shared_steps.part_of_pass, dtype.name),
        part_of_step=interfaces.PARTS.address(shared_steps.part_of_step, dtype.name),
        board=aligned_zeros(sharing.BOARD, np.dtype(np.int64)) if board is None else board,
    )


def buffer_size(plan: Plan, batch: int, dtype: np.dtype) -> int:
    """Return how many elements each thread needs for itself: a panel, and the gradients of a stretch."""
    return _panel_size(plan, batch, dtype) + longest_stretch(plan)


def aligned_zeros(size: int, dtype: np.dtype) -> np.ndarray:
    """Return zeros (size,) that start on a cache line, so that vector loads never straddle two."""
    memory = np.zeros(size * dtype.itemsize + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size * dtype.itemsize].view(dtype)


def _panel_size(plan: Plan, batch: int, dtype: np.dtype) -> int:
    """Return how many elements matrix products of up to `batch` examples need."""
    widths = (place.width for operation in plan.operations for place in (operation.source, operation.target))
    return -(-products.panel_size(max(*widths, batch), dtype) // _ALIGNMENT) * _ALIGNMENT


def _fill_places(row: Any, operation: Operation) -> None:
    row.inputs, row.outputs = operation.source.width, operation.target.width
    places = {"source": operation.source, "target": operation.target, **operation.joined}
    for name, place in places.items():
        row[name], row[f"{name}_delta"] = place.offset, place.delta
