"""Numerical differentiation: the loss is measured twice for each parameter, moved a little up and a little down.

d loss / d w = (loss(w + h) - loss(w - h)) / (2 h), with an error of the order of h^2. It knows nothing of backward, and
so checks it. Source: Euler 1755; as a check of backpropagation, Bishop 2006, section 5.3.3.
"""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.measuring import gather, measure, share_of, sums_of, weigh
from nnlab.kernels.regions import memory_of, start_of
from nnlab.kernels.structures import Rows
from nnlab.kernels.subnormal import flush_subnormals, restore_mode

_ALONE = 0  # threads that take parts of a pass


@entry_point
def write_differences(model, workspace, examples, chosen, objective, draw, first, last, step, gradient):
    """Write the central differences of the mean loss of a batch to gradient[first:last], of (parameters,).

    Each of these parameters is moved by the step up and down, with a full forward pass each, and put back.
    """
    mode = flush_subnormals()
    memory, rows = memory_of(model, workspace, start_of(workspace.panel), _ALONE), Rows(0, chosen.size, chosen.size)
    weight = weigh(examples, chosen, workspace)
    gather(examples, chosen, workspace, rows)
    for place in range(first, last):
        middle = model.parameters[place]
        model.parameters[place] = middle + step
        above, up = _loss(model, memory, workspace, objective, weight, rows, draw), model.parameters[place]
        model.parameters[place] = middle - step
        below, down = _loss(model, memory, workspace, objective, weight, rows, draw), model.parameters[place]
        model.parameters[place] = middle
        gradient[place] = (above - below) / (up - down)
    restore_mode(mode)


@kernel
def _loss(model, memory, workspace, objective, weight, rows, draw):
    """Return the mean loss of the batch that lies in the workspace."""
    measure(model, memory, workspace, objective, share_of(weight), rows, draw)
    return sums_of(workspace, weight, rows.size).loss / weight
