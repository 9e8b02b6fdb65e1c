"""JAX: a whole epoch is one jitted lax.scan over the batches, with donated buffers and JAX's default threads.

The order is shuffled by NumPy: jax.random.permutation sorts random keys, which takes longer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from networks import ADAM_BETAS, ADAM_EPSILON, MOMENTUM, Data, Network, first_layers
from peers import Trainer

ACTIVATIONS: dict[str, Callable[[jax.Array], jax.Array]] = {
    "sigmoid": jax.nn.sigmoid,
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
}
NARROW = 64  # up to this width two steps in one turn of the scan are faster (by 5 to 15%), beyond it slower

Tree = Any  # nested tuples and lists of arrays
Update = Callable[[Tree, Tree, Tree], tuple[Tree, Tree]]
Epoch = Callable[..., tuple[Tree, jax.Array]]


def prepare(network: Network, data: Data) -> Trainer:
    """Return a warm trainer of the network."""
    generator = network.order_generator()
    return warm_trainer(epoch_of(network), first_carry(network), load(network, data), lambda: order(network, generator))


def load(_network: Network, data: Data) -> Data:
    """Return the data as arrays of JAX; those that are already stay as they are."""
    return Data(jnp.asarray(data.x), jnp.asarray(data.y, dtype=jnp.int32))


def warm_trainer(epoch: Epoch, carry: Tree, data: Data, new_order: Callable[[], Any]) -> Trainer:
    """Return a trainer that has trained its first epoch."""

    def train() -> float:
        nonlocal carry
        carry, loss = epoch(carry, *data, new_order())
        return float(loss)  # waits for the epoch: all its results become ready together

    train()
    return train


def first_carry(network: Network) -> Tree:
    """Return the first layers and the state of their optimizer."""
    layers = jax.tree.map(jnp.array, first_layers(network))
    return layers, _first_state(network, layers)


def order(network: Network, generator: np.random.Generator) -> Any:
    """Return the rows of each batch of an epoch, (steps, batch_size)."""
    shuffled = generator.permutation(network.examples).astype(np.int32)
    return shuffled.reshape(network.steps, network.batch_size)


@cache
def epoch_of(network: Network, over: Callable[[Any], Any] = lambda step: step) -> Epoch:
    """Return a compiled epoch; `over` may turn a step of one network into one of many."""
    differentiate = jax.value_and_grad(_loss(network))
    update = _update(network)
    unroll = 2 if max(network.sizes[1:-1]) <= NARROW else 1

    @partial(jax.jit, donate_argnums=0)
    def epoch(carry: Tree, x: jax.Array, y: jax.Array, order: jax.Array) -> tuple[Tree, jax.Array]:
        def step(carry: Tree, batch: jax.Array) -> tuple[Tree, jax.Array]:
            layers, state = carry
            loss, gradients = differentiate(layers, _rows(x, batch), _rows(y, batch))
            return update(layers, gradients, state), loss

        carry, losses = jax.lax.scan(over(step), carry, order, unroll=unroll)
        return carry, losses.mean()

    return epoch


def _rows(values: jax.Array, batch: jax.Array) -> jax.Array:
    return values.at[batch].get(mode="promise_in_bounds")


def _loss(network: Network) -> Callable[[Tree, jax.Array, jax.Array], jax.Array]:
    activation = ACTIVATIONS[network.activation]

    def loss(layers: Tree, x: jax.Array, y: jax.Array) -> jax.Array:
        *hidden, (weights, biases) = layers
        for w, b in hidden:
            x = activation(x @ w + b)
        scores = x @ weights + biases
        chosen = jnp.take_along_axis(scores, y[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(scores, axis=1) - chosen)

    return loss


def _first_state(network: Network, layers: Tree) -> Tree:
    if network.optimizer == "adam":
        return jax.tree.map(jnp.zeros_like, layers), jax.tree.map(jnp.zeros_like, layers), jnp.zeros(())
    return jax.tree.map(jnp.zeros_like, layers) if network.optimizer == "momentum" else ()


def _update(network: Network) -> Update:
    rate = network.learning_rate

    def sgd(layers: Tree, gradients: Tree, state: Tree) -> tuple[Tree, Tree]:
        return jax.tree.map(lambda p, g: p - rate * g, layers, gradients), state

    def momentum(layers: Tree, gradients: Tree, velocity: Tree) -> tuple[Tree, Tree]:
        velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocity, gradients)
        return jax.tree.map(lambda p, v: p - rate * v, layers, velocity), velocity

    updates: dict[str, Update] = {"sgd": sgd, "momentum": momentum, "adam": partial(_adam, rate)}
    return updates[network.optimizer]


def _adam(rate: float, layers: Tree, gradients: Tree, state: Tree) -> tuple[Tree, Tree]:
    beta1, beta2 = ADAM_BETAS
    mean, square, count = state
    count = count + 1
    mean = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, mean, gradients)
    square = jax.tree.map(lambda s, g: beta2 * s + (1 - beta2) * g * g, square, gradients)
    rate1, root2 = rate / (1 - beta1**count), jnp.sqrt(1 - beta2**count)

    def moved(value: Tree, m: Tree, s: Tree) -> Tree:
        return value - rate1 * m / (jnp.sqrt(s) / root2 + ADAM_EPSILON)

    return jax.tree.map(moved, layers, mean, square), (mean, square, count)
