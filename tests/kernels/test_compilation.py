"""When kernels are compiled, and where their machine code is kept: each question to a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numba
import pytest
from kernel_cases import JIT

import nnlab
from nnlab.kernels import compilation, entry_points
from nnlab.kernels.compilation import cache_folder

needs_jit = pytest.mark.skipif(not JIT, reason="nothing is compiled with NUMBA_DISABLE_JIT=1")

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


@needs_jit
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


@needs_jit
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


@needs_jit
def test_a_second_process_loads_from_the_cache() -> None:
    training = "import nnlab; nnlab.train(['dataset=iris', 'seeds=1', 'epochs=1'])"
    facts_of_a_new_process(training)
    facts = facts_of_a_new_process(training)
    assert facts["hits"][:2] == [1, 1]
    assert facts["misses"][:2] == [0, 0]


@needs_jit
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


@needs_jit
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


@needs_jit
def test_an_unwritable_cache_falls_back_to_the_temporary_folder(tmp_path: Path) -> None:
    environment = {"NUMBA_CACHE_DIR": unusable_folder(tmp_path), "TMPDIR": str(tmp_path)}
    facts = facts_of_a_new_process(**environment)
    folder = Path(facts["folder"])
    assert folder.is_dir()
    assert folder.parent == tmp_path / f"nnlab-{os.getuid()}"
    assert all(folder in Path(path).parents for path in facts["cache_paths"])


def fallback_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache folder where the user's own cannot be made, and the temporary folder is `tmp_path`."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", unusable_folder(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return cache_folder.__wrapped__()


def is_a_folder_of_its_own(folder: Path, tmp_path: Path) -> bool:
    return folder.is_dir() and folder.parent == tmp_path and folder.name.startswith("nnlab-")


def test_the_last_resort_is_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"nnlab-{os.getuid()}").write_text("someone else's")
    assert is_a_folder_of_its_own(fallback_folder(tmp_path, monkeypatch), tmp_path)


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_the_fallback_is_made_for_this_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int) -> None:
    previous = os.umask(umask)
    try:
        base = fallback_folder(tmp_path, monkeypatch).parent
    finally:
        os.umask(previous)
    assert base == tmp_path / f"nnlab-{os.getuid()}"
    assert base.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_fallback_that_others_can_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    planted = tmp_path / f"nnlab-{os.getuid()}"
    planted.mkdir()
    planted.chmod(mode)
    assert is_a_folder_of_its_own(fallback_folder(tmp_path, monkeypatch), tmp_path)
    assert list(planted.iterdir()) == []


def test_a_fallback_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    me = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: me)
    planted = tmp_path / f"nnlab-{me}"
    planted.mkdir(mode=0o700)
    assert is_a_folder_of_its_own(fallback_folder(tmp_path, monkeypatch), tmp_path)
    assert list(planted.iterdir()) == []


def test_a_fallback_that_is_a_link_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / f"nnlab-{os.getuid()}").symlink_to("elsewhere")
    assert is_a_folder_of_its_own(fallback_folder(tmp_path, monkeypatch), tmp_path)


def test_each_interpreter_and_each_numba_has_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folders = [cache_folder.__wrapped__()]
    monkeypatch.setattr(numba, "__version__", "0.0.0")
    folders.append(cache_folder.__wrapped__())
    monkeypatch.setattr(sys.implementation, "cache_tag", "another-311")
    folders.append(cache_folder.__wrapped__())
    assert len(set(folders)) == len(folders)


DAY = 24 * 3600
OURS = "kernels-0123456789abcdef-cpython-311-numba0.61.0"


def make_compiled(folder: Path, folder_days: float, file_days: float) -> Path:
    """Make a folder of compiled code, last changed that many days ago."""
    code = folder / "kernels_0123" / "entry_points.nbc"
    code.parent.mkdir(parents=True)
    code.write_text("")
    for path, days in ((code, file_days), (code.parent, folder_days), (folder, folder_days)):
        os.utime(path, (time.time() - days * DAY,) * 2)
    return folder


def new_cache_folder(base: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(base))
    return cache_folder.__wrapped__()


@pytest.mark.parametrize(("file_days", "stays"), [(31, False), (29, True)])
def test_making_a_cache_folder_removes_stale_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_days: float, stays: bool
) -> None:
    folder = make_compiled(tmp_path / OURS, 31, file_days)
    assert new_cache_folder(tmp_path, monkeypatch).is_dir()
    assert folder.exists() == stays


@pytest.mark.parametrize("name", ["kernels-x", "kernels-0123456789abcdef", "other", f"my-{OURS}", "kernels-a-b-numba1"])
def test_what_is_not_ours_is_never_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = make_compiled(tmp_path / name, 99, 99)
    new_cache_folder(tmp_path, monkeypatch)
    assert (folder / "kernels_0123" / "entry_points.nbc").exists()


def test_what_a_stale_link_points_to_is_never_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_compiled(tmp_path / "elsewhere", 99, 99)
    (tmp_path / OURS).symlink_to(folder)
    os.utime(tmp_path / OURS, (0, 0), follow_symlinks=False)
    new_cache_folder(tmp_path, monkeypatch)
    assert (folder / "kernels_0123" / "entry_points.nbc").exists()


def test_a_cache_folder_that_was_there_removes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_cache_folder(tmp_path, monkeypatch)
    folder = make_compiled(tmp_path / OURS, 31, 31)
    new_cache_folder(tmp_path, monkeypatch)
    assert folder.exists()


def test_another_process_may_remove_the_same_stale_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_compiled(tmp_path / OURS, 31, 31)
    last_change = compilation._last_change

    def after_its_removal(folder: Path) -> float:
        if folder.name == OURS:
            shutil.rmtree(folder)
        return last_change(folder)

    monkeypatch.setattr(compilation, "_last_change", after_its_removal)
    assert new_cache_folder(tmp_path, monkeypatch).is_dir()
    assert not (tmp_path / OURS).exists()


@needs_jit
def test_the_cache_of_other_packages_is_left_where_it_was() -> None:
    facts = "import numba; before = numba.config.CACHE_DIR; from nnlab.kernels import entry_points; "
    script = facts + "assert numba.config.CACHE_DIR == before, numba.config.CACHE_DIR"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "NUMBA_CACHE_DIR": tempfile.gettempdir()}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def _template() -> float:
    return number  # type: ignore[name-defined]  # noqa: F821


def test_variants_mean_other_things_by_the_same_names() -> None:
    one, two = (compilation.variant(_template, f"test.number_{n}", number=n) for n in (1, 2))
    assert (one(), two()) == (1, 2)


def test_two_variants_of_one_name_are_refused() -> None:
    compilation.variant(_template, "test.twice", number=1)
    with pytest.raises(ValueError, match=r"two variants test\.twice"):
        compilation.variant(_template, "test.twice", number=2)
