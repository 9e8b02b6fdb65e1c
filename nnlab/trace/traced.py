"""Traces a tiny network: update by update, what it computes, its gradient, and what the optimizer makes of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnlab.composition import composed, plain_values
from nnlab.kernels import entry_points
from nnlab.network import NO_NOISE, Network
from nnlab.trace.building import graph_of
from nnlab.trace.derivatives import flat, network_of, unflattened
from nnlab.trace.graph import Graph
from nnlab.trace.layer import Layer
from nnlab.trace.names import Names
from nnlab.trace.settings import TraceSettings
from nnlab.updates import optimizer_of

CONFIG_NAME = "trace"


class Move(NamedTuple):
    """What an update makes of one parameter.

    Attributes:
        name: of the parameter.
        old: its value before.
        gradient: of the mean loss of the update's examples.
        new: its value after.
        predictions: of the first of the examples (outputs,), with the new values of this and all earlier rows.
        loss: the mean over the examples, with the same values.
    """

    name: str
    old: float
    gradient: float
    new: float
    predictions: np.ndarray
    loss: float


@dataclass(frozen=True)
class Update:
    """One update: examples, what the network makes of them before and after, and how parameters move.

    Attributes:
        number: from 1.
        rows: of the examples, from 0.
        inputs: (examples, features).
        targets: (examples, outputs).
        predictions: before, (examples, outputs).
        loss: before; the mean over the examples.
        predictions_after: (examples, outputs).
        loss_after: of the same examples.
        layers: the network before.
        layers_after: the network after.
        graphs: of each example, where graphs are wanted.
        moves: of all parameters, from the outputs back, where graphs are wanted.
    """

    number: int
    rows: np.ndarray
    inputs: np.ndarray
    targets: np.ndarray
    predictions: np.ndarray
    loss: float
    predictions_after: np.ndarray
    loss_after: float
    layers: tuple[Layer, ...]
    layers_after: tuple[Layer, ...]
    graphs: tuple[Graph, ...]
    moves: tuple[Move, ...]

    def parameter(self, name: str) -> Move:
        """Return what becomes of the parameter of that name."""
        return next(move for move in self.moves if move.name == name)


@dataclass(frozen=True)
class Trace:
    """All updates of a tiny network, which end early where the loss is no longer finite."""

    settings: TraceSettings
    updates: tuple[Update, ...]

    @property
    def names(self) -> Names:
        """What its nodes are called."""
        return Names(self.settings.layers, self.settings.loss)

    @property
    def path(self) -> list[tuple[Layer, ...]]:
        """The network before the first update and after each."""
        return [self.settings.layers, *(update.layers_after for update in self.updates)]

    @property
    def networks(self) -> list[Network]:
        """The networks of the path."""
        return [network_of(layers, self.settings.loss) for layers in self.path]

    @property
    def diverged(self) -> bool:
        """Whether it ended early."""
        return len(self.updates) < self.settings.updates


def traced(overrides: Sequence[str] = ()) -> Trace:
    """Trace what overrides describe, as on the command line of `python -m nnlab.trace`; nothing is printed or written.

    Args:
        overrides: for example ["trace.x=[2,-1]", "trace.y=[1,-5]", "trace.w=1", "trace.b=1", "learning_rate=0.1"].

    Raises:
        ConfigurationError: a key or a value is not as it must be.
    """
    return trace_of(TraceSettings.from_mapping(plain_values(composed(overrides, CONFIG_NAME))))


def trace_of(settings: TraceSettings) -> Trace:
    """Trace what settings describe."""
    return Trace(settings, tuple(_updates(settings)))


def _updates(settings: TraceSettings) -> Iterator[Update]:
    """Take one step of an ordinary training after the other."""
    network = network_of(settings.layers, settings.loss)
    examples = network.examples(settings.inputs, settings.targets)
    rate = np.array([float(settings.optimizer.settings["learning_rate"])])
    optimizer = optimizer_of(network.parameters, settings.optimizer, rate)
    call = (network.model, network.workspace(settings.batch_size), examples)
    for number in range(settings.updates):
        rows, old = settings.batch(number), network.parameters.copy()
        draw = NO_NOISE._replace(training=True, epoch=number)  # an epoch of one step each
        control = np.zeros(2, np.int64)
        sums = entry_points.train_epoch(*call, rows, network.objective, optimizer, draw, rows.size, control)
        if not np.isfinite(sums.loss):
            return
        yield _seen(settings, number, rows, old, network.parameters)


def _seen(settings: TraceSettings, number: int, rows: np.ndarray, old: np.ndarray, new: np.ndarray) -> Update:
    x, y = settings.inputs[rows], settings.targets[rows]
    before, after = unflattened(old, settings.layers), unflattened(new.copy(), settings.layers)
    is_shown = number < settings.graphs
    return Update(
        number + 1,
        rows,
        x,
        y,
        *_made(network_of(before, settings.loss), x, y),
        *_made(network_of(after, settings.loss), x, y),
        tuple(before),
        tuple(after),
        tuple(graph_of(before, settings.loss, *example) for example in zip(x, y, strict=True)) if is_shown else (),
        tuple(_moves(settings, before, after, x, y)) if is_shown else (),
    )


def _made(network: Network, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the predictions and the mean loss."""
    return network.predict(x), network.loss_and_gradient(x, y)[0]


def _moves(
    settings: TraceSettings, before: Sequence[Layer], after: Sequence[Layer], x: np.ndarray, y: np.ndarray
) -> Iterator[Move]:
    """Put the new values in the place of the old, one after the other, from the outputs back: biases, then weights."""
    network, new = network_of(before, settings.loss), flat(after)
    _, gradient = network.loss_and_gradient(x, y)
    for name, place in places(Names(before, settings.loss)):
        old, network.parameters[place] = network.parameters[place], new[place]
        predictions, loss = _made(network, x, y)
        yield Move(name, float(old), float(gradient[place]), float(new[place]), predictions[0], loss)


def places(names: Names) -> Iterator[tuple[str, int]]:
    """Return the parameters from the outputs back, each with its place in the network's vector."""
    sizes = [numbers.size for layer in names.layers for numbers in (layer.weights, layer.biases, layer.learned)]
    numbered = unflattened(np.arange(sum(sizes)), names.layers)
    for number, layer in reversed(list(enumerate(numbered))):
        yield from zip(names.biases(number), layer.biases, strict=True)
        for (row, column), place in np.ndenumerate(layer.weights):
            yield names.weight(number, row, column), int(place)
        yield from zip(names.learned(number), layer.learned, strict=True)
