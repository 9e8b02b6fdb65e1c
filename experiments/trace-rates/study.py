"""Descent along the bias of one neuron: with x = 0 the weight has no part in the loss, which is a parabola in b."""

import numpy as np

from nnlab.trace.traced import traced

TARGET, START, STEPS = 3.0, 1.0, 20
DATA = ["trace.x=0", f"trace.y={TARGET}", "trace.w=1", f"trace.b={START}", f"trace.updates={STEPS}", "trace.graphs=0"]


def measure(overrides: list[str], _seed: int) -> dict[str, float]:
    """Return the error after all steps in parts of the first, how often b changes sides, and the closed form's gap."""
    trace = traced(["trace=one_parameter", *DATA, *overrides])
    rate = trace.settings.optimizer.settings["learning_rate"]
    b = np.array([START, *(update.predictions_after[0, 0] for update in trace.updates)])
    errors = (b - TARGET) / (START - TARGET)
    closed = (1 - 2 * rate) ** np.arange(STEPS + 1)
    return {
        "error": abs(errors[-1]),
        "crossings": np.sum(errors[1:] * errors[:-1] < 0),
        "largest_gap": np.max(abs(errors - closed) / np.maximum(abs(closed), 1e-300)),
    }
