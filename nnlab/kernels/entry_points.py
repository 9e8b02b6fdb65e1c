"""What Python calls: one epoch of training, one evaluation, one prediction, one gradient.

Each is compiled once for float32 and once for float64, serves every architecture, and runs without the GIL.
"""

from __future__ import annotations

import math

from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.dispatch import selector
from nnlab.kernels.passes import backward, forward, rows
from nnlab.kernels.structures import Draw

_loss = selector("nnlab.kernels.loss", "loss", "outputs, targets, delta, parameter")
_link = selector("nnlab.kernels.loss", "link", "outputs")
_update = selector("nnlab.kernels.optimizer", "update", "parameters, gradients, state, rate, step, settings")

# Places in the `control` array, through which a running kernel and other threads talk.
STOP = 0  # set by others: end after this step
STEPS_DONE = 1  # counted up by the kernel, for progress bars


@entry_point
def train_epoch(model, workspace, examples, order, objective, optimizer, draw, batch_size, control):
    """Train one epoch over the examples in `order`, in batches; the last batch may be smaller.

    `draw.epoch` counts from 0. Stops early when asked through `control`, or when a loss is not finite.
    Returns the summed loss, the summed score and the number of examples seen; each is measured on a batch just before
    its update, with the masks on.
    """
    steps = optimizer.learning_rates.size
    total_loss, total_score, seen = 0.0, 0.0, 0
    for step in range(steps):
        if control[STOP] != 0:
            break
        batch = min(batch_size, order.size - step * batch_size)
        chosen = order[step * batch_size : step * batch_size + batch]
        _gather(examples, chosen, workspace)
        loss, score = _forward_loss(model, workspace, batch, objective, Draw(True, draw.key, draw.epoch, step))
        total_loss += loss
        total_score += score
        seen += batch
        if not math.isfinite(loss):
            break
        backward(model, workspace, batch)
        _update(
            optimizer.rule,
            model.parameters,
            workspace.gradients,
            optimizer.state,
            optimizer.learning_rates[step],
            draw.epoch * steps + step + 1,
            optimizer.settings,
        )
        control[STEPS_DONE] += 1
    return total_loss, total_score, seen


@entry_point
def evaluate(model, workspace, examples, chosen, objective, draw, batch_size):
    """Return the summed loss and the summed score of the chosen examples, without masks."""
    total_loss, total_score = 0.0, 0.0
    for start in range(0, chosen.size, batch_size):
        batch = min(batch_size, chosen.size - start)
        _gather(examples, chosen[start : start + batch], workspace)
        loss, score = _forward_loss(model, workspace, batch, objective, draw)
        total_loss += loss
        total_score += score
    return total_loss, total_score


@entry_point
def predict(model, workspace, examples, chosen, objective, draw, batch_size, predictions):
    """Write the predictions for the chosen examples to `predictions` (chosen, outputs)."""
    for start in range(0, chosen.size, batch_size):
        batch = min(batch_size, chosen.size - start)
        _gather(examples, chosen[start : start + batch], workspace)
        outputs = forward(model, workspace, batch, draw)
        _link(objective.loss, outputs)
        predictions[start : start + batch] = outputs


@entry_point
def loss_and_gradients(model, workspace, examples, chosen, objective, draw):
    """Return the mean loss of the chosen examples as one batch; its gradient is left in workspace.gradients."""
    _gather(examples, chosen, workspace)
    loss, _ = _forward_loss(model, workspace, chosen.size, objective, draw)
    backward(model, workspace, chosen.size)
    return loss / chosen.size


@kernel
def _forward_loss(model, workspace, batch, objective, draw):
    """Return the batch's summed loss and summed score; leave d mean loss / d outputs in workspace.delta."""
    outputs = forward(model, workspace, batch, draw)
    targets = rows(workspace.targets, 0, batch, outputs.shape[1])
    delta = rows(workspace.delta, 0, batch, outputs.shape[1])
    loss = _loss(objective.loss, outputs, targets, delta, objective.parameter)
    if objective.classification:
        return loss, _right_answers(outputs, targets)
    return loss, _squared_error(outputs, targets)


@kernel
def _right_answers(outputs, targets):
    """Count the examples whose largest output is the class of the largest target."""
    right = 0.0
    for i in range(outputs.shape[0]):
        answer, truth = 0, 0
        for k in range(1, outputs.shape[1]):
            answer = k if outputs[i, k] > outputs[i, answer] else answer
            truth = k if targets[i, k] > targets[i, truth] else truth
        right += 1.0 if answer == truth else 0.0
    return right


@kernel
def _squared_error(outputs, targets):
    """Return the sum of (output - target)^2 over examples and outputs."""
    total = 0.0
    for i in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            difference = float(outputs[i, k]) - float(targets[i, k])
            total += difference * difference
    return total


@kernel
def _gather(examples, chosen, workspace):
    """Copy the chosen examples, scaled, to the start of the workspace's values and targets."""
    batch = chosen.size
    _copy_scaled(
        examples.inputs,
        chosen,
        examples.input_shift,
        examples.input_scale,
        rows(workspace.values, 0, batch, examples.inputs.shape[1]),
    )
    _copy_scaled(
        examples.targets,
        chosen,
        examples.target_shift,
        examples.target_scale,
        rows(workspace.targets, 0, batch, examples.targets.shape[1]),
    )


@kernel
def _copy_scaled(table, chosen, shift, scale, copy):
    """Write (table[chosen] - shift) * scale to `copy`."""
    for i in range(chosen.size):
        row = chosen[i]
        for j in range(table.shape[1]):
            copy[i, j] = (table[row, j] - shift[j]) * scale[j]
