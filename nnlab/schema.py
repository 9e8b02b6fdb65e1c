"""The configuration: every key, what it allows, and the checks that need more than one key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields, replace
from typing import Any, cast

from nnlab import data, registry
from nnlab.architecture import Architecture, Dense
from nnlab.checks import (
    Check,
    Parameter,
    check_parameters,
    number,
    one_of,
    one_or_list,
    optional,
    text,
    whole,
)
from nnlab.errors import ConfigurationError, bad_value, unknown_name

DEFAULT_DEPTH = 2
AUTO = "auto"
_AUTO_LOSS = {"classification": "softmax_cross_entropy", "regression": "mean_squared_error"}
_ACTIVATIONS = "nnlab.kernels.activation"
_LOSSES = "nnlab.kernels.loss"
_LARGEST_SEED = 2**63 - 1


def _key(check: Check) -> Any:
    return field(metadata={"check": check})


def _piece(package: str) -> Check:
    """Allow the name of a piece, alone or with its settings; return the name and all settings."""
    group = package.rpartition(".")[2]

    def check(key: str, value: Any) -> dict[str, Any]:
        given = {"name": value} if isinstance(value, str) else value
        if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
            raise bad_value(key, value, f"the name of one {group}: {', '.join(registry.pieces(package))}")
        name = given["name"]
        settings = {setting: inner for setting, inner in given.items() if setting != "name"}
        parameters = registry.piece(package, name).PARAMETERS
        return {"name": name, **check_parameters(key, settings, parameters)}

    return check


def _loss(key: str, value: Any) -> dict[str, Any]:
    """Allow "auto" besides the losses: the data set decides, see `Config.for_dataset`."""
    given = value.get("name") if isinstance(value, Mapping) else value
    return {"name": AUTO} if given == AUTO else cast(dict[str, Any], _piece(_LOSSES)(key, value))


def _group(parameters: Mapping[str, Parameter]) -> Check:
    """Allow a mapping with just these keys."""

    def check(key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise bad_value(key, value, f"a group of {', '.join(parameters)}")
        return check_parameters(key, value, parameters)

    return check


def _layer_activations(key: str, value: Any) -> dict[int, dict[str, Any]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise bad_value(key, value, "null or a mapping from hidden layers, counted from 1, to activations: {1: tanh}")
    check = _piece(_ACTIVATIONS)
    return {whole(1)(f"{key} layer", layer): check(f"{key}.{layer}", inner) for layer, inner in value.items()}


_EARLY_STOPPING = {
    "patience": Parameter(None, optional(whole(1))),
    "minimum_improvement": Parameter(0.0, number(0)),
}
_TRACKING = {
    "store": Parameter("mlflow", one_of("mlflow", "none")),
    "experiment": Parameter("nnlab", text("the name of an MLflow experiment")),
}


@dataclass(frozen=True)
class Config:
    """One checked configuration; `from_mapping` makes it from what Hydra composed."""

    dataset: dict[str, Any] = _key(lambda _, value: data.check(value))
    depth: int = _key(optional(whole(0)))
    width: int | list[int] = _key(one_or_list(whole(1), whole(1)))
    activation: dict[str, Any] = _key(_piece(_ACTIVATIONS))
    layer_activations: dict[int, dict[str, Any]] = _key(_layer_activations)
    initialisation: dict[str, Any] = _key(_piece("nnlab.initialisation"))
    dropout: float = _key(number(0, 1, open_high=True))
    input_dropout: float = _key(number(0, 1, open_high=True))
    dropout_scaling: str = _key(one_of("inverted", "weights"))
    loss: dict[str, Any] = _key(_loss)
    optimizer: dict[str, Any] = _key(_piece("nnlab.kernels.optimizer"))
    learning_rate: float = _key(number(0, open_low=True))
    batch_size: int = _key(whole(1))
    epochs: int = _key(whole(1))
    early_stopping: dict[str, Any] = _key(_group(_EARLY_STOPPING))
    seeds: list[int] = _key(one_or_list(whole(1), whole(0, _LARGEST_SEED)))
    dtype: str = _key(one_of("float32", "float64"))
    workers: int = _key(optional(whole(1)))
    tracking: dict[str, Any] = _key(_group(_TRACKING))

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Config:
        """Check every value of a composed configuration.

        Raises:
            ConfigurationError: an unknown or missing key, or a value that is not allowed.
        """
        checks = {f.name: _check_of(f) for f in fields(cls)}
        for name in given:
            if name not in checks:
                raise unknown_name("key", str(name), checks)
        missing = [name for name in checks if name not in given]
        if missing:
            raise ConfigurationError(f"the configuration lacks the key {', '.join(missing)}")
        values = {name: check(name, given[name]) for name, check in checks.items()}
        return cls(**_completed(values))

    @property
    def widths(self) -> list[int]:
        """The width of each hidden layer."""
        return self.width if isinstance(self.width, list) else [self.width] * self.depth

    def as_dict(self) -> dict[str, Any]:
        """Return the configuration as plain nested values."""
        return asdict(self)

    def architecture(self, dataset: data.Dataset) -> Architecture:
        """Return the network that this configuration describes for a data set."""
        hidden = [
            Dense(width, *self._activation_of(number), self.dropout if number > 1 else self.input_dropout)
            for number, width in enumerate(self.widths, start=1)
        ]
        last_dropout = self.dropout if hidden else self.input_dropout
        return Architecture(
            inputs=dataset.inputs.shape[1],
            layers=(*hidden, Dense(dataset.targets.shape[1], dropout=last_dropout)),
            loss=self.loss["name"],
            classification=dataset.task == "classification",
            loss_settings={key: value for key, value in self.loss.items() if key != "name"},
            dropout_scaling=self.dropout_scaling,
        )

    def for_dataset(self, dataset: data.Dataset) -> Config:
        """Return the configuration with the loss that fits the task of a data set, if the loss is "auto".

        Raises:
            ConfigurationError: the loss is not for the task of the data set.
        """
        if self.loss["name"] == AUTO:
            return replace(self, loss={"name": _AUTO_LOSS[dataset.task]})
        losses = registry.pieces(_LOSSES)
        if dataset.task not in losses[self.loss["name"]].TASKS:
            fitting = [f"loss={name}" for name, loss in losses.items() if dataset.task in loss.TASKS]
            raise ConfigurationError(
                f"loss={self.loss['name']} does not fit dataset={dataset.name}, which is a {dataset.task}: "
                f"use {' or '.join(fitting)}"
            )
        return self

    def _activation_of(self, layer: int) -> tuple[str, dict[str, Any]]:
        chosen = self.layer_activations.get(layer, self.activation)
        return chosen["name"], {key: value for key, value in chosen.items() if key != "name"}


def _check_of(config_field: Field[Any]) -> Check:
    return cast(Check, config_field.metadata["check"])


def _completed(values: dict[str, Any]) -> dict[str, Any]:
    """Fill in what follows from other keys, and check what needs several."""
    values["depth"] = _depth(values["depth"], values["width"])
    values["seeds"] = _seed_list(values["seeds"])
    values["optimizer"]["learning_rate"] = values["learning_rate"]
    for layer in values["layer_activations"]:
        if layer > values["depth"]:
            raise bad_value("layer_activations layer", layer, f"a hidden layer, 1 to depth={values['depth']}")
    return values


def _depth(depth: int | None, width: int | list[int]) -> int:
    """Take depth from a list of widths; otherwise from the key, or the default."""
    if not isinstance(width, list):
        return DEFAULT_DEPTH if depth is None else depth
    if depth not in (None, len(width)):
        raise bad_value("depth", depth, f"null or {len(width)}, since width lists {len(width)} hidden layers")
    return len(width)


def _seed_list(seeds: int | list[int]) -> list[int]:
    chosen = list(range(seeds)) if isinstance(seeds, int) else seeds
    if len(set(chosen)) < len(chosen):
        raise bad_value("seeds", seeds, "a count, or a list of different whole numbers")
    return chosen
