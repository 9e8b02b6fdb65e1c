"""200 updates of one linear layer, from starts that differ in their weights and not in their first prediction."""

import numpy as np

from nnlab.trace.traced import traced

X, Y, FIRST = np.array([1.0, 2.0, 3.0]), 1.0, 3.35507743
FACTOR = 1 - 2 * 0.001 * (X @ X + 1)
UPDATES = 200


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return predictions and losses of some updates, and how far any is from the closed form."""
    weights, bias = start(seed)
    data = [f"trace.x=[{X.tolist()}]", f"trace.y=[[{Y}]]", f"trace.w={[[w] for w in weights]}", f"trace.b={bias!r}"]
    updates = traced(["trace=linear_layer", *data, f"trace.updates={UPDATES}", "trace.graphs=0", *overrides]).updates
    before = np.array([update.predictions[0, 0] for update in updates])
    after = np.array([update.predictions_after[0, 0] for update in updates])
    closed = Y + (FIRST - Y) * FACTOR ** np.arange(UPDATES + 1)
    numbers = {"prediction": before, "prediction_after": after}
    return {
        **{f"{name}_{n}": values[n - 1] for name, values in numbers.items() for n in (1, 2, UPDATES)},
        "loss_1": updates[0].loss,
        "loss_after_1": updates[0].loss_after,
        "largest_gap": max(abs(before - closed[:-1]).max(), abs(after - closed[1:]).max()),
        "largest_jump": abs(after[:-1] - before[1:]).max(),
        "prediction": before[0],
    }


def start(seed: int) -> tuple[list[float], float]:
    """Return weights and bias, drawn evenly from [0, 1) among those whose prediction for X is FIRST."""
    generator = np.random.default_rng(seed)
    while True:
        weights = generator.random(3)
        bias = FIRST - weights @ X
        if 0 <= bias < 1:
            return weights.tolist(), float(bias)
