"""highway: each hidden layer lets part of its inputs through: y = T h(x) + (1 - T) x with T = sigmoid(x W + bias).

A layer that changes the width of its inputs is plain. T sees the inputs without noise, and comes after the layer among
the weights and the biases of the network. Source: Srivastava, Greff and Schmidhuber 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

from nnlab.architecture import Dense
from nnlab.checks import Parameter, number
from nnlab.connection._paths import check_has_path
from nnlab.plan import Plan

PARAMETERS = {"bias": Parameter(-2.0, number())}  # of T, at the start: negative, most of x passes by


def connect(plan: Plan, layers: Sequence[Dense], bias: float) -> None:
    """Append all layers, each with a gate if it keeps the width."""
    check_has_path("highway", plan, layers)
    for layer in layers:
        if layer.units == plan.place.width:
            _append_gated(plan, layer, bias)
        else:
            plan.dense(layer)


def _append_gated(plan: Plan, layer: Dense, bias: float) -> None:
    past, into_gate = plan.fork(), plan.fork()
    plan.dense(layer)
    gate = plan.aside(into_gate, lambda: plan.add("operation", "affine", {}, layer.units))
    plan.add("operation", "gate", {"bias": bias}, skip=past, gate=gate)
