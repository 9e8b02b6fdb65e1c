"""What is recorded of a job: facts before it trains, results after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nnlab.data import Dataset
from nnlab.jobs.checkpointing import FOLDER
from nnlab.jobs.overrides import by_key
from nnlab.jobs.results_folder import config_yaml
from nnlab.kernels.compilation import sources_digest
from nnlab.schema import CHANGE_NOTHING, Config
from nnlab.tracking import DatasetFacts, Recorder, RunFacts
from nnlab.training.result import Result

# Keys that describe every run; others are recorded where an override is about them.
_ALWAYS = {
    "dataset",
    "depth",
    "width",
    "activation",
    "initialisation",
    "dropout",
    "loss",
    "optimizer",
    "learning_rate",
    "batch_size",
    "epochs",
    "early_stopping",
    "seeds",
    "dtype",
}


def run_facts(config: Config, dataset: Dataset, overrides: Sequence[str], tags: Mapping[str, str]) -> RunFacts:
    """Describe a run: a name made of the overrides, few parameters, the whole configuration, the data set."""
    return RunFacts(
        name=" ".join(overrides) or "defaults",
        parameters=_parameters(config, overrides),
        tags={"overrides": " ".join(overrides), "seeds": ",".join(map(str, config.seeds)), **origin_tags(), **tags},
        config_yaml=config_yaml(config),
        dataset=DatasetFacts(
            name=dataset.name,
            source=dataset.source,
            digest=dataset.digest,
            task=dataset.task,
            inputs_shape=dataset.inputs.shape,
            targets_shape=dataset.targets.shape,
            inputs_dtype=str(dataset.inputs.dtype),
            targets_dtype=str(dataset.targets.dtype),
        ),
    )


def origin_tags() -> dict[str, str]:
    """Return the tags that name the kernels, on which every bit depends."""
    return {"kernels": sources_digest()}


def record_result(result: Result, recorder: Recorder, files: Sequence[Path], checkpoints: Sequence[Path]) -> None:
    """Record curves, final and best values, where the time went, which seeds diverged, and what the job wrote."""
    recorder.log_mean_curves(result.history)
    recorder.log_summary(result.summary)
    recorder.log_metrics({"seconds_compiling": result.seconds.compiling, "seconds_training": result.seconds.training})
    diverged = [str(replicate.seed) for replicate in result.replicates if replicate.diverged]
    if diverged:
        recorder.set_tags({"diverged": ",".join(diverged)})
    for path in files:
        recorder.log_file(path)
    for path in checkpoints:
        recorder.log_file(path, FOLDER)


def _parameters(config: Config, overrides: Sequence[str]) -> dict[str, Any]:
    """Return one parameter per key that is in use, and the settings of pieces that were given."""
    given = {key.partition(".")[0] for key in by_key(overrides)}
    chosen = (_ALWAYS | given) - set(CHANGE_NOTHING)
    values = {key: value for key, value in config.as_dict().items() if key in chosen}
    parameters = {key: _shown(value) for key, value in values.items() if value != {}}
    for key in by_key(overrides):
        group, _, setting = key.partition(".")
        if setting and setting in values.get(group, {}):
            parameters[key] = values[group][setting]
    return parameters


def _shown(value: Any) -> Any:
    """Show a piece by its name, and another group by what is set in it, or "off"."""
    if not isinstance(value, Mapping):
        return value
    settings = [f"{key}={setting}" for key, setting in value.items() if setting is not None]
    return value.get("name") or " ".join(settings) or "off"
