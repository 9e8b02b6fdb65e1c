"""A data set as MLflow's input of a run, made from what is known of it rather than inferred from arrays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nnlab.tracking.run_facts import DatasetFacts

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

_LONGEST_DIGEST = 36


def dataset_input(facts: DatasetFacts) -> DatasetInput:
    """Return the input, in the context "training"; the digest is cut to MLflow's 36 characters."""
    from mlflow.entities import Dataset, DatasetInput, InputTag  # noqa: PLC0415

    is_url = facts.source.startswith(("http://", "https://"))
    source_type, key = ("http", "url") if is_url else ("local", "uri")
    dataset = Dataset(
        name=facts.name,
        digest=facts.digest[:_LONGEST_DIGEST],
        source_type=source_type,
        source=json.dumps({key: facts.source}),
        schema=_schema(facts),
        profile=_profile(facts),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])


def _schema(facts: DatasetFacts) -> str:
    """Return shapes in the form of mlflow.data's schema of arrays; -1 stands for the number of examples."""
    targets = "int64" if facts.task == "classification" else "float64"
    features = _tensor("float64", facts.inputs_shape)
    return json.dumps({"mlflow_tensorspec": {"features": features, "targets": _tensor(targets, facts.targets_shape)}})


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
