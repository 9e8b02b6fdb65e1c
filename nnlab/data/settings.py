"""Check the node `dataset` of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from nnlab.checks import check_parameters
from nnlab.errors import ConfigurationError
from nnlab.registry import piece

SOURCES = "nnlab.data.sources"


def check(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a data set, checked and completed with the defaults of its source.

    Raises:
        ConfigurationError: an unknown name or key, or a value that is not allowed.
    """
    module = source(settings)
    given = {key: value for key, value in settings.items() if key != "name"}
    checked = check_parameters("dataset", given, module.PARAMETERS | module.COMMON)
    _check_fractions(checked["validation"], checked["test"])
    return {"name": settings["name"], **checked}


def defaults(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands for the settings that are not given; null for those that must be."""
    module = source(settings)
    return {key: parameter.default for key, parameter in (module.PARAMETERS | module.COMMON).items()}


def source(settings: Mapping[str, Any]) -> ModuleType:
    """Return the source that the settings name.

    Raises:
        ConfigurationError: no such source; the message names the nearest.
    """
    return piece(SOURCES, str(settings.get("name")), "dataset")


def _check_fractions(validation: float, test: float | None) -> None:
    if isinstance(validation, float) and isinstance(test, float) and validation + test >= 1:
        raise ConfigurationError(
            f"dataset.validation={validation} and dataset.test={test} leave nothing to train on: "
            "their sum must be below 1"
        )
