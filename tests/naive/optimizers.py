"""Each optimizer, for one parameter: slow, obvious references."""

from __future__ import annotations

import math

from naive.types import Vector


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


def adamw(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after it has decayed, and a step of Adam."""
    return adam(w - rate * settings[4] * w, g, state, rate, step, settings[:4])


def nadam(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of Dozat's algorithm, with his schedule of momenta."""
    _, b1, b2, epsilon, decay = settings
    momenta = [b1 * (1 - 0.96 ** (t * decay) / 2) for t in range(1, step + 2)]
    m, v = b1 * state[0] + (1 - b1) * g, b2 * state[1] + (1 - b2) * g * g
    g_hat, m_hat = g / (1 - math.prod(momenta[:-1])), m / (1 - math.prod(momenta))
    m_bar = (1 - momenta[-2]) * g_hat + momenta[-1] * m_hat
    return w - rate * m_bar / (math.sqrt(v / (1 - b2**step)) + epsilon), [m, v]


def lion(w: float, g: float, state: Vector, rate: float, step: int, settings: Vector) -> tuple[float, Vector]:
    """Return one parameter and its state after a step of Chen et al.'s algorithm 2."""
    _, b1, b2, decay = settings
    c = b1 * state[0] + (1 - b1) * g
    sign = 0 if c == 0 else math.copysign(1, c)
    return w - rate * (sign + decay * w), [b2 * state[0] + (1 - b2) * g]


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
    "adamw": adamw,
    "nadam": nadam,
    "lion": lion,
}
