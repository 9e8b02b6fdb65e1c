"""Which checkpoints a training writes, goes on from, or takes its initial weights from."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab import registry
from nnlab.architecture import Architecture, Piece
from nnlab.data import Dataset
from nnlab.design import architecture_of
from nnlab.errors import ConfigurationError, DataError
from nnlab.kernels.compilation import sources_digest
from nnlab.network_file import load_network, read_architecture
from nnlab.schema import CHANGE_NOTHING, Config
from nnlab.table import plan_of
from nnlab.training.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from nnlab.training.state import TrainingState

_SECONDS_BETWEEN_KEPT = 30.0  # of each seed
# Keys that do not change what an epoch does.
_FREE = (*CHANGE_NOTHING, "epochs", "seeds", "warm_start")


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of all seeds of a training."""

    folder: Path | None = None  # where they are written
    every: int | None = None  # epochs from one to the next; None: none is written
    resume: Path | None = None  # folder of those to go on from
    warm_start: Path | None = None  # file, or folder with one per seed, of the initial weights
    kept: Path | None = None  # folder in which seeds stand until all have ended, should the process be killed
    _kept_at: dict[int, float] = field(default_factory=dict)  # when a seed was kept last, on the monotonic clock

    def write_if_due(self, state: TrainingState, facts: Mapping[str, Any], *, is_over: bool) -> None:
        """Write a checkpoint every so many epochs, and after the last one; keep the seed from time to time."""
        epochs, seed = len(state.history), facts["seed"]
        if self.every is not None and self.folder is not None and (is_over or (epochs and epochs % self.every == 0)):
            write_checkpoint(checkpoint_path(self.folder, seed), state, facts)
        now = time.monotonic()
        is_time = now - self._kept_at.setdefault(seed, now) >= _SECONDS_BETWEEN_KEPT
        if self.kept is not None and (is_over or is_time):
            self._kept_at[seed] = now
            with suppress(OSError):  # a full disk must not end a training that does not depend on it
                write_checkpoint(checkpoint_path(self.kept, seed), state, facts)

    def written(self, seeds: Sequence[int]) -> list[Path]:
        """Return the files of all seeds, if they are written at all."""
        folder = self.folder if self.every is not None else None
        return [] if folder is None else [checkpoint_path(folder, seed) for seed in seeds]

    def checked(self, config: Config, dataset: Dataset) -> list[str]:
        """Check what the training starts from before it does; return what is worth a note.

        Raises:
            NnlabError: a checkpoint is broken, or was written by another training.
        """
        paths = {} if self.resume is None else {seed: checkpoint_path(self.resume, seed) for seed in config.seeds}
        for seed, path in paths.items():
            if path.exists():
                _check_same(read_checkpoint(path), facts_of(config, dataset, seed), config)
        if self.warm_start is not None:
            for seed in config.seeds:
                _check_fits(_of_seed(self.warm_start, seed), architecture_of(config, dataset))
        missing = ", ".join(str(seed) for seed, path in paths.items() if not path.exists())
        kept = ", ".join(str(seed) for seed in config.seeds if self._is_kept(seed))
        notes = [f"no checkpoint of seed {missing} in {self.resume}: begun anew"] if missing else []
        return [*notes, f"kept from a run that was cut short: seed {kept}"] if kept else notes

    def _is_kept(self, seed: int) -> bool:
        return self.kept is not None and checkpoint_path(self.kept, seed).exists()

    def forget_kept(self, seeds: Sequence[int]) -> None:
        """Remove what was kept of seeds whose results are safe now."""
        if self.kept is None:
            return
        for seed in seeds:
            checkpoint_path(self.kept, seed).unlink(missing_ok=True)
        if not any(self.kept.glob("seed-*")):  # but what a kill has left of a file
            shutil.rmtree(self.kept, ignore_errors=True)

    def start(self, state: TrainingState, seed: int) -> None:
        """Put a training where it stopped, or give its network the weights of another; `checked` came before.

        Raises:
            DataError: a checkpoint is missing or broken; of those that were kept, such are passed over.
        """
        if self.kept is not None:
            with suppress(DataError):
                read_checkpoint(checkpoint_path(self.kept, seed)).restore(state)
                return
        if self.warm_start is not None:
            stored = load_network(_of_seed(self.warm_start, seed))
            for array, other in zip(state.network.arrays, stored.arrays, strict=True):
                array[:] = other
        if self.resume is not None:
            path = checkpoint_path(self.resume, seed)
            if path.exists():  # a seed that had not come to its first checkpoint begins anew
                read_checkpoint(path).restore(state)


def checkpoint_path(folder: Path, seed: int) -> Path:
    """Return the file of one seed."""
    return folder / f"seed-{seed}.npz"


def facts_of(config: Config, dataset: Dataset, seed: int) -> dict[str, Any]:
    """Return what must be the same for a training to go on with the same bits."""
    settings = {key: value for key, value in config.as_dict().items() if key not in _FREE}
    del settings["optimizer"]["learning_rate"]  # stands there on its own
    return {
        "seed": seed,
        "config": _plain({**settings, "epochs": _length(config)}),
        "data": dataset.digest,
        "kernels": sources_digest(),
    }


def _plain(value: Any) -> Any:
    """Return a value as it comes back from JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _length(config: Config) -> int | None:
    """Return the number of epochs where schedules depend on it."""
    chosen = {"schedule": Piece.of(config.schedule), "momentum_schedule": Piece.of(config.momentum_schedule)}
    for package, (name, settings) in chosen.items():
        needs_length = getattr(registry.piece(f"nnlab.training.{package}", name), "needs_length", None)
        if needs_length is not None and needs_length(**settings):
            return config.epochs
    return None


def _of_seed(path: Path, seed: int) -> Path:
    return checkpoint_path(path, seed) if path.is_dir() else path


def _check_same(checkpoint: Checkpoint, facts: Mapping[str, Any], config: Config) -> None:
    """Refuse to go on with another training."""
    was = {**checkpoint.facts, **checkpoint.facts["config"]}
    now = {**facts, **facts["config"]}
    differing = [key for key in now if key not in ("config", "kernels") and was.get(key) != now[key]]
    if differing:
        raise ConfigurationError(
            f"cannot resume {checkpoint.path}: it was trained with other {', '.join(differing)}; "
            "give the same, or use warm_start to take its weights alone"
        )
    if was["kernels"] != now["kernels"]:
        raise ConfigurationError(
            f"cannot resume {checkpoint.path}: the kernels of nnlab have changed since, so the bits would differ; "
            "use warm_start to take its weights alone"
        )
    if len(checkpoint.history) > config.epochs:
        raise ConfigurationError(
            f"cannot resume {checkpoint.path}: it has {len(checkpoint.history)} epochs, "
            f"more than epochs={config.epochs}"
        )


def _check_fits(path: Path, architecture: Architecture) -> None:
    """Refuse to start from the weights of a network with other layers."""
    stored = read_architecture(path)
    if _learned(stored) != _learned(architecture):
        raise ConfigurationError(
            f"warm_start={path} holds a network with other layers ({_widths(stored)}; this one: "
            f"{_widths(architecture)}): widths, normalisation and connection must be the same"
        )


def _learned(architecture: Architecture) -> list[tuple[int, ...]]:
    """Return the sizes of all that operations have learned, in their order."""
    operations = (each for each in plan_of(architecture).operations if each.shape.weights or each.shape.vector)
    return [
        (each.source.width, each.target.width, each.shape.weights, each.shape.vector, each.shape.statistics)
        for each in operations
    ]


def _widths(architecture: Architecture) -> str:
    return "-".join(map(str, (architecture.inputs, *(layer.units for layer in architecture.layers))))
