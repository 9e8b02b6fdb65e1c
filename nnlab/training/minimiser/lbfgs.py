"""L-BFGS: quasi-Newton steps from the last few changes of parameters and gradient, each with a line search.

For small problems: every iterate is kept until its epoch has been measured. An epoch is an iteration, whose line search
may take several evaluations of the loss. Source: Liu and Nocedal 1989; Byrd et al. 1995; SciPy's L-BFGS-B.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnlab.checks import Parameter, number, whole

PARAMETERS = {
    "learning_rate": Parameter(1.0, number(1, 1)),  # the line search finds the length of each step
    "memory": Parameter(10, whole(1)),  # changes that it remembers
    "tolerance": Parameter(1e-9, number(0)),  # ends where no element of the gradient is larger
}

LossAndGradient = Callable[[np.ndarray], tuple[float, np.ndarray]]


def iterates(
    function: LossAndGradient,
    start: np.ndarray,
    iterations: int,
    is_asked_to_stop: Callable[[], bool],
    *,
    memory: int,
    tolerance: float,
    learning_rate: float,  # noqa: ARG001
) -> list[np.ndarray]:
    """Return the parameters after each iteration: fewer than asked for where no step lowers the loss any more."""
    from scipy.optimize import minimize  # noqa: PLC0415

    found: list[np.ndarray] = []

    def note(parameters: np.ndarray) -> None:
        found.append(parameters.copy())
        if is_asked_to_stop():
            raise StopIteration

    options = {"maxiter": iterations, "maxfun": 50 * iterations, "maxcor": memory, "gtol": tolerance, "ftol": 0.0}
    minimize(function, start.astype(np.float64), jac=True, method="L-BFGS-B", callback=note, options=options)
    return found
