"""What normalisations share: their setting, their gain, and the output gain * x_hat."""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel

EPSILON = Parameter(1e-5, number(0, open_low=True))


def start(vector, _settings):
    """Set the gain to 1."""
    vector[:] = 1


@kernel
def scale(x_hat, gain, y):
    """Write gain * x_hat to y, all but the gain (batch, width)."""
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = gain[j] * x_hat[i, j]


@kernel
def sum_deltas(delta, x_hat, gain_gradient):
    """Write the gradient of the gain, sum over the batch of delta * x_hat."""
    gain_gradient[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            gain_gradient[j] += delta[i, j] * x_hat[i, j]
