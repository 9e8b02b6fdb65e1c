"""What a criterion to stop by costs and brings on six small tasks."""

import numpy as np

import nnlab

TASKS = {
    "iris": [],
    "wine": [],
    "breast_cancer": [],
    "digits": [],
    "diabetes": ["dataset.scale_targets=true"],
    "moons": [],
}


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return the means over the tasks of log10 of the test loss, and of log10 of the epochs trained."""
    losses, epochs = [], []
    for task, settings in TASKS.items():
        data = [f"dataset={task}", "dataset.scaling=standardise", *settings]
        summary = nnlab.train([*data, *overrides, f"seeds=[{seed}]"]).summary
        losses.append(summary["test_loss"].iloc[0])
        epochs.append(summary["epochs"].iloc[0])
    return {"log_loss": float(np.log10(losses).mean()), "log_epochs": float(np.log10(epochs).mean())}
