"""Squared hinge, one against the rest: loss = mean over the outputs of max(0, margin - s_k y_k)^2 with s_k = 2 t_k - 1.

Targets of 0 and 1 become signs of -1 and 1. The gradient with respect to y_k is -2 s_k max(0, margin - s_k y_k) /
outputs: smooth where the hinge has a kink, and harder on the far side. One output is one yes-or-no question; each of
several classes is told from the rest. Outputs are scores, not probabilities. Source: Tang 2013 (L2-SVM).
"""

from __future__ import annotations

from nnlab.kernels.loss._hinge import PARAMETERS, one_against_rest, squared
from nnlab.kernels.loss._links import identity as link

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

TASKS = ("classification", "multilabel")

loss = one_against_rest(__name__, squared)
