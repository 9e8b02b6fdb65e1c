"""From examples to losses and scores: a batch is gathered, passed forward, and compared with its targets.

Rows of a batch are passed by themselves, so that threads may take some each. Losses and scores are kept example by
example and summed in their order afterwards: no bit of a sum depends on who passed what.
"""

from __future__ import annotations

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import kernel
from nnlab.kernels.passes import forward
from nnlab.kernels.regions import flat, prefetch_all, some_rows, start_of, target_delta
from nnlab.kernels.structures import Sums

_loss, _score = interfaces.LOSSES.call, interfaces.SCORES.call


@kernel
def weigh(examples, chosen, workspace):
    """Copy the weights of the chosen examples to the workspace; return their sum."""
    total = 0.0
    for i in range(chosen.size):
        weight = examples.weights[chosen[i]]
        workspace.weights[i] = weight
        total += weight
    return total


@kernel
def share_of(weight):
    """Return 1 / a sum of weights; 0 where no example counts, as 0 / 0 would pass for divergence."""
    return 1.0 / weight if weight > 0 else 0.0


@kernel
def measure(model, memory, workspace, objective, share, rows, draw):
    """Leave losses, scores, and d mean loss / d outputs in the deltas of the last operation, of rows gathered before.

    `share` is 1 / the weight of the batch.
    """
    outputs = forward(model.operations, memory, rows, draw)
    targets = some_rows(start_of(workspace.targets), 0, outputs.shape[1], rows)
    delta = target_delta(model.operations[model.operations.size - 1], memory, rows)
    weights = flat(start_of(workspace.weights), rows.first, rows.size)
    losses = flat(start_of(workspace.losses), rows.first, rows.size)
    scores = flat(start_of(workspace.scores), rows.first, rows.size)
    _loss(objective.loss, (outputs, targets, weights, share, delta, objective.settings, objective.heads, losses))
    _score(objective.score, (outputs, targets, objective.heads, scores))


@kernel
def sums_of(workspace, weight, batch):
    """Return the `Sums` of a batch of which all rows have been measured."""
    loss, score = 0.0, 0.0
    for i in range(batch):
        loss += workspace.losses[i]
        score += workspace.scores[i]
    return Sums(loss, weight, score, batch)


@kernel
def gather(examples, chosen, workspace, rows):
    """Copy some of the chosen examples, scaled, to their rows of the workspace's values and targets."""
    inputs = some_rows(start_of(workspace.values), 0, examples.inputs.shape[1], rows)
    targets = some_rows(start_of(workspace.targets), 0, examples.targets.shape[1], rows)
    _copy_scaled(examples.inputs, chosen, examples.input_shift, examples.input_scale, inputs, rows.first)
    _copy_scaled(examples.targets, chosen, examples.target_shift, examples.target_scale, targets, rows.first)


@kernel
def _copy_scaled(table, chosen, shift, scale, copy, first):
    """Write (table[chosen] - shift) * scale to `copy`, whose first row is that of chosen[first]."""
    for i in range(copy.shape[0]):
        row = chosen[first + i]
        if i + 1 < copy.shape[0]:
            prefetch_all(start_of(table), chosen[first + i + 1] * table.shape[1], table.shape[1])
        for j in range(table.shape[1]):
            copy[i, j] = (table[row, j] - shift[j]) * scale[j]
