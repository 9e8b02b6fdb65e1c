"""One step of training in parts, which threads that help may take: rows of the batch, then stretches of parameters.

Forward and backward of an example need no other one, so each part of the first half passes some rows through all
operations. That saves narrow networks from waiting for each other at every operation; of wide ones, whose weights do
not fit in the cache of each core, threads share each product instead, see `nnlab.kernels.shared_products`.
"""

from __future__ import annotations

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.descent import work_on
from nnlab.kernels.lending import lending
from nnlab.kernels.measuring import gather, measure
from nnlab.kernels.passes import backward
from nnlab.kernels.regions import memory_of, start_of
from nnlab.kernels.sharing import BOARD, STEP, TRAINING, pieces, share
from nnlab.kernels.structures import Rows

_LEAST = 200_000  # multiplications of half a step: with fewer, telling helpers and waiting takes longer than it saves
_ROWS = 16  # rows of a part are a multiple of this, with fewer of which products are slow
_PARTS = 8  # for each thread, at most: more would balance better, fewer read the weights less often

_STAGE = TRAINING - 1  # place on the board
_lend_training, _borrow_training = lending(interfaces.training_types, BOARD - TRAINING)
_lend_step, _borrow_step = lending(interfaces.step_types, _STAGE - STEP)
_work = interfaces.PARTS.call


@kernel
def rows_of_a_part(model, batch, helpers):
    """Return how many rows of a batch one thread passes at a time: all of them, where that is not to be shared."""
    if not model.by_rows or not _is_worth_sharing(model, batch, helpers):
        return batch
    parts = _PARTS * (helpers + 1)
    return pieces(batch, parts * _ROWS) * _ROWS


@kernel
def begin_training(training, board):
    """Put on the board what stays the same in all steps."""
    _lend_training(board, TRAINING, training)


@kernel
def pass_batch(training, step, board):
    """Pass all rows of a batch forward and backward, by all threads where that pays; begins the step.

    Threads that are to share products gather the batch together before.
    """
    _lend_step(board, STEP, step)
    workspace, batch = training.workspace, step.chosen.size
    parts = pieces(batch, step.rows)
    if parts == 1 and _is_worth_sharing(training.model, batch, step.helpers):
        share(board, workspace.part_of_gathering, pieces(batch, _ROWS), start_of(workspace.panel))
    elif parts == 1:
        gather(training.examples, step.chosen, workspace, Rows(0, batch, batch))
    _do(workspace, workspace.part_of_pass, parts, board, parts > 1)


@kernel
def work_on_all(training, step, stage, board):
    """Do to all stretches of the parameters what the stage says, by all threads where that pays; after `pass_batch`."""
    board[_STAGE] = stage
    is_shared = _is_worth_sharing(training.model, step.chosen.size, step.helpers)
    _do(training.workspace, training.workspace.part_of_step, training.model.stretches.size, board, is_shared)


@kernel
def _is_worth_sharing(model, batch, helpers):
    """Tell whether half a step is enough work for the helpers that are there."""
    return helpers > 0 and batch * model.parameters.size >= _LEAST


@kernel
def _do(workspace, work, parts, board, is_shared):
    panel = start_of(workspace.panel)
    if is_shared:
        share(board, work, parts, panel)
    else:
        for part in range(parts):
            _work(work, (board, part, panel))


@kernel
def _some_rows(step, part, size):
    """Return the rows of a batch that one part of so many rows has."""
    batch = step.chosen.size
    return Rows(part * size, min(size, batch - part * size), batch)


@entry_point
def part_of_gathering(board, part, panel):
    """Copy some rows of a batch from the examples."""
    training, step = _borrow_training(board, TRAINING, panel), _borrow_step(board, STEP, panel)
    gather(training.examples, step.chosen, training.workspace, _some_rows(step, part, _ROWS))


@entry_point
def part_of_pass(board, part, panel):
    """Pass some rows of a batch; where that is all of them, threads that help may take parts of products."""
    training, step = _borrow_training(board, TRAINING, panel), _borrow_step(board, STEP, panel)
    model, workspace, rows = training.model, training.workspace, _some_rows(step, part, step.rows)
    is_whole = rows.size == rows.batch
    memory = memory_of(model, workspace, panel, step.helpers if is_whole else 0)
    if not is_whole:
        gather(training.examples, step.chosen, workspace, rows)
    measure(model, memory, workspace, training.objective, step.share, rows, step.draw)
    backward(model.operations, memory, rows, step.draw)


@entry_point
def part_of_step(board, part, panel):
    """Work on one stretch of the parameters."""
    training, step = _borrow_training(board, TRAINING, panel), _borrow_step(board, STEP, panel)
    memory = memory_of(training.model, training.workspace, panel, 0)
    work_on(training, step, memory, board[_STAGE], part)
