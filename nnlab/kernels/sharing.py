"""Work of one network that idle threads share: whoever is free takes the next part, and no bit depends on who did.

A network's own thread writes a task on its board and announces how many parts it has. It and its helpers claim them
until none is left; then it waits for those still at work. The parts of a task write to different places, and what they
compute does not depend on how the task is cut.
"""

from __future__ import annotations

from nnlab.kernels import interfaces
from nnlab.kernels.atomic import add, claim, give_way, publish, read
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.regions import start_of
from nnlab.kernels.subnormal import flush_subnormals, restore_mode

_LINE = 8  # numbers in a cache line: threads that write to one line would wait for each other

# Places on the board.
# A ticket: the number of a task, times 2^32; how many parts its owner has claimed, times 2^16; how many are left.
TICKET = 0
DONE = _LINE  # how many of its parts are done
HELPERS = 2 * _LINE  # how many threads help at present
WORK = 3 * _LINE  # address of the function that does one part
ARGUMENTS = 4 * _LINE  # what the task works on, if it is a part of a step
STEP = 8 * _LINE  # the step that is taken
TRAINING = 12 * _LINE  # the training that it belongs to
BOARD = 64 * _LINE  # numbers on a board

MOST_PARTS = 0xFFFF
_LOOKS = 10_000  # in vain, some thirty microseconds, after which a thread gives way
_FRONT = 16  # bits
_TASK = 32  # bits
_work = interfaces.PARTS.call


@kernel
def share(board, work, parts, panel):
    """Have all parts of a task done, whose arguments stand on the board already.

    Args:
        board: address of the board.
        work: address of the function that does one part.
        parts: how many there are; at least 1, at most MOST_PARTS.
        panel: address of this thread's buffer.
    """
    board[WORK] = work
    publish(board, DONE, 0)
    publish(board, TICKET, ((read(board, TICKET) >> _TASK) + 1 << _TASK) + parts)
    _take_parts(board, panel, 1)
    looks = 0
    while read(board, DONE) < parts:
        looks = _wait(looks)


@kernel
def pieces(whole, part):
    """Return into how many parts of a size something falls."""
    return (whole + part - 1) // part


@kernel
def helpers(board):
    """Return how many threads look at a board at present."""
    return read(board, HELPERS)


@kernel
def _take_parts(board, panel, is_owner):
    """Claim parts of the task and do them until none is left; return how many.

    The owner begins with the first part, helpers with the last: so each works, in one task after the other, on much the
    same memory, which its own cache holds. What stands on the board is read after the claim, and cannot change until
    this part is done.
    """
    done = 0
    while True:
        ticket = read(board, TICKET)
        front, left = ticket >> _FRONT & MOST_PARTS, ticket & MOST_PARTS
        if left == 0:
            return done
        if claim(board, TICKET, ticket, ticket - 1 + (is_owner << _FRONT)):
            _work(board[WORK], (board, front if is_owner else front + left - 1, panel))
            add(board, DONE, 1)
            done += 1


@entry_point
def help_with(boards, panel, patience):
    """Do parts of whatever is announced, until nothing was for a while; return how many.

    Args:
        boards: (boards, BOARD) of int64.
        panel: buffer of this thread, as large as the largest of the networks' own.
        patience: how often to look in vain before it returns.
    """
    mode = flush_subnormals()
    _count_helper(boards, 1)
    done, idle = 0, 0
    while idle < patience:
        found = 0
        for k in range(boards.shape[0]):
            found += _take_parts(start_of(boards[k]), start_of(panel), 0)
        done += found
        idle = 0 if found else _wait(idle)
    _count_helper(boards, -1)
    restore_mode(mode)
    return done


@kernel
def _wait(looks):
    """Now and then let others have this core; return how often that was asked for.

    In between without the instruction by which a processor is told that a thread only waits: a virtual machine's host
    takes a loop of it as a sign that its core is not needed, and takes it away.
    """
    if looks % _LOOKS == _LOOKS - 1:
        give_way()
    return looks + 1


@kernel
def _count_helper(boards, change):
    for k in range(boards.shape[0]):
        add(start_of(boards[k]), HELPERS, change)
