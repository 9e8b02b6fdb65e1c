"""JAX, many networks as one: vmap over a step of one, inside the jitted scan over the batches of an epoch."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from networks import Data, Network
from peer_jax import epoch_of, first_carry, load, order, warm_trainer
from peers import Trainer


def prepare(networks: Sequence[Network], data: Data) -> Trainer:
    """Return a warm trainer of networks that differ in their seed; each has an order of its own."""
    carry = jax.tree.map(lambda *leaves: jnp.stack(leaves), *map(first_carry, networks))
    generators = [network.order_generator() for network in networks]

    def orders() -> np.ndarray:
        return np.stack([order(*pair) for pair in zip(networks, generators, strict=True)], axis=1)

    return warm_trainer(epoch_of(networks[0], over=jax.vmap), carry, load(networks[0], data), orders)
