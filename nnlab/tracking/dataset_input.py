"""A data set as MLflow's input of a run, made from what is known of it rather than inferred from arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnlab.tracking.run_facts import DatasetFacts

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

_LONGEST_DIGEST = 36


def dataset_input(facts: DatasetFacts) -> DatasetInput:
    """Return the input, in the context "training"; the digest is cut to MLflow's 36 characters."""
    from mlflow.entities import Dataset, DatasetInput, InputTag  # noqa: PLC0415

    source_type, source = _source(facts.source)
    dataset = Dataset(
        name=facts.name,
        digest=facts.digest[:_LONGEST_DIGEST],
        source_type=source_type,
        source=json.dumps(source),
        schema=_schema(facts),
        profile=_profile(facts),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])


def _source(source: str) -> tuple[str, dict[str, Any]]:
    """Return MLflow's type of a source and what that type consists of."""
    if Path(source).is_absolute():
        return "local", {"uri": source}
    return "code", {"tags": {"mlflow.source.name": source}}


def _schema(facts: DatasetFacts) -> str:
    """Return shapes in the form of mlflow.data's schema of arrays; -1 stands for the number of examples."""
    features = _tensor(facts.inputs_dtype, facts.inputs_shape)
    targets = _tensor(facts.targets_dtype, facts.targets_shape)
    return json.dumps({"mlflow_tensorspec": {"features": features, "targets": targets}})


def _tensor(dtype: str, shape: tuple[int, ...]) -> str:
    return json.dumps([{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": [-1, *shape[1:]]}}])


def _profile(facts: DatasetFacts) -> str:
    return json.dumps(
        {
            "task": facts.task,
            "digest": facts.digest,
            "features_shape": list(facts.inputs_shape),
            "targets_shape": list(facts.targets_shape),
        }
    )
