"""Slow, obvious references for every kernel: loops over Python numbers that share nothing with nnlab.

Matrices are lists of rows. Weights are (inputs, units * pieces); the pieces of a unit lie side by side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Vector = list[float]
Matrix = list[Vector]

PHILOX_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
PHILOX_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
WORD = 2**32


@dataclass
class Layer:
    """activations = f(sources @ weights + biases), where sources = inputs * mask."""

    weights: Matrix
    biases: Vector
    activation: str = "linear"
    parameter: float = 0.0
    pieces: int = 1
    keep: float = 1.0
    inverted: bool = True


@dataclass
class Trace:
    """What one layer saw and gave for a batch; a row per example."""

    masks: Matrix
    sources: Matrix
    z: Matrix
    activations: Matrix


def activation(name: str, z: Vector, parameter: float) -> float:
    """Return a unit's activation from its pre-activations: one, or for maxout one per piece."""
    values: dict[str, Callable[[], float]] = {
        "linear": lambda: z[0],
        "relu": lambda: max(z[0], 0.0),
        "leaky_relu": lambda: z[0] if z[0] > 0 else parameter * z[0],
        "sigmoid": lambda: 1 / (1 + math.exp(-z[0])),
        "tanh": lambda: math.tanh(z[0]),
        "maxout": lambda: max(z),
    }
    return values[name]()


def slopes(name: str, z: Vector, parameter: float) -> Vector:
    """Return d activation / d z for each pre-activation of a unit."""
    values: dict[str, Callable[[], Vector]] = {
        "linear": lambda: [1.0],
        "relu": lambda: [1.0 if z[0] > 0 else 0.0],
        "leaky_relu": lambda: [1.0 if z[0] > 0 else parameter],
        "sigmoid": lambda: [math.exp(-z[0]) / (1 + math.exp(-z[0])) ** 2],
        "tanh": lambda: [1 / math.cosh(z[0]) ** 2],
        "maxout": lambda: [1.0 if k == z.index(max(z)) else 0.0 for k in range(len(z))],
    }
    return values[name]()


def forward(layers: Sequence[Layer], inputs: Matrix, masks: Sequence[Matrix]) -> list[Trace]:
    """Return what each layer saw and gave; the last activations are the outputs."""
    traces = []
    for layer, mask in zip(layers, masks, strict=True):
        sources = [[x * m for x, m in zip(*rows, strict=True)] for rows in zip(inputs, mask, strict=True)]
        z = [affine(layer, row) for row in sources]
        inputs = [[activation(layer.activation, unit, layer.parameter) for unit in units(layer, row)] for row in z]
        traces.append(Trace(mask, sources, z, inputs))
    return traces


def affine(layer: Layer, source: Vector) -> Vector:
    """Return one example's pre-activations, source @ weights + biases."""
    z = list(layer.biases)
    for i, x in enumerate(source):
        for j in range(len(z)):
            z[j] += x * layer.weights[i][j]
    return z


def units(layer: Layer, z: Vector) -> Matrix:
    """Cut one example's pre-activations into units."""
    return [z[start : start + layer.pieces] for start in range(0, len(z), layer.pieces)]


def backward(layers: Sequence[Layer], traces: Sequence[Trace], delta: Matrix) -> Vector:
    """From d loss / d outputs return all gradients: each layer's weights row by row, then its biases."""
    gradient: Vector = []
    for layer, trace in zip(reversed(layers), reversed(traces), strict=True):
        dz = [d_pre_activations(layer, *rows) for rows in zip(trace.z, delta, strict=True)]
        bias_gradient = [sum(column) for column in zip(*dz, strict=True)]
        gradient = weight_gradient(trace.sources, dz) + bias_gradient + gradient
        delta = [d_inputs(layer, *rows) for rows in zip(dz, trace.masks, strict=True)]
    return gradient


def d_inputs(layer: Layer, dz: Vector, mask: Vector) -> Vector:
    """Return d loss / d inputs of one example, (dz @ weights.T) * mask."""
    rows = zip(mask, layer.weights, strict=True)
    return [m * sum(d * w for d, w in zip(dz, weights, strict=True)) for m, weights in rows]


def d_pre_activations(layer: Layer, z: Vector, delta: Vector) -> Vector:
    """Return d loss / d z of one example."""
    rows = zip(units(layer, z), delta, strict=True)
    return [d * slope for unit, d in rows for slope in slopes(layer.activation, unit, layer.parameter)]


def product(a: Matrix, b: Matrix) -> Matrix:
    """Return a @ b."""
    columns = range(len(b[0]))
    return [[sum(x * b[k][j] for k, x in enumerate(row)) for j in columns] for row in a]


def weight_gradient(sources: Matrix, dz: Matrix) -> Vector:
    """Return sources.T @ dz, row by row."""
    return [w for row in product([list(column) for column in zip(*sources, strict=True)], dz) for w in row]


def softmax(outputs: Vector) -> Vector:
    """Return e^y / sum of e^y."""
    powers = [math.exp(y - max(outputs)) for y in outputs]
    return [power / sum(powers) for power in powers]


def softmax_cross_entropy(outputs: Matrix, targets: Matrix) -> tuple[float, Matrix]:
    """Return the summed loss -sum t log p, and the gradient of its mean."""
    total, gradient = 0.0, []
    for y, t in zip(outputs, targets, strict=True):
        p = softmax(y)
        total -= sum(t_k * math.log(p_k) for t_k, p_k in zip(t, p, strict=True))
        gradient.append([(p_k * sum(t) - t_k) / len(outputs) for t_k, p_k in zip(t, p, strict=True)])
    return total, gradient


def mean_squared_error(outputs: Matrix, targets: Matrix) -> tuple[float, Matrix]:
    """Return the summed loss, mean over the outputs of (y - t)^2, and the gradient of its mean."""
    total, gradient = 0.0, []
    for y, t in zip(outputs, targets, strict=True):
        total += sum((y_k - t_k) ** 2 for y_k, t_k in zip(y, t, strict=True)) / len(y)
        gradient.append([2 * (y_k - t_k) / len(y) / len(outputs) for y_k, t_k in zip(y, t, strict=True)])
    return total, gradient


LOSSES = {"softmax_cross_entropy": softmax_cross_entropy, "mean_squared_error": mean_squared_error}


def right_answers(outputs: Matrix, targets: Matrix) -> float:
    """Count the examples whose first largest output stands where the first largest target does."""
    return float(sum(y.index(max(y)) == t.index(max(t)) for y, t in zip(outputs, targets, strict=True)))


def squared_error(outputs: Matrix, targets: Matrix) -> float:
    """Return the sum of (output - target)^2."""
    rows = zip(outputs, targets, strict=True)
    return sum((y_k - t_k) ** 2 for y, t in rows for y_k, t_k in zip(y, t, strict=True))


# Every optimizer takes the same arguments.
def sgd(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of w <- w - rate g."""
    return w - rate * g, []


def momentum(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of v <- m v + g, w <- w - rate v."""
    v = settings[1] * state[0] + g
    return w - rate * v, [v]


def adam(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of Kingma and Ba's algorithm 1."""
    _, b1, b2, epsilon = settings
    m, v = b1 * state[0] + (1 - b1) * g, b2 * state[1] + (1 - b2) * g * g
    m_hat, v_hat = m / (1 - b1**step), v / (1 - b2**step)
    return w - rate * m_hat / (math.sqrt(v_hat) + epsilon), [m, v]


def nesterov(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of v <- m v + g, w <- w - rate (g + m v)."""
    v = settings[1] * state[0] + g
    return w - rate * (g + settings[1] * v), [v]


def adagrad(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of s <- s + g^2, w <- w - rate g / (sqrt(s) + epsilon)."""
    s = state[0] + g * g
    return w - rate * g / (math.sqrt(s) + settings[1]), [s]


def rmsprop(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step divided by the root of the mean of squared gradients."""
    _, alpha, epsilon = settings
    s = alpha * state[0] + (1 - alpha) * g * g
    return w - rate * g / (math.sqrt(s) + epsilon), [s]


def adadelta(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of Zeiler's algorithm 1."""
    _, rho, epsilon = settings
    s = rho * state[0] + (1 - rho) * g * g
    d = g * math.sqrt(state[1] + epsilon) / math.sqrt(s + epsilon)
    return w - rate * d, [s, rho * state[1] + (1 - rho) * d * d]


def amsgrad(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of Adam with the largest second moment so far."""
    _, b1, b2, epsilon = settings
    m, v = b1 * state[0] + (1 - b1) * g, b2 * state[1] + (1 - b2) * g * g
    largest = max(state[2], v)
    m_hat, v_hat = m / (1 - b1**step), largest / (1 - b2**step)
    return w - rate * m_hat / (math.sqrt(v_hat) + epsilon), [m, v, largest]


def radam(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of Liu et al.'s algorithm 2, with PyTorch's epsilon."""
    _, b1, b2, epsilon = settings
    m, v = b1 * state[0] + (1 - b1) * g, b2 * state[1] + (1 - b2) * g * g
    m_hat = m / (1 - b1**step)
    longest = 2 / (1 - b2) - 1
    length = longest - 2 * step * b2**step / (1 - b2**step)
    if length <= 5:
        return w - rate * m_hat, [m, v]
    l_t = math.sqrt(1 - b2**step) / (math.sqrt(v) + epsilon)
    r_t = math.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
    return w - rate * m_hat * r_t * l_t, [m, v]


OPTIMIZERS = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adadelta": adadelta,
    "adam": adam,
    "amsgrad": amsgrad,
    "radam": radam,
}


def philox(counter: Sequence[int], key: Sequence[int]) -> tuple[int, ...]:
    """Return Philox 4x32-10 of a counter of four words and a key of two."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high_0, low_0 = divmod(PHILOX_MULTIPLIERS[0] * c[0], WORD)
        high_1, low_1 = divmod(PHILOX_MULTIPLIERS[1] * c[2], WORD)
        c = [high_1 ^ c[1] ^ k[0], low_1, high_0 ^ c[3] ^ k[1], low_0]
        k = [(word + step) % WORD for word, step in zip(k, PHILOX_KEY_STEPS, strict=True)]
    return tuple(c)


def bernoulli(size: int, keep: float, scale: float, key: Sequence[int], address: Sequence[int]) -> Vector:
    """Return `scale` with probability `keep`, else 0, per element; the address is (step, epoch, layer)."""
    words = [philox((element // 4, *address), key)[element % 4] for element in range(size)]
    return [scale if word < int(keep * WORD) else 0.0 for word in words]


def training_masks(layers: Sequence[Layer], batch: int, key: Sequence[int], epoch: int, step: int) -> list[Matrix]:
    """Return each layer's factors (batch, inputs) for one step of training."""
    masks = []
    for number, layer in enumerate(layers):
        inputs, scale = len(layer.weights), 1 / layer.keep if layer.inverted else 1.0
        flat = bernoulli(batch * inputs, layer.keep, scale, key, (step, epoch, number))
        masks.append([flat[row * inputs : (row + 1) * inputs] for row in range(batch)])
    return masks


def evaluation_masks(layers: Sequence[Layer], batch: int) -> list[Matrix]:
    """Return each layer's factors (batch, inputs) when nothing is dropped."""
    return [[[1.0 if layer.inverted else layer.keep] * len(layer.weights)] * batch for layer in layers]


def flat_parameters(layers: Sequence[Layer]) -> Vector:
    """Return all parameters: each layer's weights row by row, then its biases."""
    return [w for layer in layers for row in (*layer.weights, layer.biases) for w in row]


def assign(layers: Sequence[Layer], parameters: Vector) -> None:
    """Put a flat vector of parameters into the layers."""
    rest = iter(parameters)
    for layer in layers:
        for row in (*layer.weights, layer.biases):
            row[:] = [next(rest) for _ in row]


def scaled(table: Any, rows: Sequence[int], shift: Any, scale: Any) -> Matrix:
    """Return (table[rows] - shift) * scale."""
    columns = range(len(shift))
    return [[(float(table[r][j]) - float(shift[j])) * float(scale[j]) for j in columns] for r in rows]


@dataclass
class Training:
    """A network in training; `state` has one list of slots per parameter."""

    layers: list[Layer]
    loss: str
    classification: bool
    optimizer: str
    settings: Vector
    slots: int
    batch_size: int
    key: tuple[int, int]
    state: Matrix = field(default_factory=list)

    def epoch(self, examples: Any, order: Sequence[int], rates: Vector, epoch: int) -> tuple[float, float, int]:
        """Train one epoch, counted from 0; return the summed loss, the summed score, the examples seen."""
        self.state = self.state or [[0.0] * self.slots for _ in flat_parameters(self.layers)]
        losses, scores = 0.0, 0.0
        for step, rate in enumerate(rates):
            chosen = order[step * self.batch_size : (step + 1) * self.batch_size]
            masks = training_masks(self.layers, len(chosen), self.key, epoch, step)
            loss, score, gradient = self.measure(examples, chosen, masks)
            self.update(gradient, rate, epoch * len(rates) + step + 1)
            losses, scores = losses + loss, scores + score
        return losses, scores, len(order)

    def measure(self, examples: Any, chosen: Sequence[int], masks: Sequence[Matrix]) -> tuple[float, float, Vector]:
        """Return the summed loss and score of some examples, and the gradient of their mean loss."""
        inputs = scaled(examples.inputs, chosen, examples.input_shift, examples.input_scale)
        targets = scaled(examples.targets, chosen, examples.target_shift, examples.target_scale)
        traces = forward(self.layers, inputs, masks)
        outputs = traces[-1].activations
        loss, delta = LOSSES[self.loss](outputs, targets)
        score = right_answers if self.classification else squared_error
        return loss, score(outputs, targets), backward(self.layers, traces, delta)

    def update(self, gradient: Vector, rate: float, step: int) -> None:
        """Take one step of the optimizer, counted from 1."""
        parameters = flat_parameters(self.layers)
        for i, (w, g) in enumerate(zip(parameters, gradient, strict=True)):
            rule = OPTIMIZERS[self.optimizer]
            parameters[i], self.state[i] = rule(w, g, self.state[i], rate, step, self.settings)
        assign(self.layers, parameters)
