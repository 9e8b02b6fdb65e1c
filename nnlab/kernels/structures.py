"""What the arrays hold that kernels work on.

A network is one flat vector of parameters and a table with a row per layer. Offsets into `parameters` are in
elements; offsets into `Workspace.values` are in elements PER EXAMPLE, so that a region starts at offset x examples and
the regions of a small batch lie close together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# One row of the layer table: activations = f(inputs @ weights + biases).
LAYER = np.dtype(
    [
        ("inputs", np.int64),  # size of the layer's input
        ("units", np.int64),  # size of its output
        ("pieces", np.int64),  # pre-activations per unit: 1, or more for maxout
        ("activation", np.int64),  # code of the activation
        ("parameter", np.float64),  # the activation's parameter, 0 if it has none
        ("keep", np.float64),  # probability that an input is kept; 1 without dropout
        ("kept_scale", np.float64),  # factor of kept inputs while training
        ("test_scale", np.float64),  # factor of all inputs otherwise
        ("weights", np.int64),  # offset in parameters: (inputs, units * pieces), row by row
        ("biases", np.int64),  # offset in parameters: (units * pieces,)
        ("previous", np.int64),  # offset in values: activations of the layer before
        ("source", np.int64),  # offset in values: inputs after dropout (= previous without)
        ("mask", np.int64),  # offset in values: factors of the inputs (unused without dropout)
        ("pre_activations", np.int64),  # offset in values (= activations where these suffice for the slope)
        ("activations", np.int64),  # offset in values
    ],
    align=True,
)


class Model(NamedTuple):
    """A network as kernels see it."""

    layers: np.ndarray  # (depth + 1,) of LAYER
    parameters: np.ndarray  # (parameters,)


class Workspace(NamedTuple):
    """Buffers of one network, allocated once."""

    values: np.ndarray  # (examples * values per example,): inputs, activations, masks
    delta: np.ndarray  # (examples * widest output,): d loss / d activations of one layer
    pre_delta: np.ndarray  # (examples * widest affine output,): d loss / d pre-activations of one layer
    gradients: np.ndarray  # (parameters,)
    targets: np.ndarray  # (examples * outputs,)
    panel: np.ndarray  # part of a matrix, see nnlab.kernels.products


class Examples(NamedTuple):
    """A whole data set, shared by all seeds, and the scaling that one seed fitted: (x - shift) * scale."""

    inputs: np.ndarray  # (examples, features)
    targets: np.ndarray  # (examples, outputs)
    input_shift: np.ndarray  # (features,)
    input_scale: np.ndarray  # (features,)
    target_shift: np.ndarray  # (outputs,)
    target_scale: np.ndarray  # (outputs,)


class Objective(NamedTuple):
    """What is minimised and what is counted."""

    loss: int  # code of the loss
    parameter: float  # the loss's parameter, 0 if it has none
    classification: bool  # score = right answers; otherwise score = squared error


class Optimizer(NamedTuple):
    """The rule that turns gradients into steps."""

    rule: int  # code of the optimizer
    settings: np.ndarray  # (settings,) float64, in the order of the optimizer's PARAMETERS
    state: np.ndarray  # (slots, parameters), for example Adam's two moments
    learning_rates: np.ndarray  # (steps of this epoch,) float64


class Draw(NamedTuple):
    """Address of the random masks of one step; `training` false means none are drawn."""

    training: bool
    key: np.ndarray  # (2,) uint32: the seed's stream
    epoch: int
    step: int
