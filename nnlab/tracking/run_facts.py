"""What is known of a run before it trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DatasetFacts:
    """The data a run learns from.

    Attributes:
        name: short name, such as "digits".
        source: where it comes from: a URL, a path, or a few words.
        digest: hash of its content, in hexadecimal.
        task: "classification" or "regression".
        inputs_shape: number of examples, then the shape of one.
        targets_shape: number of examples, then the shape of one target (nothing more for classes).
    """

    name: str
    source: str
    digest: str
    task: str
    inputs_shape: tuple[int, ...]
    targets_shape: tuple[int, ...]


@dataclass(frozen=True)
class RunFacts:
    """What a run is.

    Attributes:
        name: readable name made of the overrides, such as "activation=relu depth=4", or "defaults".
        parameters: flat and few (about 20): the run's parameters in the UI.
        tags: sweep, job, seeds, ...; each is stored with the prefix "nnlab.".
        config_yaml: the full resolved configuration, kept as the artifact config.yaml.
        dataset: the data set, kept as an input of the run.
    """

    name: str
    parameters: dict[str, Any]
    tags: dict[str, str]
    config_yaml: str
    dataset: DatasetFacts
