"""Mean absolute percentage error: loss = mean over the outputs of |y_k - t_k| / max(|t_k|, epsilon), as a fraction.

0.1 is an error of 10 percent. Near zero, epsilon stands for |t_k|, as in scikit-learn, or a target of 0 would have an
infinite loss; raise it where targets come close to 0, since the gradient there is 1 / epsilon. Scaled targets
(scale_targets) are what the percentages are of. The gradient with respect to y_k is sign(y_k - t_k) / max(|t_k|,
epsilon) / outputs. Source: de Myttenaere et al. 2016; the default epsilon is that of Keras.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel
from nnlab.kernels.loss._links import identity as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS = {"epsilon": Parameter(1e-7, number(1e-30))}  # at least: 1 / epsilon is a float32
NEEDS_RAW_TARGETS = True
TASKS = ("regression",)


@kernel
def _output_loss(y, t, settings):
    """Return the absolute difference in relation to the target, and its slope."""
    difference, size = y - t, max(abs(float(t)), settings[0])
    return abs(float(difference)) / size, type(y)(float(np.sign(difference)) / size)


loss = per_output(__name__, _output_loss)
