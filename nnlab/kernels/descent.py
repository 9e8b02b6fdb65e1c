"""The second half of a step of training: from deltas to gradients, and from gradients to new parameters.

Both are done stretch by stretch of the parameters, whose gradients are then still in the cache when they are used, and
reach the main memory only if regularisers have to see them. Every parameter moves by itself, and its gradient is a sum
over the whole batch: no bit depends on the cuts, nor on which thread works on which stretch.
"""

from __future__ import annotations

from typing import Any

from numba.extending import overload

from nnlab.kernels import interfaces
from nnlab.kernels.addresses import moved
from nnlab.kernels.compilation import kernel
from nnlab.kernels.regions import flat, start_of
from nnlab.kernels.structures import NOTHING, NOWHERE, Memory, Rows

# What is to be done to a stretch.
BOTH, GRADIENTS, UPDATE = range(3)
# Which of the parameters of its operations a stretch holds.
VECTORS, WEIGHTS, ALL = range(3)

_gradients, _update = interfaces.GRADIENTS.call, interfaces.UPDATES.call


@kernel
def work_on(training, step, memory, stage, number):
    """Do to one stretch what the stage says."""
    stretch, rows = training.model.stretches[number], Rows(0, step.chosen.size, step.chosen.size)
    operations = training.model.operations
    if stage == BOTH and stretch.is_whole:
        aside = beside_panel(memory, training.workspace.panel_size, stretch.start)
        write_gradients(operations, _with_gradients(memory, aside), rows, stretch)
        _move(training, step, memory, aside, stretch)
        return
    if stage != UPDATE:
        write_gradients(operations, memory, rows, stretch)
    if stage != GRADIENTS:
        _move(training, step, memory, memory.gradients, stretch)


def beside_panel(memory: Any, panel_size: int, start: int) -> Any:  # noqa: ARG001
    """Return the address that gradients would begin at, if those from `start` on lay behind a thread's own panel.

    Where nothing is compiled, gradients lie where they always do.
    """
    return memory.gradients


@overload(beside_panel)
def _overload_beside_panel(memory, panel_size, start):  # noqa: ARG001
    return lambda memory, panel_size, start: moved(memory.panel, panel_size - start)


@kernel
def write_gradients(operations, memory, rows, stretch):
    """Write the gradients of a stretch, but for those that backward has written."""
    for k in range(stretch.first, stretch.last):
        operation = operations[k]
        if operation.gradients != NOTHING and stretch.holds in (ALL, operation.has_weights):
            is_cut = stretch.last_row != NOWHERE
            first, last = (stretch.first_row, stretch.last_row) if is_cut else (0, operation.inputs)
            _gradients(operation.gradients, (operation, memory, rows, first, last))


@kernel
def _move(training, step, memory, gradients, stretch):
    """Take the step of the optimizer."""
    rule, start, count = training.optimizer, stretch.start, stretch.length
    size, slots, state = training.model.parameters.size, rule.state.shape[0], start_of(rule.state)
    remembered = (
        flat(state, start, count if slots > 0 else 0),
        flat(state, size + start, count if slots > 1 else 0),
        flat(state, 2 * size + start, count if slots > 2 else 0),
    )
    moving = (flat(memory.parameters, start, count), flat(gradients, start, count), remembered)
    _update(rule.update, (*moving, rule.memory, step.rate, step.number, rule.settings))


@kernel
def _with_gradients(memory, gradients):
    """Return a memory with the gradients elsewhere."""
    return Memory(
        memory.values,
        memory.deltas,
        gradients,
        memory.masked,
        memory.panel,
        memory.product,
        memory.part_of_product,
        memory.board,
        memory.helpers,
        memory.parameters,
        memory.statistics,
        memory.weights,
    )
