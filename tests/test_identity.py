"""What makes two runs the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nnlab import save_network, untrained_network
from nnlab.composition import compose
from nnlab.jobs import identity
from nnlab.jobs.identity import changed_settings, identity_of, identity_of_seeds
from nnlab.jobs.job import check_job


def checked(*overrides: str):
    return check_job(compose(["tracking=none", *overrides]))


def identity_by(*overrides: str) -> str:
    return identity_of(*checked(*overrides))


SAME = [
    ["workers=1"],
    ["tracking.experiment=other"],
    ["checkpoint.every=2", "checkpoint.folder=somewhere"],
    ["rerun=true", "retry=failed", "fail_fast=true", "dry_run=true", "figures=false"],
    ["learning_rate=0.001"],
    ["optimizer=adam", "optimizer.beta1=0.9"],
    ["seeds=[0,1,2,3,4]"],
    ["width=[128,128]"],
    ["depth=2"],
    ["loss=softmax_cross_entropy"],
]
OTHER = [
    ["learning_rate=0.002"],
    ["optimizer=sgd"],
    ["optimizer.beta1=0.8"],
    ["activation=leaky_relu"],
    ["layer_activations={1: tanh}"],
    ["seeds=4"],
    ["epochs=31"],
    ["dtype=float64"],
    ["regularisation.l2=1e-4"],
    ["dataset=iris"],
    ["dataset.test=0.2"],
]


@pytest.mark.parametrize("overrides", SAME, ids=" ".join)
def test_what_changes_no_result_changes_no_identity(overrides: list[str]) -> None:
    assert identity_by(*overrides) == identity_by()


def test_what_changes_results_changes_the_identity() -> None:
    identities = [identity_by(), *(identity_by(*overrides) for overrides in OTHER)]
    assert len(set(identities)) == len(identities)


def test_the_identity_holds_only_what_is_not_at_its_default() -> None:
    config, _ = checked(
        "activation=leaky_relu", "activation.slope=0.2", "optimizer=sgd", "learning_rate=0.5", "seeds=2"
    )
    assert changed_settings(config) == {
        "activation": {"name": "leaky_relu", "slope": 0.2},
        "loss": {"name": "softmax_cross_entropy"},
        "optimizer": {"name": "sgd", "learning_rate": 0.5},
        "seeds": [0, 1],
    }


def test_data_and_kernels_are_part_of_the_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    config, dataset = checked()
    assert identity_of(config, replace(dataset, inputs=dataset.inputs + 1)) != identity_of(config, dataset)
    before = identity_of(config, dataset)
    monkeypatch.setattr(identity, "sources_digest", lambda: "other kernels")
    assert identity_of(config, dataset) != before


def test_seeds_are_the_same_whichever_others_are_trained_with_them() -> None:
    assert identity_of_seeds(*checked("seeds=3")) == identity_of_seeds(*checked("seeds=[7]"))
    assert identity_of_seeds(*checked("seeds=3")) != identity_of_seeds(*checked("seeds=3", "epochs=3"))


def test_the_path_of_a_file_does_not_count_but_its_content_does(tmp_path: Path) -> None:
    table = "a,b\n" + "".join(f"{i},{i % 2}\n" for i in range(40))
    for name, content in {"one.csv": table, "two.csv": table, "three.csv": table + "1,1\n"}.items():
        (tmp_path / name).write_text(content)
    one, two, three = (
        identity_by("dataset=csv", f"dataset.path={tmp_path / name}.csv", "dataset.target=b", "batch_size=8")
        for name in ("one", "two", "three")
    )
    assert one == two != three


def test_initial_weights_from_a_file_count_by_their_content(tmp_path: Path) -> None:
    for name, seed in {"one": 0, "two": 0, "three": 1}.items():
        save_network(untrained_network(["dataset=iris"], seed), tmp_path / f"{name}.npz")
    one, two, three = (
        identity_by("dataset=iris", f"warm_start={tmp_path / name}.npz") for name in ("one", "two", "three")
    )
    assert one == two != three
    assert identity_by("dataset=iris") not in (one, three)


# What the keys of today stand for when nobody sets them. A new key is not listed here, and changes no old identity.
# Who changes one of these defaults raises DEFAULTS_VERSION in nnlab/jobs/identity.py, so that runs that were trained
# under the old default are not taken for runs under the new one; then writes the new default here.
DEFAULTS = {
    "dataset": {"name": "digits"},
    "widths": [128, 128],
    "activation": {"name": "relu"},
    "layer_activations": {},
    "output_activation": {"name": "linear"},
    "normalisation": {"name": "none"},
    "connection": {"name": "plain"},
    "initialisation": {"name": "he"},
    "dropout": 0.0,
    "input_dropout": 0.0,
    "dropout_noise": "bernoulli",
    "dropout_scaling": "inverted",
    "dropconnect": 0.0,
    "input_noise": 0.0,
    "label_noise": 0.0,
    "label_smoothing": 0.0,
    "class_weights": None,
    "loss": {"name": "auto"},
    "optimizer": {"name": "adam"},
    "schedule": {"name": "constant"},
    "warm_up_epochs": 0.0,
    "momentum_schedule": {"name": "constant"},
    "regularisation": {},
    "batch_size": 64,
    "epochs": 30,
    "early_stopping": {"name": "off"},
    "seeds": [0, 1, 2, 3, 4],
    "dtype": "float32",
    "warm_start": False,
}


def test_no_default_has_changed_unnoticed() -> None:
    now = identity._defaults()
    assert identity.DEFAULTS_VERSION == 1
    assert {key: now[key] for key in DEFAULTS} == DEFAULTS
