"""Mean absolute error: loss = mean over the outputs of |y_k - t_k|, as PyTorch's L1Loss.

The gradient with respect to y_k is sign(y_k - t_k) / outputs, 0 where they are equal. The best constant is the median,
so single far targets pull less than with the squared error. Source: Boscovich 1757; Laplace 1774.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter
from nnlab.kernels.compilation import kernel
from nnlab.kernels.loss._links import identity as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS: dict[str, Parameter] = {}
TASKS = ("regression",)


@kernel
def _output_loss(y, t, _settings):
    """Return the absolute difference and its slope."""
    difference = y - t
    return abs(float(difference)), np.sign(difference)


loss = per_output(__name__, _output_loss)
