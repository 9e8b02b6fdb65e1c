"""Hinge, one against the rest: loss = mean over the outputs of max(0, margin - s_k y_k) with s_k = 2 t_k - 1.

Targets of 0 and 1 become signs of -1 and 1. The gradient with respect to y_k is -s_k / outputs inside the margin, else
0. One output is one yes-or-no question, as in a support vector machine; each of several classes is told from the rest,
so that two classes learn the same question twice. Outputs are scores, not probabilities.
Source: Cortes and Vapnik 1995; Rifkin and Klautau 2004.
"""

from __future__ import annotations

from nnlab.kernels.loss._hinge import PARAMETERS, linear, one_against_rest
from nnlab.kernels.loss._links import identity as link

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

TASKS = ("classification", "multilabel")

loss = one_against_rest(__name__, linear)
