"""From a configuration and a data set to the network that is trained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnlab import registry
from nnlab.architecture import Architecture, Dense, Piece
from nnlab.data import Dataset
from nnlab.errors import ConfigurationError
from nnlab.schema import AUTO, NONE, Config

_LOSSES = "nnlab.kernels.loss"
_SCORES = {"classification": "right_answers", "multilabel": "right_labels", "regression": "squared_error"}
_AUTO_LOSSES = {
    "classification": "softmax_cross_entropy",
    "multilabel": "binary_cross_entropy",
    "regression": "mean_squared_error",
}


def completed(config: Config, dataset: Dataset) -> Config:
    """Return the configuration with the loss that fits the task of a data set, if the loss is "auto".

    Raises:
        ConfigurationError: the loss is not for the task of the data set.
    """
    losses = registry.pieces(_LOSSES)
    if config.loss["name"] == AUTO:
        name = _AUTO_LOSSES[dataset.task]
        defaults = {key: parameter.default for key, parameter in losses[name].PARAMETERS.items()}
        return replace(config, loss={"name": name, **defaults})
    if dataset.task not in losses[config.loss["name"]].TASKS:
        fitting = [f"loss={name}" for name, loss in losses.items() if dataset.task in loss.TASKS]
        raise ConfigurationError(
            f"loss={config.loss['name']} does not fit dataset={dataset.name}, which is a {dataset.task}: "
            f"use {' or '.join(fitting)}"
        )
    if hasattr(losses[config.loss["name"]], "NEEDS_RAW_TARGETS") and config.dataset["scale_targets"]:
        raise ConfigurationError(
            f"loss={config.loss['name']} is a share of the targets, but they are scaled to a mean of 0: "
            "set dataset.scale_targets=false"
        )
    return config


def architecture_of(config: Config, dataset: Dataset) -> Architecture:
    """Return the network that a configuration describes for a data set.

    Raises:
        ConfigurationError: one softmax over the outputs of several heads.
    """
    _check_heads(config, dataset)
    _check_outputs(config, dataset)
    if config.normalisation["name"] == "batch" and config.batch_size == 1:
        raise ConfigurationError("normalisation=batch needs batches of several examples, but batch_size=1")
    hidden = [
        Dense(
            width,
            Piece.of(config.layer_activations.get(number, config.activation)),
            _noise(config, number),
            None if config.normalisation["name"] == NONE else Piece.of(config.normalisation),
            config.dropconnect,
        )
        for number, width in enumerate(config.widths, start=1)
    ]
    outputs = Dense(
        dataset.targets.shape[1],
        Piece.of(config.output_activation),
        _noise(config, len(hidden) + 1),
        dropconnect=config.dropconnect,
    )
    return Architecture(
        inputs=dataset.inputs.shape[1],
        layers=(*hidden, outputs),
        loss=Piece.of(config.loss),
        score=_SCORES[dataset.task],
        connection=Piece.of(config.connection),
        heads=dataset.heads,
    )


def _check_heads(config: Config, dataset: Dataset) -> None:
    if dataset.heads and config.output_activation["name"] == "softmax":
        raise ConfigurationError(
            f"output_activation=softmax does not fit dataset={dataset.name}, which has {len(dataset.heads)} heads: it "
            "would be one softmax over them all; loss=softmax_cross_entropy has one per head"
        )


def _check_outputs(config: Config, dataset: Dataset) -> None:
    """Refuse outputs that are probabilities already where the loss, or the score, takes logits or margins."""
    activation, loss = config.output_activation["name"], config.loss["name"]
    if activation not in ("sigmoid", "softmax"):
        return
    if "regression" not in registry.piece(_LOSSES, loss).TASKS or dataset.task == "multilabel":
        raise ConfigurationError(
            f"output_activation={activation} does not go with loss={loss} of a {dataset.task}, which takes outputs of "
            "any size: use output_activation=linear, or for classes loss=mean_squared_error"
        )
    if activation == "softmax" and dataset.task == "regression":
        raise ConfigurationError(f"output_activation=softmax needs classes, but dataset={dataset.name} is a regression")


def _noise(config: Config, layer: int) -> tuple[Piece, ...]:
    """Return the noise on the inputs of a layer, counted from 1."""
    is_first = layer == 1
    rate = config.input_dropout if is_first else config.dropout
    noise = [Piece("gaussian_noise", {"std": config.input_noise})] if is_first and config.input_noise > 0 else []
    if rate > 0:
        noise.append(Piece(config.dropout_noise, {"rate": rate, **_scaling(config)}))
    return tuple(noise)


def _scaling(config: Config) -> dict[str, Any]:
    """Return the scaling of dropout; Gaussian factors have a mean of 1 and need none."""
    if config.dropout_noise == "bernoulli":
        return {"scaling": config.dropout_scaling}
    if config.dropout_scaling != "inverted":
        raise ConfigurationError(
            f"dropout_scaling={config.dropout_scaling} does not go with dropout_noise={config.dropout_noise}, "
            "whose factors have a mean of 1"
        )
    return {}
