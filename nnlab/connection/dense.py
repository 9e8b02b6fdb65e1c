"""dense: each layer sees the outputs of all layers before it, and the data.

What enters a hidden layer stands before its outputs among the inputs of the next layer. Source: Huang et al. 2017.
"""

from __future__ import annotations

from collections.abc import Sequence

from nnlab.architecture import Dense
from nnlab.checks import Parameter
from nnlab.plan import Plan

PARAMETERS: dict[str, Parameter] = {}


def connect(plan: Plan, layers: Sequence[Dense]) -> None:
    """Append all layers, with a path past each."""
    for layer in layers:
        past = plan.fork()
        plan.dense(layer)
        plan.add("operation", "concatenate", {}, skip=past)
