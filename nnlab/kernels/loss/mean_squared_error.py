"""Mean squared error: loss = mean over the outputs of (y_k - t_k)^2, as PyTorch's MSELoss.

The gradient with respect to y_k is 2 (y_k - t_k) / outputs. Classes are numbers here, 0 or 1 for each output.
Source: Legendre 1805.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.compilation import kernel
from nnlab.kernels.loss._links import identity as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS: dict[str, Parameter] = {}
TASKS = ("classification", "regression")


@kernel
def _output_loss(y, t, _settings):
    """Return the squared difference and its slope."""
    difference = y - t
    return float(difference) * float(difference), difference + difference


loss = per_output(__name__, _output_loss)
