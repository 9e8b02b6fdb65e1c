"""What is known of a run before it trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DatasetFacts:
    """The data a run learns from.

    Attributes:
        name: short name, such as "digits".
        source: where it comes from: an absolute path, or else a few words about the code that made it.
        digest: hash of its content, in hexadecimal.
        task: "classification" or "regression".
        inputs_shape: number of examples, then the shape of one.
        targets_shape: number of examples, then the shape of one target.
        inputs_dtype: NumPy's name of the type of the inputs, such as "uint8".
        targets_dtype: the same of the targets, such as "float32".
    """

    name: str
    source: str
    digest: str
    task: str
    inputs_shape: tuple[int, ...]
    targets_shape: tuple[int, ...]
    inputs_dtype: str
    targets_dtype: str


@dataclass(frozen=True)
class RunFacts:
    """What a run is.

    Attributes:
        name: readable name made of the overrides, such as "activation=relu depth=4", or "defaults".
        parameters: flat and few (about 20): the run's parameters in the UI.
        tags: sweep, job, seeds, ...; each is stored with the prefix "nnlab." but for MLflow's own.
        config_yaml: the full resolved configuration, kept as the artifact config.yaml.
        dataset: the data set, kept as an input of the run; None: the run has none of its own.
    """

    name: str
    parameters: dict[str, Any]
    tags: dict[str, str]
    config_yaml: str
    dataset: DatasetFacts | None = None
