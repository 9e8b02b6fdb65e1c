"""How many epochs a training takes to 90 % accuracy on validation data."""

import numpy as np

import nnlab

LEVEL = 0.9
GUESS = 0.1  # the accuracy before training: of a guess among ten classes


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return the epochs of one training to 90 %; one more than there are where it never gets there, or diverges."""
    result = nnlab.train([*overrides, f"seeds=[{seed}]"])
    return {"epochs_to_90": epochs_to_level(result.history["validation_accuracy"].to_numpy(), result.config.epochs)}


def epochs_to_level(accuracies: np.ndarray, epochs: int) -> float:
    """Return when the level is first reached, along straight lines from epoch to epoch.

    Args:
        accuracies: after each epoch that was trained, as fractions.
        epochs: that were planned.
    """
    reached = np.flatnonzero(accuracies >= LEVEL)
    if not reached.size:
        return float(epochs + 1)
    known = np.array([GUESS, *accuracies])
    before, after = known[reached[0]], known[reached[0] + 1]
    return float(reached[0] + (LEVEL - before) / (after - before))
