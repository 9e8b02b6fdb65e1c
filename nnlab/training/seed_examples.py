"""What one seed is trained on: the shared examples with label noise, smoothing and weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nnlab.data import Dataset, Split
from nnlab.data.example_weights import example_weights
from nnlab.data.label_noise import noisy_targets
from nnlab.errors import ConfigurationError
from nnlab.kernels.structures import Examples
from nnlab.network import EVALUATION_BATCH, ExampleScaling
from nnlab.schema import Config
from nnlab.training import streams
from nnlab.training.shared_examples import SharedExamples

_LABELS = 2  # values of a label of a multilabel data set


def check_examples(config: Config, dataset: Dataset, split: Split) -> None:
    """Refuse weights and smoothing that do not fit a data set.

    Raises:
        ConfigurationError: they do not fit.
    """
    example_weights(dataset, split.train, config.class_weights)
    if config.label_smoothing > 0 and dataset.task == "regression":
        raise ConfigurationError(f"label_smoothing needs classes, but dataset={dataset.name} is a regression")


def training_examples(
    config: Config, dataset: Dataset, shared: SharedExamples, scaling: ExampleScaling, split: Split, seed: int
) -> Examples:
    """Return the examples with label noise and label smoothing, each with its weight."""
    examples = shared.scaled(scaling)
    if config.label_noise > 0:
        noisy = noisy_targets(dataset, split.train, config.label_noise, streams.generator(seed, "label_noise"))
        examples = examples._replace(targets=(noisy - shared.target_offset).astype(examples.targets.dtype))
        dataset = replace(dataset, targets=noisy)  # weights are those of the labels trained on
    weights = example_weights(dataset, split.train, config.class_weights)
    if weights is not None:
        examples = examples._replace(weights=weights.astype(examples.weights.dtype))
    return _smoothed(examples, config.label_smoothing, dataset)


def _smoothed(examples: Examples, smoothing: float, dataset: Dataset) -> Examples:
    """Turn targets t into (1 - smoothing) t + smoothing / K, with K classes of its head. Source: Szegedy et al. 2016.

    It goes into the scaling (t - shift) * scale that kernels apply anyway.
    """
    if smoothing == 0:
        return examples
    heads = dataset.heads or (dataset.targets.shape[1],)
    classes = _LABELS if dataset.task == "multilabel" else np.repeat(heads, heads)
    scale = examples.target_scale * (1.0 - smoothing)
    shift = examples.target_shift - smoothing / classes / scale
    dtype = examples.target_scale.dtype
    return examples._replace(target_shift=shift.astype(dtype), target_scale=scale.astype(dtype))


def batches_of(examples: int, batch_size: int | str) -> tuple[int, int]:
    """Return how many examples a batch has, and how many batches an epoch of some examples."""
    size = examples if isinstance(batch_size, str) else batch_size
    return size, -(-examples // size)


def largest_batch(config: Config, examples: int) -> int:
    """Return how many examples at most go through a network at a time, if it is trained on so many in all."""
    return max(batches_of(examples, config.batch_size)[0], EVALUATION_BATCH)
