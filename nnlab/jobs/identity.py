"""Which runs are the same: those of the same settings, the same data and the same kernels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from nnlab.composition import compose
from nnlab.data import Dataset
from nnlab.jobs.checkpointing import warm_start_files
from nnlab.kernels.compilation import sources_digest
from nnlab.schema import CHANGE_NOTHING, Config

# To be raised when a default changes: what was trained under the old one must not be taken for what the new one means.
DEFAULTS_VERSION = 1
_ELSEWHERE = (*CHANGE_NOTHING, "learning_rate", "depth", "width")
_DIGITS = 32  # of the hash: 128 bits


def identity_of(config: Config, dataset: Dataset) -> str:
    """Return the name of all runs of the same settings, data and kernels, in hexadecimal digits.

    It is a hash of the settings that are not at their defaults, of the data, and of the kernels' sources. So a new
    setting leaves old identities alone as long as it has its default. Sources outside nnlab.kernels have no part in it:
    who changes what a schedule or an initialisation does gives `rerun=true`.

    Args:
        config: completed by what follows from the data.
        dataset: what it learns from.
    """
    return _hash(changed_settings(config), config, dataset)


def identity_of_seeds(config: Config, dataset: Dataset) -> str:
    """Return the same for one seed of the configuration, whichever other seeds it lists."""
    return _hash({**changed_settings(config), "seeds": None}, config, dataset)


def changed_settings(config: Config) -> dict[str, Any]:
    """Return the settings that have a part in the results and are not at their defaults."""
    defaults = _defaults()
    return {key: value for key, value in _settings(config).items() if value != defaults.get(key)}


def _hash(settings: Mapping[str, Any], config: Config, dataset: Dataset) -> str:
    facts = {
        "defaults": DEFAULTS_VERSION,
        "settings": settings,
        "data": dataset.digest,
        "kernels": sources_digest(),
        "start": _digest_of_start(config),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:_DIGITS]


@cache
def _defaults() -> dict[str, Any]:
    return _settings(compose([]))


def _settings(config: Config) -> dict[str, Any]:
    """Return all settings that have a part in the results, those of pieces only where they are not at their defaults.

    The learning rate stands among those of its optimizer, on which its default depends; the path of a file among none,
    as its content counts; and widths stand for themselves, however they are given.
    """
    values = {key: value for key, value in config.as_dict().items() if key not in _ELSEWHERE}
    values["widths"] = config.widths
    values["layer_activations"] = {
        str(layer): _without_defaults("activation", piece) for layer, piece in config.layer_activations.items()
    }
    values["warm_start"] = config.warm_start is not None
    return {key: _without_defaults(key, value) for key, value in values.items()}


def _without_defaults(key: str, value: Any) -> Any:
    """Return the name of a piece with those of its settings that are not at their defaults; other values unchanged."""
    if not isinstance(value, Mapping) or "name" not in value:
        return value
    defaults = Config.defaults(key, value["name"])
    return {
        setting: inner
        for setting, inner in value.items()
        if setting == "name" or (setting != "path" and inner != defaults.get(setting))
    }


def _digest_of_start(config: Config) -> str:
    """Return a hash of the files from which the initial weights are taken, or the id of the run that has them."""
    files = warm_start_files(config)
    if not files:
        return config.warm_start or ""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()
