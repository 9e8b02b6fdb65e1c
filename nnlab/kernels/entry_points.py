"""What Python calls: one epoch of training, one evaluation, one prediction, one gradient.

Each is compiled once for float32 and once for float64, serves every architecture, runs without the GIL, and takes
subnormal numbers as 0.
"""

from __future__ import annotations

import math

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.passes import backward, forward
from nnlab.kernels.regions import matrix, memory_of, start_of, target_delta
from nnlab.kernels.shared_updates import update_parameters
from nnlab.kernels.structures import Draw, Sums
from nnlab.kernels.subnormal import flush_subnormals, restore_mode

_loss, _link, _score = interfaces.LOSSES.call, interfaces.LINKS.call, interfaces.SCORES.call
_regularise = interfaces.REGULARISERS.call

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
    memory = memory_of(model, workspace)
    steps = optimizer.learning_rates.size
    loss, weight, score, seen = 0.0, 0.0, 0.0, 0
    for step in range(steps):
        if control[STOP] != 0:
            break
        batch = min(batch_size, order.size - step * batch_size)
        chosen = order[step * batch_size : step * batch_size + batch]
        now = _at(draw, step)
        sums = _measure(model, memory, workspace, examples, chosen, objective, now)
        loss += sums.loss
        weight += sums.weight
        score += sums.score
        seen += batch
        if not math.isfinite(sums.loss):
            break
        backward(model.operations, memory, batch, now)
        _step(model, memory, optimizer, draw.epoch, step)
        control[STEPS_DONE] += 1
    restore_mode(mode)
    return Sums(loss, weight, score, seen)


@entry_point
def evaluate(model, workspace, examples, chosen, objective, draw, batch_size):
    """Return the `Sums` of the chosen examples."""
    mode = flush_subnormals()
    memory = memory_of(model, workspace)
    loss, weight, score = 0.0, 0.0, 0.0
    for start in range(0, chosen.size, batch_size):
        batch = chosen[start : min(start + batch_size, chosen.size)]
        now = _at(draw, start)
        sums = _measure(model, memory, workspace, examples, batch, objective, now)
        loss += sums.loss
        weight += sums.weight
        score += sums.score
    restore_mode(mode)
    return Sums(loss, weight, score, chosen.size)


@entry_point
def predict(model, workspace, examples, chosen, objective, draw, batch_size, predictions):
    """Write the predictions for the chosen examples to `predictions` (chosen, outputs)."""
    mode = flush_subnormals()
    memory = memory_of(model, workspace)
    for start in range(0, chosen.size, batch_size):
        batch = min(batch_size, chosen.size - start)
        _gather(examples, chosen[start : start + batch], workspace)
        outputs = forward(model.operations, memory, batch, _at(draw, start))
        _link(objective.link, (outputs, objective.heads))
        predictions[start : start + batch] = outputs
    restore_mode(mode)


@entry_point
def loss_and_gradients(model, workspace, examples, chosen, objective, draw):
    """Return the `Sums` of the chosen examples as one batch; the gradient is left in workspace.gradients."""
    mode = flush_subnormals()
    memory = memory_of(model, workspace)
    sums = _measure(model, memory, workspace, examples, chosen, objective, draw)
    backward(model.operations, memory, chosen.size, draw)
    restore_mode(mode)
    return sums


@kernel
def _at(draw, step):
    """Return the draw of another step."""
    return Draw(draw.training, draw.random, draw.key_low, draw.key_high, draw.epoch, step)


@kernel
def _measure(model, memory, workspace, examples, chosen, objective, draw):
    """Return the `Sums` of one batch; leave d mean loss / d outputs in the deltas of the last operation."""
    _gather(examples, chosen, workspace)
    batch = chosen.size
    outputs = forward(model.operations, memory, batch, draw)
    targets = matrix(start_of(workspace.targets), 0, batch, outputs.shape[1])
    delta = target_delta(model.operations[model.operations.size - 1], memory, batch)
    weights = workspace.weights[:batch]
    loss = _loss(objective.loss, (outputs, targets, weights, delta, objective.settings, objective.heads))
    score = _score(objective.score, (outputs, targets, objective.heads))
    weight = 0.0
    for i in range(batch):
        weight += weights[i]
    return Sums(loss, weight, score, batch)


@kernel
def _step(model, memory, optimizer, epoch, step):
    """Update the parameters by one step of the optimizer, between the regularisers."""
    settings, rate = optimizer.settings, optimizer.learning_rates[step]
    if optimizer.momenta.size > 0:
        settings[optimizer.momentum] = optimizer.momenta[step]
    for k in range(optimizer.before.size):
        regulariser = optimizer.before[k]
        _regularise(regulariser.apply, (model.operations, memory, model.parameters.size, rate, regulariser.setting))
    count = epoch * optimizer.learning_rates.size + step + 1
    update_parameters(model, memory, optimizer, rate, count)
    for k in range(optimizer.after.size):
        regulariser = optimizer.after[k]
        _regularise(regulariser.apply, (model.operations, memory, model.parameters.size, rate, regulariser.setting))


@kernel
def _gather(examples, chosen, workspace):
    """Copy the chosen examples, scaled, to the start of the workspace's values and targets."""
    batch = chosen.size
    _copy_scaled(
        examples.inputs,
        chosen,
        examples.input_shift,
        examples.input_scale,
        matrix(start_of(workspace.values), 0, batch, examples.inputs.shape[1]),
    )
    _copy_scaled(
        examples.targets,
        chosen,
        examples.target_shift,
        examples.target_scale,
        matrix(start_of(workspace.targets), 0, batch, examples.targets.shape[1]),
    )
    for i in range(batch):
        workspace.weights[i] = examples.weights[chosen[i]]


@kernel
def _copy_scaled(table, chosen, shift, scale, copy):
    """Write (table[chosen] - shift) * scale to `copy`."""
    for i in range(chosen.size):
        row = chosen[i]
        for j in range(table.shape[1]):
            copy[i, j] = (table[row, j] - shift[j]) * scale[j]
