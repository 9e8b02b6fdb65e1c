"""What Python calls: one epoch of training, one evaluation, one prediction, one gradient.

Each is compiled once for float32 and once for float64, serves every architecture, runs without the GIL, and takes
subnormal numbers as 0.
"""

from __future__ import annotations

import math

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.descent import BOTH, GRADIENTS, UPDATE, write_gradients
from nnlab.kernels.measuring import gather, measure, share_of, sums_of, weigh
from nnlab.kernels.passes import backward, forward
from nnlab.kernels.regions import copy, memory_of, start_of
from nnlab.kernels.shared_steps import begin_training, pass_batch, rows_of_a_part, work_on_all
from nnlab.kernels.sharing import helpers
from nnlab.kernels.structures import Draw, Rows, Step, Sums, Training
from nnlab.kernels.subnormal import flush_subnormals, restore_mode

_link, _regularise = interfaces.LINKS.call, interfaces.REGULARISERS.call

# Places in the `control` array, through which a running kernel and other threads talk.
STOP = 0  # set by others: end after this step
STEPS_DONE = 1  # counted up by the kernel, for progress bars


@entry_point
def train_epoch(model, workspace, examples, order, objective, optimizer, draw, batch_size, control):
    """Train one epoch over the examples in `order`, in batches; the last batch may be smaller.

    `draw.epoch` counts from 0. Stops early when asked through `control`, or when a loss is not finite.
    Returns the `Sums` of all batches, each measured just before its update, with the noise on.
    """
    mode = flush_subnormals()
    training = Training(model, workspace, examples, objective, optimizer)
    board = start_of(workspace.board)
    begin_training(training, board)
    steps = optimizer.learning_rates.size
    loss, weight, score, seen = 0.0, 0.0, 0.0, 0
    for number in range(steps):
        if control[STOP] != 0:
            break
        chosen = order[number * batch_size : min((number + 1) * batch_size, order.size)]
        sums = _train_batch(training, chosen, _at(draw, number), board)
        loss += sums.loss
        weight += sums.weight
        score += sums.score
        seen += sums.examples
        if not math.isfinite(sums.loss):
            break
        control[STEPS_DONE] += 1
    restore_mode(mode)
    return Sums(loss, weight, score, seen)


@entry_point
def evaluate(model, workspace, examples, chosen, objective, draw, batch_size):
    """Return the `Sums` of the chosen examples."""
    mode = flush_subnormals()
    memory = _memory(model, workspace)
    loss, weight, score = 0.0, 0.0, 0.0
    for start in range(0, chosen.size, batch_size):
        batch = chosen[start : min(start + batch_size, chosen.size)]
        sums = _measured(model, memory, workspace, examples, batch, objective, _at(draw, start))
        loss += sums.loss
        weight += sums.weight
        score += sums.score
    restore_mode(mode)
    return Sums(loss, weight, score, chosen.size)


@entry_point
def predict(model, workspace, examples, chosen, objective, draw, batch_size, predictions):
    """Write the predictions for the chosen examples to `predictions` (chosen, outputs)."""
    mode = flush_subnormals()
    memory = _memory(model, workspace)
    for start in range(0, chosen.size, batch_size):
        batch = chosen[start : min(start + batch_size, chosen.size)]
        rows = _all_rows(batch)
        gather(examples, batch, workspace, rows)
        outputs = forward(model.operations, memory, rows, _at(draw, start))
        _link(objective.link, (outputs, objective.heads))
        copy(outputs, predictions[start : start + batch.size])
    restore_mode(mode)


@entry_point
def loss_and_gradients(model, workspace, examples, chosen, objective, draw):
    """Return the `Sums` of the chosen examples as one batch; the gradient is left in workspace.gradients."""
    mode = flush_subnormals()
    memory, rows = _memory(model, workspace), _all_rows(chosen)
    sums = _measured(model, memory, workspace, examples, chosen, objective, draw)
    backward(model.operations, memory, rows, draw)
    for number in range(model.stretches.size):
        write_gradients(model.operations, memory, rows, model.stretches[number])
    restore_mode(mode)
    return sums


@kernel
def _memory(model, workspace):
    return memory_of(model, workspace, start_of(workspace.panel), helpers(start_of(workspace.board)))


@kernel
def _all_rows(chosen):
    return Rows(0, chosen.size, chosen.size)


@kernel
def _at(draw, step):
    """Return the draw of another step."""
    return Draw(draw.training, draw.random, draw.key_low, draw.key_high, draw.epoch, step)


@kernel
def _measured(model, memory, workspace, examples, chosen, objective, draw):
    """Return the `Sums` of one batch; leave d mean loss / d outputs in the deltas of the last operation."""
    weight = weigh(examples, chosen, workspace)
    rows = _all_rows(chosen)
    gather(examples, chosen, workspace, rows)
    measure(model, memory, workspace, objective, share_of(weight), rows, draw)
    return sums_of(workspace, weight, chosen.size)


@kernel
def _train_batch(training, chosen, draw, board):
    """Measure one batch and, if its loss is finite, take one step; return its `Sums`."""
    workspace, rates, batch, helped = training.workspace, training.optimizer.learning_rates, chosen.size, helpers(board)
    weight, rows = weigh(training.examples, chosen, workspace), rows_of_a_part(training.model, batch, helped)
    number = draw.epoch * rates.size + draw.step + 1
    step = Step(chosen, draw, helped, rows, share_of(weight), rates[draw.step], number)
    pass_batch(training, step, board)
    sums = sums_of(workspace, weight, batch)
    if math.isfinite(sums.loss):
        _move(training, step, board)
    return sums


@kernel
def _move(training, step, board):
    """Update the parameters by one step of the optimizer, between the regularisers."""
    optimizer = training.optimizer
    if optimizer.momenta.size > 0:
        optimizer.settings[optimizer.momentum] = optimizer.momenta[step.draw.step]
    # Regularisers that act on gradients have to see all of them.
    first, last = (BOTH, BOTH) if optimizer.before.size == 0 else (GRADIENTS, UPDATE)
    for stage in range(first, last + 1):
        if stage == UPDATE:
            _regularise_all(optimizer.before, training, step)
        work_on_all(training, step, stage, board)
    _regularise_all(optimizer.after, training, step)


@kernel
def _regularise_all(regularisers, training, step):
    memory, model = _memory(training.model, training.workspace), training.model
    for k in range(regularisers.size):
        regulariser = regularisers[k]
        call = (model.operations, memory, model.parameters.size, step.rate, regulariser.setting)
        _regularise(regulariser.apply, call)
