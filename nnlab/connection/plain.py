"""plain: one layer after the other.

Source: Goodfellow, Bengio and Courville 2016, section 6.4 (chain-based architectures).
"""

from __future__ import annotations

from collections.abc import Sequence

from nnlab.architecture import Dense
from nnlab.checks import Parameter
from nnlab.plan import Plan

PARAMETERS: dict[str, Parameter] = {}


def connect(plan: Plan, layers: Sequence[Dense]) -> None:
    """Append all layers."""
    for layer in layers:
        plan.dense(layer)
