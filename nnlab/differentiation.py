"""The gradient of a network by numerical differentiation: two forward passes for each parameter, in parallel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits

from nnlab.checks import number, whole
from nnlab.console import new_console
from nnlab.console.counting import counted
from nnlab.errors import ConfigurationError
from nnlab.kernels.differences import write_differences
from nnlab.network import NO_NOISE, Network
from nnlab.network_data import checked_inputs, checked_targets
from nnlab.training.helpers import available_cores

STEP = 1e-4  # of weights of the size of 1: the error of the formula and that of rounding are then about as small
_PARTS = 8  # of the parameters for each thread, so that all end at about the same time


def numerical_gradient(
    network: Network, inputs: ArrayLike, targets: ArrayLike, *, step: float = STEP, workers: int | None = None
) -> np.ndarray:
    """Return, with progress, the gradient (parameters,) of the mean loss by central differences, as in `parameters`.

    Every difference takes two full forward passes over all examples as one batch, without noise: 2 x parameters in all.

    Args:
        network: in float64; its parameters are as before afterwards.
        inputs: raw, (n, features).
        targets: class numbers (n,), with several heads (n, heads); or (n, outputs).
        step: by which each parameter is moved up and down.
        workers: threads; None: one per core. They change no bit of the result.

    Raises:
        ConfigurationError: the network is in float32, in which differences are mostly rounding.
        DataError: inputs or targets are not as they must be.
    """
    if network.dtype != np.float64:
        raise ConfigurationError("dtype=float32 is not allowed: numerical differentiation needs dtype=float64")
    size = number(0, open_low=True)("step", step)
    threads = available_cores() if workers is None else whole(1)("workers", workers)
    x = checked_inputs(inputs, network.architecture)
    examples = network.examples(x, checked_targets(targets, len(x), network.architecture))
    gradient = np.empty_like(network.parameters)
    cuts = np.linspace(0, gradient.size, threads * _PARTS + 1).astype(int)

    def differentiate(first: int, last: int) -> None:
        model = network.model._replace(parameters=network.parameters.copy(), statistics=network.statistics.copy())
        call = (model, network.workspace(len(x)), examples, np.arange(len(x)), network.objective, NO_NOISE)
        write_differences(*call, first, last, size, gradient)

    with threadpool_limits(1), ThreadPoolExecutor(threads, "differences") as pool:
        parts = [pool.submit(differentiate, int(first), int(last)) for first, last in pairwise(cuts)]
        for part in counted(parts, "differentiating", new_console()):
            part.result()
    return gradient
