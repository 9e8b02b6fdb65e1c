"""What the record of a run says about it before it trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnlab.data import Dataset
from nnlab.jobs.results_folder import config_yaml
from nnlab.schema import Config
from nnlab.tracking import DatasetFacts, RunFacts

_NOT_PARAMETERS = {"tracking", "workers"}  # they change nothing in the result


def run_facts(config: Config, dataset: Dataset, overrides: Sequence[str], tags: Mapping[str, str]) -> RunFacts:
    """Describe a run: a name made of the overrides, few parameters, the whole configuration, the data set."""
    return RunFacts(
        name=" ".join(overrides) or "defaults",
        parameters=_parameters(config, overrides),
        tags={"overrides": " ".join(overrides), "seeds": ",".join(map(str, config.seeds)), **tags},
        config_yaml=config_yaml(config),
        dataset=DatasetFacts(
            name=dataset.name,
            source=dataset.source,
            digest=dataset.digest,
            task=dataset.task,
            inputs_shape=dataset.inputs.shape,
            targets_shape=dataset.targets.shape,
        ),
    )


def _parameters(config: Config, overrides: Sequence[str]) -> dict[str, Any]:
    """Return one parameter per key that is in use, and the settings of pieces that were given."""
    values = {key: value for key, value in config.as_dict().items() if key not in _NOT_PARAMETERS}
    given = dict(override.lstrip("+").partition("=")[::2] for override in overrides)
    parameters = {key: _shown(value) for key, value in values.items() if value != {}}
    return parameters | {key: value for key, value in given.items() if "." in key}


def _shown(value: Any) -> Any:
    """Show a piece by its name, and another group by what is set in it, or "off"."""
    if not isinstance(value, Mapping):
        return value
    settings = [f"{key}={setting}" for key, setting in value.items() if setting is not None]
    return value.get("name") or (" ".join(settings) if None not in value.values() else "off")
