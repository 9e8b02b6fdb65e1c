"""A fully connected network: parameters, predictions, losses and gradients."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab import registry
from nnlab.architecture import Architecture, aligned_zeros, allocate, layer_table, parameter_count
from nnlab.errors import DataError
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Examples, Model, Workspace

EVALUATION_BATCH = 256  # examples that go through the network at a time when nothing is trained
NO_MASKS = Draw(training=False, key=np.zeros(2, np.uint32), epoch=0, step=0)


class ExampleScaling(NamedTuple):
    """How raw values become what the network sees, (x - shift) * scale, for inputs and targets."""

    input_shift: np.ndarray  # (features,)
    input_scale: np.ndarray  # (features,)
    target_shift: np.ndarray  # (outputs,)
    target_scale: np.ndarray  # (outputs,)


class Gradients(NamedTuple):
    """The gradient of a loss: one matrix and one vector per layer, shaped like the network's own."""

    weights: list[np.ndarray]
    biases: list[np.ndarray]


class Network:
    """A fully connected network with its parameters in one flat vector.

    `nnlab.untrained_network` makes one from overrides; a training's `Result.network` gives the trained one of a seed.

    Attributes:
        architecture: the layers and the loss.
        parameters: all weights and biases, (parameters,); `weights` and `biases` are views of it.
        scaling: how raw inputs and targets are scaled; by default not at all.
    """

    def __init__(
        self, architecture: Architecture, dtype: str = "float32", scaling: ExampleScaling | None = None
    ) -> None:
        self.architecture = architecture
        self.dtype = np.dtype(dtype)
        self.layers = layer_table(architecture)
        self.parameters = aligned_zeros(parameter_count(self.layers), self.dtype)
        self.scaling = scaling or _no_scaling(architecture)

    def initialise(self, initialisation: str, generator: np.random.Generator, **settings: Any) -> Network:
        """Draw all weights, layer by layer, set all biases to 0, and return the network itself."""
        draw = registry.piece("nnlab.initialisation", initialisation).weights
        for weights, biases in zip(self.weights, self.biases, strict=True):
            weights[:] = draw(generator, *weights.shape, **settings)
            biases[:] = 0
        return self

    @property
    def weights(self) -> list[np.ndarray]:
        """Views of each layer's weights, (inputs, units * pieces)."""
        return self._weights_of(self.parameters)

    @property
    def biases(self) -> list[np.ndarray]:
        """Views of each layer's biases, (units * pieces,)."""
        return self._biases_of(self.parameters)

    @property
    def model(self) -> Model:
        """The network as kernels see it."""
        return Model(self.layers, self.parameters)

    def workspace(self, batch: int) -> Workspace:
        """Allocate the buffers for batches of up to `batch` examples."""
        return allocate(self.layers, batch, self.dtype)

    def examples(self, inputs: np.ndarray, targets: np.ndarray) -> Examples:
        """Scale raw inputs (n, features) and targets (n, outputs) in float64, for kernels to take as they are."""
        x = (inputs - self.scaling.input_shift) * self.scaling.input_scale
        y = (targets - self.scaling.target_shift) * self.scaling.target_scale
        unscaled = (np.ascontiguousarray(vector, self.dtype) for vector in _no_scaling(self.architecture))
        return Examples(np.ascontiguousarray(x, self.dtype), np.ascontiguousarray(y, self.dtype), *unscaled)

    def predict(self, inputs: ArrayLike) -> np.ndarray:
        """Return the predictions (n, outputs) for raw inputs (n, features).

        Class probabilities after a softmax loss; otherwise outputs in the unit of the raw targets.
        """
        x = self._checked_inputs(inputs)
        predictions = np.empty((len(x), self.architecture.outputs), self.dtype)
        no_targets = np.zeros_like(predictions)
        entry_points.predict(
            self.model,
            self.workspace(EVALUATION_BATCH),
            self.examples(x, no_targets),
            np.arange(len(x)),
            self.architecture.objective,
            NO_MASKS,
            EVALUATION_BATCH,
            predictions,
        )
        unscaled: np.ndarray = predictions / self.scaling.target_scale + self.scaling.target_shift
        return unscaled.astype(self.dtype)

    def loss_and_gradients(self, inputs: ArrayLike, targets: ArrayLike) -> tuple[float, Gradients]:
        """Return the mean loss over raw examples, as one batch without dropout, and its gradient.

        For a regression with scaled targets the loss is in the unit of the scaled targets, as in training.

        Args:
            inputs: (n, features).
            targets: class numbers (n,), or (n, outputs).
        """
        x = self._checked_inputs(inputs)
        workspace = self.workspace(len(x))
        loss = entry_points.loss_and_gradients(
            self.model,
            workspace,
            self.examples(x, self._checked_targets(targets, len(x))),
            np.arange(len(x)),
            self.architecture.objective,
            NO_MASKS,
        )
        gradients = Gradients(self._weights_of(workspace.gradients), self._biases_of(workspace.gradients))
        return float(loss), gradients

    def _checked_inputs(self, inputs: ArrayLike) -> np.ndarray:
        x = _numbers("inputs", inputs)
        if x.ndim != 2 or x.shape[1] != self.architecture.inputs or len(x) == 0:  # noqa: PLR2004
            expected = f"(examples, {self.architecture.inputs}) with at least one example"
            raise DataError(f"inputs have shape {x.shape}, but this network takes {expected}")
        return x

    def _checked_targets(self, targets: ArrayLike, examples: int) -> np.ndarray:
        y, outputs = _numbers("targets", targets), self.architecture.outputs
        if self.architecture.classification and y.ndim == 1:
            if not np.isin(y, np.arange(outputs)).all():
                raise DataError(f"targets must be class numbers, 0 to {outputs - 1}, or an array (examples, {outputs})")
            y = np.eye(outputs)[y.astype(int)]
        y = y.reshape(-1, 1) if y.ndim == 1 else y
        if y.shape != (examples, outputs):
            raise DataError(f"targets have shape {y.shape}, but {(examples, outputs)} is needed")
        return y

    def _weights_of(self, vector: np.ndarray) -> list[np.ndarray]:
        return [
            vector[layer.weights : layer.biases].reshape(layer.inputs, layer.units * layer.pieces)
            for layer in self.layers
        ]

    def _biases_of(self, vector: np.ndarray) -> list[np.ndarray]:
        return [vector[layer.biases : layer.biases + layer.units * layer.pieces] for layer in self.layers]


def _numbers(name: str, values: ArrayLike) -> np.ndarray:
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} must be numbers: {error}") from error


def _no_scaling(architecture: Architecture) -> ExampleScaling:
    features, outputs = architecture.inputs, architecture.outputs
    return ExampleScaling(np.zeros(features), np.ones(features), np.zeros(outputs), np.ones(outputs))
