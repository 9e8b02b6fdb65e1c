"""Squared multi-class hinge: loss = sum over k other than the class c of max(0, margin - y_c + y_k)^2 / outputs.

As PyTorch's MultiMarginLoss with p = 2. Each rival inside the margin pushes y_k by 2 max(0, margin - y_c + y_k) /
outputs and pulls y_c as much. Soft targets weight the losses that each class would have: sum over c of t_c times the
above. Two classes: only y_1 - y_2 counts; one output: the loss is 0. Outputs are scores, not probabilities.
Source: Weston and Watkins 1999, with the square of Tang 2013.
"""

from __future__ import annotations

from nnlab.kernels.loss._hinge import PARAMETERS, all_pairs, squared
from nnlab.kernels.loss._links import identity as link

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

TASKS = ("classification",)

loss = all_pairs(__name__, squared)
