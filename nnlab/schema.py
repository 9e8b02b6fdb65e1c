"""The configuration: every key, what it allows, and the checks that need more than one key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any, cast

from nnlab import data, registry
from nnlab.checks import (
    Check,
    Parameter,
    check_parameters,
    flag,
    number,
    one_of,
    one_or_list,
    optional,
    text,
    whole,
)
from nnlab.data.example_weights import check_class_weights
from nnlab.data.label_noise import RATE
from nnlab.errors import ConfigurationError, bad_value, unknown_name

DEFAULT_DEPTH = 2
AUTO = "auto"  # the loss that fits the task
NONE = "none"  # no normalisation
FULL = "full"  # all training examples in one batch
_ACTIVATIONS = "nnlab.kernels.activation"
_OPTIMIZERS, _MINIMISERS = "nnlab.kernels.optimizer", "nnlab.training.minimiser"
_LARGEST_SEED = 2**63 - 1
_SHARE = number(0, 1, open_high=True)
FAILED = "failed"
# Keys that change nothing in what a seed learns.
CHANGE_NOTHING = ("workers", "checkpoint", "resume", "rerun", "retry", "fail_fast", "dry_run", "figures", "tracking")


def _key(check: Check) -> Any:
    return field(metadata={"check": check})


def _piece(package: str, *besides: str, also: str | None = None) -> Check:
    """Allow the name of a piece, alone or with its settings; return the name and all settings.

    `besides` are names that stand for no piece; `also` is another package with pieces of the same group.
    """
    group = package.rpartition(".")[2]

    def check(key: str, value: Any) -> dict[str, Any]:
        given = {"name": value} if isinstance(value, str) else value
        if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
            names = ", ".join(sorted((*besides, *registry.pieces(package, also))))
            raise bad_value(key, value, f"the name of one {group.replace('_', ' ')}: {names}")
        name = given["name"]
        if name in besides:
            return {"name": name}
        settings = {setting: inner for setting, inner in given.items() if setting != "name"}
        parameters = registry.piece(package, name, also=also).PARAMETERS
        return {"name": name, **check_parameters(key, settings, parameters)}

    return check


def _regularisation(key: str, value: Any) -> dict[str, float]:
    """Allow a setting, or null, for each regulariser; return those that are on."""
    pieces = registry.pieces("nnlab.kernels.regularisation")
    settings = _group({name: piece.SETTING for name, piece in pieces.items()})(key, value)
    return {name: setting for name, setting in settings.items() if setting is not None}


def _batch_size(key: str, value: Any) -> int | str:
    """Allow a count of examples, or all of them."""
    if isinstance(value, str) and value != FULL:
        raise bad_value(key, value, f"a whole number, at least 1, or {FULL}")
    return FULL if value == FULL else cast(int, whole(1)(key, value))


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


_CHECKPOINT = {
    "every": Parameter(None, optional(whole(1))),
    "folder": Parameter(None, optional(text("a folder"))),
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
    output_activation: dict[str, Any] = _key(_piece(_ACTIVATIONS))
    normalisation: dict[str, Any] = _key(_piece("nnlab.kernels.normalisation", NONE))
    connection: dict[str, Any] = _key(_piece("nnlab.connection"))
    initialisation: dict[str, Any] = _key(_piece("nnlab.initialisation"))
    dropout: float = _key(_SHARE)
    input_dropout: float = _key(_SHARE)
    dropout_noise: str = _key(one_of("bernoulli", "gaussian"))
    dropout_scaling: str = _key(one_of("inverted", "weights"))
    dropconnect: float = _key(_SHARE)
    input_noise: float = _key(number(0))
    label_noise: float = _key(RATE)
    label_smoothing: float = _key(_SHARE)
    class_weights: str | list[float] | None = _key(check_class_weights)
    loss: dict[str, Any] = _key(_piece("nnlab.kernels.loss", AUTO))
    optimizer: dict[str, Any] = _key(_piece(_OPTIMIZERS, also=_MINIMISERS))
    learning_rate: float = _key(number(0, open_low=True))
    schedule: dict[str, Any] = _key(_piece("nnlab.training.schedule"))
    warm_up_epochs: float = _key(number(0))
    momentum_schedule: dict[str, Any] = _key(_piece("nnlab.training.momentum_schedule"))
    regularisation: dict[str, float] = _key(_regularisation)
    batch_size: int | str = _key(_batch_size)
    epochs: int = _key(whole(1))
    early_stopping: dict[str, Any] = _key(_piece("nnlab.training.early_stopping"))
    seeds: list[int] = _key(one_or_list(whole(1), whole(0, _LARGEST_SEED)))
    dtype: str = _key(one_of("float32", "float64"))
    workers: int = _key(optional(whole(1)))
    checkpoint: dict[str, Any] = _key(_group(_CHECKPOINT))
    resume: str | None = _key(optional(text("a folder of checkpoints")))
    warm_start: str | None = _key(optional(text("a file or folder of checkpoints, or the id of an MLflow run")))
    rerun: bool = _key(flag())
    retry: str | None = _key(optional(one_of(FAILED)))
    fail_fast: bool = _key(flag())
    dry_run: bool = _key(flag())
    figures: bool = _key(flag())
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

    @classmethod
    def check(cls, key: str, value: Any) -> Any:
        """Return the value of one key, checked and in its proper type.

        Raises:
            ConfigurationError: it is not allowed.
        """
        return next(_check_of(f)(key, value) for f in fields(cls) if f.name == key)

    @classmethod
    def defaults(cls, key: str, name: str) -> Mapping[str, Any]:
        """Return the default settings of the piece of that name that the value of a key may be."""
        return data.defaults({"name": name}) if key == "dataset" else cast(Mapping[str, Any], cls.check(key, name))

    @property
    def widths(self) -> list[int]:
        """The width of each hidden layer."""
        return self.width if isinstance(self.width, list) else [self.width] * self.depth

    def as_dict(self) -> dict[str, Any]:
        """Return the configuration as plain nested values."""
        return asdict(self)


def _check_of(config_field: Field[Any]) -> Check:
    return cast(Check, config_field.metadata["check"])


def _completed(values: dict[str, Any]) -> dict[str, Any]:
    """Fill in what follows from other keys, and check what needs several."""
    values["depth"] = _depth(values["depth"], values["width"])
    values["seeds"] = _seed_list(values["seeds"])
    values["optimizer"]["learning_rate"] = _learning_rate(values["optimizer"]["name"], values["learning_rate"])
    for layer in values["layer_activations"]:
        if layer > values["depth"]:
            raise bad_value("layer_activations layer", layer, f"a hidden layer, 1 to depth={values['depth']}")
    return values


def _learning_rate(optimizer: str, rate: float) -> float:
    """Check the learning rate as the optimizer does, which may allow less than the key."""
    parameters = registry.piece(_OPTIMIZERS, optimizer, also=_MINIMISERS).PARAMETERS
    return cast(float, parameters["learning_rate"].check("learning_rate", rate))


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
