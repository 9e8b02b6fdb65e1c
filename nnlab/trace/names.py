"""What the nodes of a graph are called: x[1], w1[1,2], m2[1], with no number where there is only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.kernels.loss._links import identity
from nnlab.trace.layer import Layer

LOSS = "loss"


@dataclass(frozen=True)
class Names:
    """Names of all nodes of a network; layers, units and inputs count from 0 here, and from 1 in the names."""

    layers: Sequence[Layer]
    loss: Piece

    def inputs(self, layer: int) -> list[str]:
        """Return the names of what a layer takes."""
        if layer > 0:
            return self.outputs(layer - 1)
        return _numbered("x", len(self.layers[0].weights))

    def weight(self, layer: int, row: int, column: int) -> str:
        """Return the name of a weight, by its input and its unit."""
        rows, columns = self.layers[layer].weights.shape
        places = [str(place + 1) for place, count in ((row, rows), (column, columns)) if count > 1]
        return self._of("w", layer) + (f"[{','.join(places)}]" if places else "")

    def products(self, layer: int) -> list[str]:
        """Return the names of x @ weights."""
        return self._columns("m", layer)

    def biases(self, layer: int) -> list[str]:
        """Return the names of the biases."""
        return self._columns("b", layer)

    def sums(self, layer: int) -> list[str]:
        """Return the names of x @ weights + biases, which without an activation are what the layer gives."""
        return self.outputs(layer) if self.layers[layer].is_linear else self._columns("z", layer)

    def learned(self, layer: int) -> list[str]:
        """Return the names of what the activation learns."""
        return _numbered(self._of("slope", layer), self.layers[layer].learned.size)

    def outputs(self, layer: int) -> list[str]:
        """Return the names of what a layer gives: y_hat of the last one, unless the loss takes these for logits."""
        if layer < len(self.layers) - 1:
            return _numbered(self._of("a", layer), self.layers[layer].units)
        return _numbered("y_hat" if self.are_predictions else "logit", self.layers[layer].units)

    @property
    def targets(self) -> list[str]:
        """The names of the targets."""
        return _numbered("y", self.layers[-1].units)

    @property
    def are_predictions(self) -> bool:
        """Whether the outputs are the predictions as they are."""
        return registry.piece("nnlab.kernels.loss", self.loss.name).link is identity

    @property
    def loss_formula(self) -> str:
        """How the loss is made of outputs and targets."""
        outputs, targets = self.outputs(len(self.layers) - 1), self.targets
        if self.loss.name != "mean_squared_error":
            return f"{self.loss.name}({', '.join([*outputs, *targets])})"
        squares = " + ".join(f"({output} - {target})²" for output, target in zip(outputs, targets, strict=True))
        return squares if len(outputs) == 1 else f"({squares}) / {len(outputs)}"

    def _columns(self, letter: str, layer: int) -> list[str]:
        return _numbered(self._of(letter, layer), len(self.layers[layer].biases))

    def _of(self, letter: str, layer: int) -> str:
        return letter if len(self.layers) == 1 else f"{letter}{layer + 1}"


def _numbered(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}[{place}]" for place in range(1, count + 1)]
