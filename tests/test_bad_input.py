"""Bad input gets one clear line and a non-zero exit, with nothing recorded or written."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest

from nnlab.composition import compose
from nnlab.errors import ConfigurationError, DataError, NnlabError
from nnlab.jobs.job import check_job

KEY_ERRORS = {
    "actvation=relu": "unknown key 'actvation': did you mean activation?",
    "dept=3": "unknown key 'dept': did you mean depth?",
    "+foo=1": "unknown key 'foo'",
    "optimizer.lr=1": "unknown key of optimizer 'lr'",
    "+activation.slope=0.1": "unknown key of activation 'slope'",
    "activation=reluu": "unknown activation 'reluu': did you mean relu?",
    "activation=ReLU": "unknown activation 'ReLU': did you mean relu?",
    "optimizer=adamm": "unknown optimizer 'adamm': did you mean adam?",
    "dataset=mnits": "unknown dataset 'mnits': did you mean mnist?",
    "layer_activations={1: tan}": "unknown activation 'tan': did you mean tanh?",
    "activation=[relu,tanh]": "activation=[relu,tanh] is not allowed: activation must be one choice",
    "depth=-1": "depth=-1 is not allowed: depth must be a whole number, at least 0",
    "depth=two": "depth=two is not allowed: depth must be a whole number, at least 0",
    "depth=2.5": "depth=2.5 is not allowed",
    "width=0": "width=0 is not allowed: width must be a whole number, at least 1",
    "width=[]": "width=[] is not allowed: width must be a list that is not empty",
    "width=[8,0]": "width=0 is not allowed",
    "layer_activations={3: tanh}": "layer_activations layer must be a hidden layer, 1 to depth=2",
    "dropout=1.5": "dropout=1.5 is not allowed: dropout must be a finite number, at least 0 and below 1",
    "input_dropout=1": "input_dropout=1 is not allowed",
    "dropout_scaling=none": "dropout_scaling=none is not allowed: dropout_scaling must be one of inverted, weights",
    "learning_rate=0": "learning_rate=0 is not allowed: learning_rate must be a finite number, above 0",
    "learning_rate=nan": "learning_rate=nan is not allowed",
    "batch_size=0": "batch_size=0 is not allowed: batch_size must be a whole number, at least 1",
    "batch_size=5000": "batch_size=5000 is not allowed: batch_size must be at most 1257",
    "epochs=true": "epochs=True is not allowed: epochs must be a whole number",
    "seeds=[]": "seeds=[] is not allowed: seeds must be a list that is not empty",
    "seeds=0": "seeds=0 is not allowed: seeds must be a whole number, at least 1",
    "seeds=[1,1]": "seeds=[1, 1] is not allowed: seeds must be a count, or a list of different whole numbers",
    "dtype=float16": "dtype=float16 is not allowed: dtype must be one of float32, float64",
    "early_stopping.patience=5": "unknown key of early_stopping 'patience'",
    "batch_size=half": "batch_size=half is not allowed: batch_size must be a whole number, at least 1, or full",
    "schedule=linear": "unknown schedule 'linear'",
    "connection=skip": "unknown connection 'skip'",
    "normalisation=batchnorm": "unknown normalisation 'batchnorm': did you mean batch?",
    "class_weights=even": "class_weights=even is not allowed",
    "label_smoothing=1": "label_smoothing=1 is not allowed",
    "regularisation.l2=-1": "regularisation.l2=-1 is not allowed",
    "warm_up_epochs=-1": "warm_up_epochs=-1 is not allowed",
    "activation=null": "Config group override must be a string or a list",
    "regularisation=l2": "give a number, regularisation.l2=1e-4",
    "label_noise=2": "label_noise=2 is not allowed",
    "class_weights=[1,2]": "class_weights=[1.0, 2.0] is not allowed",
    "output_activation=softmax": "output_activation=softmax does not go with loss=softmax_cross_entropy",
    "checkpoint.folder=x": "checkpoint.folder has no effect without checkpoint.every",
    "loss.name=hing": "unknown loss 'hing'",
    "depth=${nothing}": "depth: Interpolation key 'nothing' not found",
}


@pytest.mark.parametrize(("override", "message"), KEY_ERRORS.items(), ids=KEY_ERRORS)
def test_a_bad_value_is_refused_in_one_line(override: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_job(compose([override, "tracking=none"]))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["depth=3", "width=[8,8]"], "depth=3 is not allowed: depth must be null or 2"),
        (["dataset=diabetes", "loss=softmax_cross_entropy"], "use loss="),
        (["early_stopping=patience", "early_stopping.patience=0"], "early_stopping.patience=0 is not allowed"),
        (["dataset=multilabel", "output_activation=sigmoid"], "which takes outputs of any size"),
        (["dataset=diabetes", "output_activation=softmax"], "output_activation=softmax needs classes"),
        (["dataset=diabetes", "label_smoothing=0.1"], "label_smoothing needs classes"),
        (["dataset=diabetes", "loss=mean_absolute_percentage_error"], "set dataset.scale_targets=false"),
        (["normalisation=batch", "batch_size=1"], "needs batches of several examples"),
        (["dropout=0.1", "dropout_noise=gaussian", "dropout_scaling=weights"], "factors have a mean of 1"),
        (["connection=residual", "depth=1"], "the widths are 64, 128"),
        (["connection=residual", "activation=maxout"], "use connection.join=after"),
        (["resume=a", "warm_start=b"], "both say where to start from"),
        (["checkpoint.every=1", "checkpoint.folder=/proc/nowhere"], "checkpoint.folder=/proc/nowhere is not allowed"),
        (["depth=1,2"], "'depth=1,2' names several values: add -m to train with each of them, or give one"),
        ("dataset=moons", "overrides must be a list"),
        (["a b"], "cannot read 'a b': write key=value"),
    ],
)
def test_a_combination_that_cannot_be_is_refused(overrides: list[str], message: str) -> None:
    with pytest.raises(NnlabError, match=message.replace("(", r"\(")):
        check_job(compose(overrides))


@pytest.mark.parametrize(
    "arguments",
    [
        ["depth=-1"],
        ["activation=reluu"],
        ["dept=3"],
        ["batch_size=5000"],
        ["-m", "activation=relu,reluu"],
        ["-m", "depth=1,2,-3", "width=4,8"],
        ["dataset=csv", "dataset.path=missing.csv", "dataset.target=y"],
    ],
)
def test_the_command_says_one_line_and_leaves_nothing(run, tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_data_file_is_named(run, tmp_path: Path) -> None:
    home = os.environ.get("NNLAB_DATA")
    if not home:
        pytest.skip("NNLAB_DATA is not set")
    shutil.copytree(Path(home) / "mnist", tmp_path / "data" / "mnist")
    images = tmp_path / "data" / "mnist" / "train-images-idx3-ubyte.gz"
    content = bytearray(images.read_bytes())
    content[len(content) // 2] ^= 1
    images.write_bytes(content)
    done = run("dataset=mnist", NNLAB_DATA=str(tmp_path / "data"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert str(images) in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_an_unreachable_tracking_server_is_named(run, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    done = run("epochs=1", MLFLOW_TRACKING_URI=address)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert address in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = run("epochs=1", "tracking=none", "hydra.run.dir=file/outputs")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cannot write results to file/outputs" in done.stderr


def test_errors_are_data_or_configuration_errors() -> None:
    with pytest.raises(DataError):
        check_job(compose(["dataset=csv", "dataset.path=missing.csv", "dataset.target=y", "tracking=none"]))
