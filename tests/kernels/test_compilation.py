"""When kernels are compiled, and where their machine code is kept: each question to a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from kernel_cases import JIT

import nnlab
from nnlab.kernels import entry_points
from nnlab.training.compiling import compile_kernels

pytestmark = pytest.mark.skipif(not JIT, reason="nothing is compiled with NUMBA_DISABLE_JIT=1")

PACKAGE = Path(nnlab.__file__).parent
ENTRY_POINTS = ("train_epoch", "evaluate", "predict", "loss_and_gradients")
FACTS = """
import json
from nnlab.kernels import entry_points
from nnlab.kernels.compilation import cache_folder
{statement}
dispatchers = [getattr(entry_points, name) for name in {names}]
print(json.dumps({{
    "folder": str(cache_folder()),
    "cache_paths": [d.stats.cache_path for d in dispatchers],
    "signatures": [len(d.signatures) for d in dispatchers],
    "hits": [sum(d.stats.cache_hits.values()) for d in dispatchers],
    "misses": [sum(d.stats.cache_misses.values()) for d in dispatchers],
}}))
"""


def facts_of_a_new_process(statement: str = "", package: Path = PACKAGE, **environment: str) -> dict[str, Any]:
    """Return what a fresh interpreter says of its entry points after a statement."""
    script = FACTS.format(statement=statement, names=ENTRY_POINTS)
    variables = {**os.environ, "PYTHONPATH": str(package.parent), **environment}
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, env=variables, cwd=package.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def compiled_so_far() -> list[Any]:
    dispatchers = [getattr(entry_points, name) for name in ENTRY_POINTS]
    return [(len(d.signatures), dict(d.stats.cache_hits), dict(d.stats.cache_misses)) for d in dispatchers]


def copy_of_the_package(folder: Path) -> Path:
    copy = folder / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_nothing_is_compiled_at_import() -> None:
    assert facts_of_a_new_process("import nnlab.training.replicates, nnlab.network")["signatures"] == [
        0,
        0,
        0,
        0,
    ]


def train_and_use(*overrides: str) -> None:
    result = nnlab.train(["seeds=1", "epochs=1", *overrides])
    network, dataset = result.network(0), result.dataset
    network.predict(dataset.inputs[:3])
    network.loss_and_gradients(dataset.inputs[:3], dataset.targets[:3])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_second_architecture_compiles_nothing_new(dtype: str) -> None:
    train_and_use("dataset=iris", f"dtype={dtype}", "depth=1", "width=3", "optimizer=sgd")
    before = compiled_so_far()
    for overrides in (
        ["dataset=moons", "depth=6", "width=9", "activation=maxout", "optimizer=momentum", "dropout=0.2"],
        [
            "dataset=line",
            "loss=mean_squared_error",
            "width=[5,2,7]",
            "activation=tanh",
            "layer_activations={2: relu}",
        ],
        ["dataset=digits", "depth=0", "input_dropout=0.2", "dropout_scaling=weights", "batch_size=100"],
        ["dataset=wine", "loss=mean_squared_error", "activation=leaky_relu", "early_stopping=patience"],
    ):
        train_and_use(f"dtype={dtype}", *overrides)
    assert compiled_so_far() == before
    assert all(signatures in (1, 2) for signatures, _, _ in before), "one per dtype"


def test_a_second_process_loads_from_the_cache() -> None:
    compile_kernels("float32", lambda _: None)
    compiling = "from nnlab.training.compiling import compile_kernels; compile_kernels('float32', lambda _: None)"
    facts = facts_of_a_new_process(compiling)
    assert facts["hits"][:2] == [1, 1]
    assert facts["misses"][:2] == [0, 0]


def test_compiling_is_announced_only_while_nothing_is_on_disk() -> None:
    compile_kernels("float32", lambda _: None)
    announced: list[str] = []
    compile_kernels("float32", announced.append)
    assert announced == []


def test_editing_any_kernel_moves_the_cache(tmp_path: Path) -> None:
    package = copy_of_the_package(tmp_path)
    cache = str(tmp_path / "cache")
    folders = [facts_of_a_new_process("", package, NUMBA_CACHE_DIR=cache)["folder"]]
    for edited in ("philox.py", "activation/_elementwise.py", "optimizer/sgd.py"):
        with (package / "kernels" / edited).open("a") as file:
            file.write("# edited\n")
        folders.append(facts_of_a_new_process("", package, NUMBA_CACHE_DIR=cache)["folder"])
    assert len(set(folders)) == len(folders)
    assert all(Path(folder).parent == Path(cache) for folder in folders)


def test_the_cache_stays_where_the_kernels_are_the_same(tmp_path: Path) -> None:
    package = copy_of_the_package(tmp_path)
    with (package / "api.py").open("a") as file:
        file.write("# edited\n")
    cache = str(tmp_path / "cache")
    folders = {facts_of_a_new_process("", each, NUMBA_CACHE_DIR=cache)["folder"] for each in (PACKAGE, package)}
    assert len(folders) == 1


def unusable_folder(tmp_path: Path) -> str:
    """Return a folder that nobody, not even root, can make: below a regular file."""
    (tmp_path / "file").write_text("")
    return str(tmp_path / "file" / "cache")


def test_an_unwritable_cache_falls_back_to_the_temporary_folder(tmp_path: Path) -> None:
    environment = {"NUMBA_CACHE_DIR": unusable_folder(tmp_path), "TMPDIR": str(tmp_path)}
    facts = facts_of_a_new_process(**environment)
    folder = Path(facts["folder"])
    assert folder.is_dir()
    assert folder.parent == tmp_path / f"nnlab-{os.getuid()}"
    assert all(folder in Path(path).parents for path in facts["cache_paths"])


def test_the_last_resort_is_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / f"nnlab-{os.getuid()}").write_text("someone else's")
    environment = {"NUMBA_CACHE_DIR": unusable_folder(tmp_path), "TMPDIR": str(tmp_path)}
    folder = Path(facts_of_a_new_process(**environment)["folder"])
    assert folder.is_dir()
    assert folder.parent == tmp_path
    assert folder.name.startswith("nnlab-")


def test_the_cache_of_other_packages_is_left_where_it_was() -> None:
    facts = "import numba; before = numba.config.CACHE_DIR; from nnlab.kernels import entry_points; "
    script = facts + "assert numba.config.CACHE_DIR == before, numba.config.CACHE_DIR"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "NUMBA_CACHE_DIR": tempfile.gettempdir()}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
