"""How the memory of a training grows with its seeds and its workers, beside what the formula of `memory_run` says.

Every training runs in a process of its own, on 60,000 random images of 784 bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
from command import progress
from networks import NETWORKS, Network
from report import table

from nnlab.errors import ConfigurationError
from nnlab.training.helpers import available_cores

EXAMPLES, CLASSES = 60_000, 10
NETWORK_OVERRIDES: dict[int, tuple[str, ...]] = {
    2: (),
    6: ("dataset.subset=6400", "dataset.validation=1000", "dataset.test=1000"),  # enough to need all its memory
}
FEW, MANY = 6, 14  # seeds; among the first few, memory grows once by some MiB more
# By default malloc leaves holes among large arrays; so it gives back each of them at once.
ALLOCATORS = {"measured": {}, "without holes": {"MALLOC_MMAP_THRESHOLD_": "65536"}}
MIB = 2**20

Run = dict[str, float]  # bytes, see memory_run.py
Runs = dict[str, Run]


def with_seeds(rounds: int) -> tuple[str, object]:
    """Measure trainings of few and of many seeds, with one worker and with one per core."""
    if not Path("/proc/self/clear_refs").exists():
        raise ConfigurationError("memory is measured through /proc, which this system does not have")
    measured: dict[int, dict[str, list[Runs]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = _write_data(Path(folder))
        for number, more in NETWORK_OVERRIDES.items():
            measured[number] = {name: [] for name in ALLOCATORS}
            for turn in range(rounds):
                progress(f"  network {number}, round {turn + 1} of {rounds} ...")
                for name, variables in ALLOCATORS.items():
                    measured[number][name].append(_runs(_overrides(NETWORKS[number], data, more), variables))
    rows = [row for number, found in measured.items() for row in _rows(NETWORKS[number].title, found)]
    return table(["MiB", "formula", *ALLOCATORS], rows), measured


def _write_data(folder: Path) -> Path:
    generator, path = np.random.default_rng(0), folder / "images.npz"
    images = generator.integers(256, size=(EXAMPLES, 784), dtype=np.uint8)
    np.savez(path, X=images, y=generator.integers(CLASSES, size=EXAMPLES))
    return path


def _overrides(network: Network, data: Path, more: Sequence[str]) -> list[str]:
    return [
        f"dataset.path={data}",
        f"activation={network.activation}",
        f"width=[{','.join(map(str, network.sizes[1:-1]))}]",
        f"optimizer={network.optimizer}",
        f"learning_rate={network.learning_rate}",
        f"batch_size={network.batch_size}",
        *more,
    ]


def _runs(overrides: list[str], variables: dict[str, str]) -> Runs:
    """Return a run of few seeds, of many, and of many with all workers."""
    workers = max(2, available_cores())
    return {
        "few": _run([*overrides, f"seeds={FEW}", "workers=1"], variables),
        "many": _run([*overrides, f"seeds={MANY}", "workers=1"], variables),
        "all workers": _run([*overrides, f"seeds={MANY}", f"workers={workers}"], variables) | {"workers": workers},
    }


def _run(overrides: list[str], variables: dict[str, str]) -> Run:
    command = [sys.executable, str(Path(__file__).with_name("memory_run.py")), *overrides]
    environment = os.environ | variables
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ConfigurationError(f"a training failed: {(done.stderr.strip() or 'killed').splitlines()[-1]}")
    run: Run = json.loads(done.stdout.splitlines()[-1])
    return run


def _rows(title: str, found: dict[str, list[Runs]]) -> list[list[str]]:
    """Return what the formula says, beside medians over rounds for each allocator."""
    of = next(iter(found.values()))[0]["few"]
    seed = [median(map(_per_seed, rounds)) for rounds in found.values()]
    worker = [median(map(_per_worker, rounds)) for rounds in found.values()]
    few = [median(runs["few"]["peak"] for runs in rounds) for rounds in found.values()]
    return [
        [f"{title}: each further seed", *map(_mib, (of["seed"], *seed))],
        ["each further worker, at most", *map(_mib, (of["worker"], *worker))],
        [f"all, {FEW} seeds on one worker", *map(_mib, (of["data"] + FEW * of["seed"] + of["worker"], *few))],
    ]


def _per_seed(runs: Runs) -> float:
    return (runs["many"]["peak"] - runs["few"]["peak"]) / (MANY - FEW)


def _per_worker(runs: Runs) -> float:
    all_workers = runs["all workers"]
    return (all_workers["peak"] - runs["many"]["peak"]) / (all_workers["workers"] - 1)


def _mib(size: float) -> str:
    return f"{size / MIB:,.2f}"
