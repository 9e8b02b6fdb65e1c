"""What the arrays hold that kernels work on.

A network is one flat vector of parameters and a table with a row per operation. Offsets into `parameters` are in
elements; offsets into `Workspace.values` and `Workspace.deltas` are in elements PER EXAMPLE, so that a region starts
at offset x examples and the regions of a small batch lie close together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

NOWHERE = -1  # an offset of what is not wanted
NOTHING = -1  # the address of a function that there is not
SETTINGS = 4  # settings that an operation may have

# One row of the table of operations: target = forward(source), source_delta = backward(target_delta).
OPERATION = np.dtype(
    [
        ("forward", np.int64),  # address of the compiled function, see nnlab.kernels.interfaces
        ("backward", np.int64),  # address
        ("gradients", np.int64),  # address, or NOTHING where backward writes them, or nothing is learned
        ("has_weights", np.int64),  # 1, or 0
        ("number", np.int64),  # layer, from 0: tells the random numbers of operations apart
        ("inputs", np.int64),  # width of the source
        ("outputs", np.int64),  # width of the target
        ("source", np.int64),  # offset in values
        ("target", np.int64),  # offset in values (= source where the operation works in place)
        ("skip", np.int64),  # offset in values: what came past a block, where the operation joins it
        ("gate", np.int64),  # offset in values: how much of the block is let through
        ("source_delta", np.int64),  # offset in deltas: d loss / d source; NOWHERE where nobody wants it
        ("target_delta", np.int64),  # offset in deltas (= source_delta where the operation works in place)
        ("skip_delta", np.int64),  # offset in deltas
        ("gate_delta", np.int64),  # offset in deltas
        ("weights", np.int64),  # offset in parameters: (inputs, outputs), row by row
        ("vector", np.int64),  # offset in parameters: other learned numbers, such as biases
        ("statistics", np.int64),  # offset in statistics
        ("scratch", np.int64),  # offset in values: what forward leaves for backward, such as a mask
        ("settings", np.float64, (SETTINGS,)),  # in the order of the piece's PARAMETERS
    ],
    align=True,
)

# One row of the table of stretches: neighbouring parameters, whose gradients and step are the work of one thread.
STRETCH = np.dtype(
    [
        ("start", np.int64),  # offset in parameters
        ("length", np.int64),  # how many
        ("first", np.int64),  # the operations that they belong to
        ("last", np.int64),  # the one after the last of them
        ("first_row", np.int64),  # of the weights, where it is some rows of those of one operation
        ("last_row", np.int64),  # the one after the last; else NOWHERE
        ("holds", np.int64),  # which of their parameters: weights, vectors or all, see nnlab.kernels.descent
        ("is_whole", np.int64),  # whether the operations' `gradients` write the gradients of all of it
    ],
    align=True,
)

# One row of a table of regularisers.
REGULARISER = np.dtype([("apply", np.int64), ("setting", np.float64)], align=True)


class Model(NamedTuple):
    """A network as kernels see it."""

    operations: np.ndarray  # (operations,) of OPERATION
    stretches: np.ndarray  # (stretches,) of STRETCH: together, all parameters
    parameters: np.ndarray  # (parameters,): all weights, then everything else that is learned
    statistics: np.ndarray  # (statistics,): what normalisation remembers of the batches it has seen
    weights: int  # how many of the parameters are weights
    by_rows: bool  # whether threads may pass some rows of a batch each


class Workspace(NamedTuple):
    """Buffers of one network, allocated once."""

    values: np.ndarray  # (examples * values per example,): inputs, activations, masks
    deltas: np.ndarray  # (examples * deltas per example,): d loss / d values
    gradients: np.ndarray  # (parameters,)
    targets: np.ndarray  # (examples * outputs,)
    weights: np.ndarray  # (examples,): what each example counts
    losses: np.ndarray  # (examples,) float64: the loss of each example, times its weight
    scores: np.ndarray  # (examples,) float64: the score of each example
    masked: np.ndarray  # (largest matrix of weights,) where weights are dropped; else empty
    panel: np.ndarray  # part of a matrix, see nnlab.kernels.products; then the gradients of a stretch
    panel_size: int  # elements of the panel before those gradients
    product: int  # address of the compiled matrix product
    part_of_product: int  # address of the function that does a part of one
    part_of_gathering: int  # address of the function that copies some rows of a batch
    part_of_pass: int  # address of the function that passes some rows of a batch
    part_of_step: int  # address of the function that moves a stretch of the parameters
    board: np.ndarray  # (BOARD,) of int64, by which other threads take parts, see nnlab.kernels.sharing


class Memory(NamedTuple):
    """What operations work on: addresses of the arrays of a Model and a Workspace, and what else they need of them."""

    values: Any
    deltas: Any
    gradients: Any
    masked: Any
    panel: Any
    product: int
    part_of_product: int
    board: Any
    helpers: int  # threads that may take parts of what an operation does
    parameters: Any
    statistics: Any
    weights: int


class Rows(NamedTuple):
    """Some rows of the batch that lies in the workspace, those that one thread works on."""

    first: int
    size: int
    batch: int  # rows of the whole batch, by which regions of the memory are laid out


class Examples(NamedTuple):
    """A whole data set, shared by all seeds, and the scaling that one seed fitted: (x - shift) * scale."""

    inputs: np.ndarray  # (examples, features)
    targets: np.ndarray  # (examples, outputs)
    weights: np.ndarray  # (examples,): what each counts in the loss
    input_shift: np.ndarray  # (features,)
    input_scale: np.ndarray  # (features,)
    target_shift: np.ndarray  # (outputs,)
    target_scale: np.ndarray  # (outputs,)


class Objective(NamedTuple):
    """What is minimised and what is counted."""

    loss: int  # address
    link: int  # address: from outputs to predictions
    score: int  # address
    settings: np.ndarray  # (settings,) float64, in the order of the loss's PARAMETERS
    heads: np.ndarray  # (heads + 1,) int64: head h has the outputs heads[h] ... heads[h + 1] - 1


class Sums(NamedTuple):
    """What was measured on some examples; the mean loss is loss / weight, the mean score is score / examples."""

    loss: float
    weight: float
    score: float
    examples: int


class Optimizer(NamedTuple):
    """The rule that turns gradients into steps, and the regularisers that act on parameters and gradients."""

    update: int  # address
    settings: np.ndarray  # (settings,) float64, in the order of the optimizer's PARAMETERS
    state: np.ndarray  # (slots, parameters), for example Adam's two moments
    memory: np.ndarray  # (MEMORY,) float64: a number that the rule remembers of step t stands at t % 2
    learning_rates: np.ndarray  # (steps of this epoch,) float64
    momenta: np.ndarray  # (steps of this epoch,) float64, empty where the rule has no momentum or it stays
    momentum: int  # its place in the settings
    before: np.ndarray  # (regularisers,) of REGULARISER: applied to gradients before each update
    after: np.ndarray  # (regularisers,) of REGULARISER: applied to parameters after each update


MEMORY = 2  # of this step and of the one before: threads that share a step all read the one and write the other


class Draw(NamedTuple):
    """The mode of a pass, and the address of its random numbers."""

    training: bool  # whether normalisation takes its statistics from the batch
    random: bool  # whether noise is drawn
    key_low: int  # the two words of the key of the seed's stream
    key_high: int
    epoch: int
    step: int


class Training(NamedTuple):
    """What stays the same in all steps of an epoch."""

    model: Model
    workspace: Workspace
    examples: Examples
    objective: Objective
    optimizer: Optimizer


class Step(NamedTuple):
    """One step of training, as all threads that take parts of it see it."""

    chosen: np.ndarray  # (batch,) int64: rows of the examples
    draw: Draw
    helpers: int  # threads that may take parts of it
    rows: int  # of the batch that one part passes
    share: float  # 1 / sum of the weights of the batch
    rate: float  # learning rate
    number: int  # from 1
