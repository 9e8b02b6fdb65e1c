"""Log-cosh: loss = mean over the outputs of log(cosh(y_k - t_k)), in natural logarithms.

About half the squared error where the difference is small and |difference| - log 2 where it is large, smooth in
between. The gradient with respect to y_k is tanh(y_k - t_k) / outputs. Source: Green 1990; Saleh and Saleh 2022.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import tanh
from nnlab.kernels.loss._links import identity as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS: dict[str, Parameter] = {}
TASKS = ("regression",)

_LOG_2 = math.log(2)


@kernel
def _output_loss(y, t, _settings):
    """Return log(cosh(difference)) and its slope."""
    difference = y - t
    return _log_cosh(abs(float(difference))), tanh(difference)


@kernel
def _log_cosh(x):
    """Return log(cosh(x)) for x >= 0: neither x - log 2 may cancel where x is small, nor cosh overflow."""
    if x < 1:
        half = math.sinh(0.5 * x)
        return math.log1p(2 * half * half)
    return x - _LOG_2 + math.log1p(math.exp(-2 * x))


loss = per_output(__name__, _output_loss)
