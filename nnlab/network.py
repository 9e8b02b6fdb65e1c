"""A fully connected network: parameters, predictions, losses and gradients."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab.architecture import Architecture
from nnlab.checks import whole
from nnlab.initialisation import initial_layer
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Examples, Model, Objective, Workspace
from nnlab.network_data import checked_inputs, checked_targets
from nnlab.stretches import stretch_table
from nnlab.table import (
    aligned_zeros,
    allocate,
    objective,
    operation_table,
    passes_by_rows,
    plan_of,
    sizes_of,
)

EVALUATION_BATCH = 256  # examples that go through the network at a time when nothing is trained
NO_NOISE = Draw(training=False, random=False, key_low=0, key_high=0, epoch=0, step=0)


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
        parameters: all that is learned, (parameters,); `weights` and `biases` are views of it.
        statistics: what normalisation remembers of the batches of training, (statistics,).
        scaling: how raw inputs and targets are scaled; by default not at all.
    """

    def __init__(
        self, architecture: Architecture, dtype: str = "float32", scaling: ExampleScaling | None = None
    ) -> None:
        self.architecture = architecture
        self.dtype = np.dtype(dtype)
        self.plan = plan_of(architecture)
        self.operations = operation_table(self.plan, dtype)
        self.by_rows = passes_by_rows(self.plan)
        self.sizes = sizes_of(self.plan)
        self.parameters = aligned_zeros(self.sizes.parameters, self.dtype)
        self.stretches = stretch_table(self.plan)  # after what fails at once for want of memory
        self.statistics = aligned_zeros(self.sizes.statistics, self.dtype)
        self.scaling = scaling or no_scaling(architecture)
        self.start()

    def start(self) -> None:
        """Set all that is learned or remembered, other than weights, to its initial values."""
        for row, operation in zip(self.operations, self.plan.operations, strict=True):
            vector = self.parameters[row.vector : row.vector + operation.shape.vector]
            vector[:] = 0
            if hasattr(operation.piece, "start"):
                operation.piece.start(vector, operation.settings)
            if operation.shape.statistics:
                statistics = self.statistics[row.statistics : row.statistics + operation.shape.statistics]
                operation.piece.start_statistics(statistics, operation.settings)

    def initialise(self, initialisation: str, generator: np.random.Generator, **settings: Any) -> Network:
        """Draw all weights, layer by layer, set the rest to its initial values, and return the network itself."""
        self.start()
        bias = 0.0
        for weights in self.weights:
            weights[:], bias = initial_layer(initialisation, generator, *weights.shape, **settings)
        for biases in self.biases:
            biases[:] += bias
        return self

    @property
    def weights(self) -> list[np.ndarray]:
        """Views of each layer's weights, (inputs, units * pieces)."""
        return self._weights_of(self.parameters)

    @property
    def biases(self) -> list[np.ndarray]:
        """Views of each layer's biases, (units * pieces,), and of those of gates, in the order of the weights."""
        return self._biases_of(self.parameters)

    @property
    def arrays(self) -> list[np.ndarray]:
        """All that training changes: parameters and statistics."""
        return [self.parameters, self.statistics]

    @property
    def model(self) -> Model:
        """The network as kernels see it."""
        return Model(
            self.operations, self.stretches, self.parameters, self.statistics, self.sizes.weights, self.by_rows
        )

    @cached_property
    def objective(self) -> Objective:
        """The loss and the score, as kernels know them."""
        return objective(self.architecture, self.dtype.name)

    def workspace(self, batch: int, board: np.ndarray | None = None) -> Workspace:
        """Allocate the buffers for batches of up to `batch` examples, with a board (BOARD,) that others may look at."""
        return allocate(self.plan, batch, self.dtype, board)

    def examples(self, inputs: np.ndarray, targets: np.ndarray, weights: np.ndarray | None = None) -> Examples:
        """Scale raw inputs (n, features) and targets (n, outputs) in float64, for kernels to take as they are."""
        x = (inputs - self.scaling.input_shift) * self.scaling.input_scale
        y = (targets - self.scaling.target_shift) * self.scaling.target_scale
        w = np.ones(len(x)) if weights is None else weights
        unscaled = (np.ascontiguousarray(vector, self.dtype) for vector in no_scaling(self.architecture))
        return Examples(*(np.ascontiguousarray(values, self.dtype) for values in (x, y, w)), *unscaled)

    def predict(self, inputs: ArrayLike) -> np.ndarray:
        """Return the predictions (n, outputs) for raw inputs (n, features).

        Class probabilities after a softmax loss; otherwise outputs in the unit of the raw targets.
        """
        predictions: np.ndarray = self._predictions(inputs, [NO_NOISE])[0]
        return predictions

    def sample_predictions(self, inputs: ArrayLike, samples: int, seed: int = 0) -> np.ndarray:
        """Return predictions (samples, n, outputs) for raw inputs (n, features), each with noise drawn anew.

        Their mean is the Monte Carlo prediction of dropout, their spread its uncertainty; without noise in the
        network all samples are the same. Source: Gal and Ghahramani 2016. With dropconnect, each 256 examples have a
        mask of their own.

        Args:
            inputs: (n, features).
            samples: how many; at least 1.
            seed: decides the noise, whole and at least 0.
        """
        return self._predictions(inputs, draws(samples, seed))

    def _predictions(self, inputs: ArrayLike, draws: Sequence[Draw]) -> np.ndarray:
        x = checked_inputs(inputs, self.architecture)
        predictions = np.empty((len(draws), len(x), self.architecture.outputs), self.dtype)
        examples, workspace = self.examples(x, np.zeros(predictions.shape[1:])), self.workspace(EVALUATION_BATCH)
        call = (self.model, workspace, examples, np.arange(len(x)), self.objective)
        for draw, sample in zip(draws, predictions, strict=True):
            entry_points.predict(*call, draw, EVALUATION_BATCH, sample)
        unscaled: np.ndarray = predictions / self.scaling.target_scale + self.scaling.target_shift
        return unscaled.astype(self.dtype, copy=False)

    def values_of(self, inputs: ArrayLike, draw: Draw = NO_NOISE) -> np.ndarray:
        """Return the values of all places of the plan for raw inputs (n, features) as one batch.

        Args:
            inputs: (n, features).
            draw: of the noise; by default there is none.
        """
        x = checked_inputs(inputs, self.architecture)
        workspace = self.workspace(len(x))
        examples = self.examples(x, np.zeros((len(x), self.architecture.outputs)))
        entry_points.evaluate(self.model, workspace, examples, np.arange(len(x)), self.objective, draw, len(x))
        values: np.ndarray = workspace.values
        return values

    def activations(self, inputs: ArrayLike) -> list[np.ndarray]:
        """Return the activations of each hidden layer, (n, units) each, for raw inputs (n, features) without noise.

        Where layers are joined, they are those before a path is added to them.
        """
        values = self.values_of(inputs)
        examples = len(values) // self.plan.values
        places = [operation.target for operation in self.plan.operations if operation.kind == "activation"]
        return [
            values[place.offset * examples : (place.offset + place.width) * examples].reshape(examples, place.width)
            for place in places[:-1]
        ]

    def loss_and_gradients(
        self, inputs: ArrayLike, targets: ArrayLike, *, training: bool = False
    ) -> tuple[float, Gradients]:
        """Return the mean loss over raw examples, as one batch without dropout, and its gradient.

        For a regression with scaled targets the loss is in the unit of the scaled targets, as in training.

        Args:
            inputs: (n, features).
            targets: class numbers (n,), with several heads (n, heads); or (n, outputs).
            training: whether batch normalisation takes mean and variance from these examples, as in training, and
                not its running ones, which stay as they are either way.
        """
        loss, gradient = self.loss_and_gradient(inputs, targets, training=training)
        return loss, Gradients(self._weights_of(gradient), self._biases_of(gradient))

    def loss_and_gradient(
        self, inputs: ArrayLike, targets: ArrayLike, *, training: bool = False
    ) -> tuple[float, np.ndarray]:
        """Return what `loss_and_gradients` does, but the gradient as one vector (parameters,), like `parameters`."""
        x = checked_inputs(inputs, self.architecture)
        workspace = self.workspace(len(x))
        sums = entry_points.loss_and_gradients(
            self.model._replace(statistics=self.statistics.copy()),
            workspace,
            self.examples(x, checked_targets(targets, len(x), self.architecture)),
            np.arange(len(x)),
            self.objective,
            NO_NOISE._replace(training=training),
        )
        return sums.loss / sums.weight, workspace.gradients

    def _weights_of(self, vector: np.ndarray) -> list[np.ndarray]:
        return [
            vector[row.weights : row.weights + operation.shape.weights].reshape(row.inputs, row.outputs)
            for row, operation in zip(self.operations, self.plan.operations, strict=True)
            if operation.shape.weights
        ]

    def _biases_of(self, vector: np.ndarray) -> list[np.ndarray]:
        return [
            vector[row.vector : row.vector + row.inputs]
            for row, operation in zip(self.operations, self.plan.operations, strict=True)
            if operation.has_biases
        ]


def draws(samples: int, seed: int = 0) -> list[Draw]:
    """Return so many draws of noise, as `Network.sample_predictions` has them."""
    number, key = whole(1)("samples", samples), np.random.SeedSequence(whole(0)("seed", seed))
    low, high = (int(word) for word in key.generate_state(2, np.uint32))
    return [Draw(False, True, low, high, sample, 0) for sample in range(number)]  # noqa: FBT003


def no_scaling(architecture: Architecture) -> ExampleScaling:
    """Return the scaling that leaves inputs and targets as they are."""
    features, outputs = architecture.inputs, architecture.outputs
    return ExampleScaling(np.zeros(features), np.ones(features), np.zeros(outputs), np.ones(outputs))
