"""residual: what enters a block of layers is added to what comes out of it.

Blocks begin at a hidden layer that keeps the width of its inputs; one that changes it stands between blocks, with no
path past it. Layers left over at the end form a shorter block. Source: He et al. 2016.
"""

from __future__ import annotations

from collections.abc import Sequence

from nnlab.architecture import Dense
from nnlab.checks import Parameter, choice, whole
from nnlab.connection._paths import check_has_path
from nnlab.errors import ConfigurationError
from nnlab.plan import Plan

PARAMETERS = {
    "every": Parameter(2, whole(1)),  # layers per block
    "join": choice("before", "after"),  # the activation of the block's last layer
}


def connect(plan: Plan, layers: Sequence[Dense], every: int, join: str) -> None:
    """Append all layers, with a path past every block of `every` layers."""
    check_has_path("residual", plan, layers)
    rest = list(layers)
    while rest:
        if rest[0].units == plan.place.width:
            _append_block(plan, rest[:every], join)
            rest = rest[every:]
        else:
            plan.dense(rest.pop(0))


def _append_block(plan: Plan, block: Sequence[Dense], join: str) -> None:
    _check(block, plan.place.width, plan.layer + 2, join)
    skip = plan.fork()

    def add() -> None:
        plan.add("operation", "add", {}, skip=skip)

    for layer in block[:-1]:
        plan.dense(layer)
    plan.dense(block[-1], add if join == "before" else None)
    if join == "after":
        add()


def _check(block: Sequence[Dense], width: int, first: int, join: str) -> None:
    """Raise an error if what enters a block cannot be added to what comes out; `first` is its first layer, from 1."""
    for number, layer in enumerate(block, start=first):
        if layer.units != width:
            raise ConfigurationError(
                f"connection=residual: hidden layer {number} has {layer.units} units, inside a block of layers that "
                f"all must have {width}: change widths between blocks, or set connection.every"
            )
    last = block[-1]
    if join == "before" and last.width != width:
        raise ConfigurationError(
            f"connection=residual: activation={last.activation.name} has {last.width} pre-activations for {width} "
            f"units, to which the block's {width} inputs cannot be added: use connection.join=after"
        )
