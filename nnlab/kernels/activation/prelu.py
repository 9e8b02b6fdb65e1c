"""prelu(z) = z where z > 0, else slope z, with slopes that are learned.

The vector of the operation holds the biases, one per unit, and then the slopes: one shared by the layer, or one per
unit. Backward: d loss / d slope = sum of delta z over all negative z that it acts on. Source: He et al. 2015.
"""

from __future__ import annotations

from nnlab.checks import Parameter, choice, number
from nnlab.kernels.activation._biases import write_bias_gradients
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.regions import flat, source, source_delta, target, target_delta, vector
from nnlab.kernels.shape import Shape

PARAMETERS = {
    "slopes": choice("shared", "per_unit"),
    "init": Parameter(0.25, number()),  # of all slopes
}
SHARED = 0  # place of "shared" among the choices


def shape(inputs, settings, _width):
    """Return the sizes: biases and slopes."""
    return Shape(inputs, vector=inputs + (1 if settings["slopes"] == "shared" else inputs), by_rows=True)


def start(numbers, settings):
    """Set the slopes, which come last, to their initial value."""
    count = 1 if settings["slopes"] == "shared" else numbers.size // 2
    numbers[numbers.size - count :] = settings["init"]


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Add the biases to the source (batch, units) and apply the function."""
    z, a = source(operation, memory, rows), target(operation, memory, rows)
    bias = vector(operation, memory.parameters, operation.inputs)
    slope, step = _slopes(operation, memory.parameters)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            z[i, j] += bias[j]
            a[i, j] = slope[j * step] * z[i, j] if z[i, j] < 0 else z[i, j]


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Write d loss / d z; the slope at 0 is that below."""
    z, delta = source(operation, memory, rows), target_delta(operation, memory, rows)
    pre_delta = source_delta(operation, memory, rows)
    slope, step = _slopes(operation, memory.parameters)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            pre_delta[i, j] = delta[i, j] if z[i, j] > 0 else slope[j * step] * delta[i, j]


@entry_point
def gradients(operation, memory, rows, first, last):  # noqa: ARG001
    """Write the gradients of biases and slopes."""
    write_bias_gradients(operation, memory, rows)
    z, delta = source(operation, memory, rows), target_delta(operation, memory, rows)
    slope_gradient, step = _slopes(operation, memory.gradients)
    slope_gradient[:] = 0
    if step == 0:
        _add_shared(z, delta, slope_gradient)
    else:
        _add_per_unit(z, delta, slope_gradient)


@kernel
def _slopes(operation, numbers):
    """Return the slopes, or their gradients, and the distance of those of neighbouring units."""
    step = 0 if operation.settings[0] == SHARED else 1
    count = operation.inputs if step == 1 else 1
    return flat(numbers, operation.vector + operation.inputs, count), step


@kernel
def _add_shared(z, delta, gradient):
    """Add the gradient of one slope for all units."""
    total = gradient[0]
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            total += delta[i, j] * _below(z[i, j])
    gradient[0] = total


@kernel
def _add_per_unit(z, delta, gradient):
    """Add the gradient of one slope per unit."""
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            gradient[j] += delta[i, j] * _below(z[i, j])


@kernel
def _below(z):
    """Return min(z, 0), and NaN for NaN."""
    return type(z)(0) if z > 0 else z
