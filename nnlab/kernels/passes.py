"""Forward and backward through all layers of a network, for the batch that lies in the workspace.

Forward:   source = previous * mask;  z = source @ W + b;  a = f(z).
Backward:  dz = da * f'(z);  dW = source.T @ dz;  db = column sums of dz;  d previous = (dz @ W.T) * mask.
"""

from __future__ import annotations

from nnlab.kernels.compilation import kernel
from nnlab.kernels.dispatch import selector
from nnlab.kernels.masks import drop
from nnlab.kernels.products import multiply

_activate = selector("nnlab.kernels.activation", "forward", "z, bias, a, parameter")
_deactivate = selector("nnlab.kernels.activation", "backward", "z, a, delta, pre_delta, bias_gradient, parameter")


@kernel
def forward(model, workspace, batch, draw):
    """Run the batch through all layers; return the outputs (batch, outputs), a view of the workspace."""
    values = workspace.values
    for k in range(model.layers.size):
        layer = model.layers[k]
        if layer.keep < 1:
            drop(
                _region(values, layer.previous, batch, layer.inputs),
                layer,
                k,
                draw,
                _region(values, layer.mask, batch, layer.inputs),
                _region(values, layer.source, batch, layer.inputs),
            )
        z = rows(values, layer.pre_activations, batch, layer.units * layer.pieces)
        a = rows(values, layer.activations, batch, layer.units)
        source = rows(values, layer.source, batch, layer.inputs)
        multiply(source, weights(model.parameters, layer), z, workspace.panel)
        _activate(layer.activation, z, biases(model.parameters, layer), a, layer.parameter)
    last = model.layers[model.layers.size - 1]
    return rows(values, last.activations, batch, last.units)


@kernel
def backward(model, workspace, batch):
    """From d loss / d outputs in workspace.delta, write all gradients to workspace.gradients."""
    values, gradients = workspace.values, workspace.gradients
    for k in range(model.layers.size - 1, -1, -1):
        layer = model.layers[k]
        width = layer.units * layer.pieces
        pre_delta = rows(workspace.pre_delta, 0, batch, width)
        _deactivate(
            layer.activation,
            rows(values, layer.pre_activations, batch, width),
            rows(values, layer.activations, batch, layer.units),
            rows(workspace.delta, 0, batch, layer.units),
            pre_delta,
            biases(gradients, layer),
            layer.parameter,
        )
        source = rows(values, layer.source, batch, layer.inputs)
        multiply(source.T, pre_delta, weights(gradients, layer), workspace.panel)
        if k > 0:
            _pass_back(model, workspace, batch, layer, pre_delta)


@kernel
def _pass_back(model, workspace, batch, layer, pre_delta):
    """Write d loss / d activations of the layer before to workspace.delta."""
    previous = rows(workspace.delta, 0, batch, layer.inputs)
    multiply(pre_delta, weights(model.parameters, layer).T, previous, workspace.panel)
    if layer.keep < 1:
        delta = _region(workspace.delta, 0, batch, layer.inputs)
        mask = _region(workspace.values, layer.mask, batch, layer.inputs)
        for i in range(delta.size):
            delta[i] *= mask[i]


@kernel
def weights(vector, layer):
    """Return a layer's part of the parameters or gradients as a matrix (inputs, units * pieces)."""
    width = layer.units * layer.pieces
    return vector[layer.weights : layer.weights + layer.inputs * width].reshape((layer.inputs, width))


@kernel
def biases(vector, layer):
    """Return a layer's part of the parameters or gradients as a vector (units * pieces,)."""
    return vector[layer.biases : layer.biases + layer.units * layer.pieces]


@kernel
def rows(buffer, offset, batch, width):
    """Return a region of a buffer as a matrix (batch, width)."""
    return _region(buffer, offset, batch, width).reshape((batch, width))


@kernel
def _region(buffer, offset, batch, width):
    """Return a region of a buffer, flat; its offset is in elements per example."""
    return buffer[offset * batch : offset * batch + batch * width]
