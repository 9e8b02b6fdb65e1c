"""One step of an optimizer, which threads that help take parts of: each moves a stretch of the parameters.

Every parameter moves by itself, so that the cuts do not change its bits.
"""

from __future__ import annotations

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.regions import flat, start_of
from nnlab.kernels.sharing import ARGUMENTS, address_at, helpers, numbers_on, put_address, share
from nnlab.kernels.structures import MEMORY

_LEAST = 50_000  # parameters: with fewer, telling helpers and waiting for them takes longer than it saves
_PART = 16_384  # parameters: each of a float32 network's vectors then takes 64 KiB

# Places on the board.
_PARAMETERS, _GRADIENTS, _STATE, _MEMORY, _SETTINGS, _UPDATE, _STEP, _RATE, _SIZES = (
    ARGUMENTS + place for place in range(9)
)
_call = interfaces.UPDATES.call


@kernel
def update_parameters(model, memory, optimizer, rate, step):
    """Move all parameters by one step; `step` counts from 1."""
    size = model.parameters.size
    if size >= _LEAST and helpers(memory.board) > 0:
        _share(memory, optimizer, rate, step, size)
        return
    state = _slots(start_of(optimizer.state), optimizer.state.shape[0], size, 0, size)
    parameters, gradients = flat(memory.parameters, 0, size), flat(memory.gradients, 0, size)
    _call(optimizer.update, (parameters, gradients, state, optimizer.memory, rate, step, optimizer.settings))


@kernel
def _share(memory, optimizer, rate, step, size):
    board = memory.board
    put_address(board, _PARAMETERS, memory.parameters)
    put_address(board, _GRADIENTS, memory.gradients)
    put_address(board, _STATE, start_of(optimizer.state))
    put_address(board, _MEMORY, start_of(optimizer.memory))
    put_address(board, _SETTINGS, start_of(optimizer.settings))
    board[_UPDATE], board[_STEP] = optimizer.update, step
    numbers_on(board)[_RATE] = rate
    board[_SIZES], board[_SIZES + 1], board[_SIZES + 2] = size, optimizer.state.shape[0], optimizer.settings.size
    share(board, memory.part_of_update, (size + _PART - 1) // _PART, memory.panel)


@entry_point
def part_of_update(board, part, panel):
    """Move one stretch of the parameters."""
    size, slots, settings = board[_SIZES], board[_SIZES + 1], board[_SIZES + 2]
    first, numbers = part * _PART, numbers_on(board)
    count = min(_PART, size - first)
    stretch = (
        flat(address_at(board, _PARAMETERS, panel), first, count),
        flat(address_at(board, _GRADIENTS, panel), first, count),
        _slots(address_at(board, _STATE, panel), slots, size, first, count),
    )
    rule = (numbers[_RATE], board[_STEP], flat(address_at(board, _SETTINGS, numbers), 0, settings))
    _call(board[_UPDATE], (*stretch, flat(address_at(board, _MEMORY, numbers), 0, MEMORY), *rule))


@kernel
def _slots(state, slots, size, first, count):
    """Return a stretch of each of the vectors (slots, size) that an optimizer remembers; what it has not is empty."""
    return (
        flat(state, first, count if slots > 0 else 0),
        flat(state, size + first, count if slots > 1 else 0),
        flat(state, 2 * size + first, count if slots > 2 else 0),
    )
