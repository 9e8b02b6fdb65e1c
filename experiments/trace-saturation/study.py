"""One sigmoid neuron that is to learn 0 from the input 1: how its output and its weight move, update by update."""

import numpy as np

from nnlab.trace.traced import traced

UPDATES = 300
NEURON = ["trace.x=1", "trace.y=0", f"trace.updates={UPDATES}", "trace.graphs=0"]


def measure(overrides: list[str], _seed: int, start: list[float]) -> dict[str, float]:
    """Return what becomes of the neuron.

    Args:
        overrides: of the trace: loss, learning rate, activation.
        start: the first weight and the first bias.

    Returns:
        Its output before the first update, after 150 and after all 300; how far the first update moves the weight, and
        that in parts of the longest move; after how many updates the output is below one half.
    """
    weight, bias = start
    trace = traced([*NEURON, f"trace.w={weight}", f"trace.b={bias}", *overrides])
    outputs = np.array([trace.updates[0].predictions, *(update.predictions_after for update in trace.updates)]).ravel()
    moves = -np.diff([layers[0].weights[0, 0] for layers in trace.path])
    return {
        "first_output": outputs[0],
        "output_150": outputs[150],
        "output_300": outputs[-1],
        "first_move": moves[0],
        "first_of_longest": moves[0] / moves.max(),
        "updates_to_half": int(np.argmax(outputs < 0.5)),  # noqa: PLR2004
    }
