"""From a list of layers to the tables and buffers that kernels work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlab import registry
from nnlab.kernels.products import panel_size
from nnlab.kernels.structures import LAYER, Objective, Workspace

_ACTIVATIONS = "nnlab.kernels.activation"
_LOSSES = "nnlab.kernels.loss"
_ALIGNMENT = 64  # bytes of a cache line


@dataclass(frozen=True)
class Dense:
    """One fully connected layer: activation(inputs @ weights + biases), with dropout on its inputs."""

    units: int
    activation: str = "linear"
    settings: Mapping[str, Any] = field(default_factory=dict)
    dropout: float = 0.0  # probability that an input is dropped

    @property
    def pieces(self) -> int:
        """Pre-activations per unit."""
        return int(self.settings.get("pieces", 1))

    @property
    def parameter(self) -> float:
        """The activation's parameter, 0 if it has none."""
        values = [value for key, value in self.settings.items() if key != "pieces"]
        return float(values[0]) if values else 0.0


@dataclass(frozen=True)
class Architecture:
    """A fully connected network and its loss; the last layer gives the outputs."""

    inputs: int
    layers: tuple[Dense, ...]
    loss: str
    classification: bool
    loss_settings: Mapping[str, Any] = field(default_factory=dict)
    dropout_scaling: str = "inverted"  # or "weights": see nnlab.kernels.masks

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.layers[-1].units

    @property
    def objective(self) -> Objective:
        """The loss and the score, as kernels know them."""
        parameter = float(next(iter(self.loss_settings.values()), 0.0))
        return Objective(registry.code(_LOSSES, self.loss), parameter, self.classification)


def layer_table(architecture: Architecture) -> np.recarray:
    """Return the layer table (layers,) of `nnlab.kernels.structures.LAYER`: codes, sizes and all offsets."""
    table = np.zeros(len(architecture.layers), LAYER).view(np.recarray)
    inputs, parameters, previous = architecture.inputs, 0, 0
    values = inputs  # the batch itself lies first
    for row, layer in zip(table, architecture.layers, strict=True):
        _fill_sizes(row, layer, inputs, architecture.dropout_scaling)
        row.weights, row.biases = parameters, parameters + inputs * layer.units * layer.pieces
        parameters = int(row.biases) + layer.units * layer.pieces
        values = _fill_value_offsets(row, layer, previous, values)
        inputs, previous = layer.units, int(row.activations)
    return table


def parameter_count(table: np.recarray) -> int:
    """Return the number of weights and biases."""
    last = table[-1]
    return int(last.biases + last.units * last.pieces)


def allocate(table: np.recarray, batch: int, dtype: np.dtype) -> Workspace:
    """Return the buffers for batches of up to `batch` examples."""
    last = table[-1]
    widest = int(max(table.units.max(), table.inputs.max()))
    widest_affine = int((table.units * table.pieces).max())
    values = int(last.activations + last.units)
    return Workspace(
        values=aligned_zeros(batch * values, dtype),
        delta=aligned_zeros(batch * widest, dtype),
        pre_delta=aligned_zeros(batch * widest_affine, dtype),
        gradients=aligned_zeros(parameter_count(table), dtype),
        targets=aligned_zeros(batch * int(last.units), dtype),
        panel=aligned_zeros(panel_size(max(widest_affine, widest, batch), dtype), dtype),
    )


def aligned_zeros(size: int, dtype: np.dtype) -> np.ndarray:
    """Return zeros (size,) that start on a cache line, so that vector loads never straddle two."""
    memory = np.zeros(size * dtype.itemsize + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size * dtype.itemsize].view(dtype)


def _fill_sizes(row: Any, layer: Dense, inputs: int, dropout_scaling: str) -> None:
    keep = 1.0 - layer.dropout
    inverted = dropout_scaling == "inverted"
    row.inputs, row.units, row.pieces = inputs, layer.units, layer.pieces
    row.activation, row.parameter = registry.code(_ACTIVATIONS, layer.activation), layer.parameter
    row.keep = keep
    row.kept_scale = 1.0 / keep if inverted else 1.0
    row.test_scale = 1.0 if inverted else keep


def _fill_value_offsets(row: Any, layer: Dense, previous: int, free: int) -> int:
    """Give the layer its regions of the values, from the first free element on; return the next free one."""
    row.previous = row.source = previous
    if row.keep < 1:  # as kernels ask; a rate of 1e-17 is none
        row.mask, row.source = free, free + row.inputs
        free += 2 * int(row.inputs)
    row.pre_activations = row.activations = free
    if registry.piece(_ACTIVATIONS, layer.activation).NEEDS_PRE_ACTIVATIONS:
        row.activations = free + layer.units * layer.pieces
    return int(row.activations) + layer.units
