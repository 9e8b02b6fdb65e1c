"""The network of one seed before training: sized and scaled for its data, with its initial weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnlab import data, registry
from nnlab.data import Dataset, Split
from nnlab.design import architecture_of
from nnlab.network import ExampleScaling, Network
from nnlab.schema import Config
from nnlab.training import streams


def starting_network(config: Config, dataset: Dataset, split: Split, seed: int) -> Network:
    """Return a seed's network with its initial weights."""
    scaling = fitted_scaling(dataset, config.dataset, split)
    network = Network(architecture_of(config, dataset), config.dtype, scaling)
    settings = dict(config.initialisation)
    name = settings.pop("name")
    network.initialise(name, streams.generator(seed, "initialisation"), **settings)
    adjust = getattr(registry.piece("nnlab.initialisation", name), "adjust", None)
    if adjust is not None:
        drawn = streams.generator(seed, "initialisation", 1).permutation(split.train)[: int(settings["examples"])]
        inputs = dataset.inputs[np.sort(drawn)].astype(np.float64)
        adjust(network.weights, lambda layer: _pre_activations(network, inputs, layer), **settings)
    return network


def _pre_activations(network: Network, inputs: np.ndarray, layer: int) -> np.ndarray:
    """Return what the weights of one layer, from 0, give for raw inputs (n, features): (n, units * pieces)."""
    layers = zip(network.operations, network.plan.operations, strict=True)
    row = [row for row, operation in layers if operation.shape.weights][layer]
    values = network.values_of(inputs)
    source = values[row.source * len(inputs) : (row.source + row.inputs) * len(inputs)]
    outputs: np.ndarray = source.reshape(len(inputs), row.inputs) @ network.weights[layer]
    return outputs


def fitted_scaling(dataset: Dataset, settings: Mapping[str, Any], split: Split) -> ExampleScaling:
    """Fit the scaling of inputs, and of a regression's targets, on the training split alone."""
    inputs = data.fit_scaling(dataset.inputs, split.train, settings["scaling"])
    scales_targets = settings["scale_targets"] and dataset.task == "regression"
    targets = data.fit_scaling(dataset.targets, split.train, "standardise" if scales_targets else "none")
    return ExampleScaling(inputs.shift, inputs.scale, targets.shift, targets.scale)
