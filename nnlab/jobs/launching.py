"""What the launcher of a sweep means for each of its jobs: in which process it runs, and with how many cores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from hydra.core.utils import JobReturn, JobStatus

from nnlab.schema import Config
from nnlab.training.helpers import available_cores

_BASIC, _JOBLIB, _RAY = "BasicLauncher", "JoblibLauncher", "RayLauncher"
_LOCAL, _SLURM = "LocalLauncher", "SlurmLauncher"
_LOST = JobReturn(status=JobStatus.COMPLETED)


def runs_here(launcher: Mapping[str, Any]) -> bool:
    """Tell whether jobs run one after the other in the process of the sweep."""
    return _kind(launcher) == _BASIC


def prints_to_file(launcher: Mapping[str, Any]) -> bool:
    """Tell whether what a job prints goes to a file of its own."""
    return _kind(launcher) not in (_BASIC, _JOBLIB, _RAY)


def is_ray(launcher: Mapping[str, Any]) -> bool:
    """Tell whether jobs are tasks of Ray, which gives them neither the environment nor the folder of the sweep."""
    return _kind(launcher) == _RAY


@contextmanager
def losses_noted(launcher: Mapping[str, Any]) -> Iterator[list[Exception]]:
    """Have the launcher wait for all of its jobs, whatever becomes of some; yield a list that fills with what it was.

    Those of submitit and Ray raise as soon as they come to a job that was lost with its process, while others go on:
    within this block, they get a result of it that says nothing, and wait for the rest.
    """
    losses: list[Exception] = []
    with ExitStack() as stack:
        if is_ray(launcher):
            import ray  # noqa: PLC0415

            stack.enter_context(_noting(ray, "get", _LOST, losses))
        elif _kind(launcher) in (_LOCAL, _SLURM):
            import submitit  # noqa: PLC0415

            stack.enter_context(_noting(submitit.Job, "results", [_LOST], losses))
        yield losses


@contextmanager
def _noting(owner: Any, name: str, instead: Any, losses: list[Exception]) -> Iterator[None]:
    """Have a function of a module or class note what it raises, and return something else."""
    original = getattr(owner, name)

    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return original(*arguments, **named)
        except Exception as error:  # noqa: BLE001 - whether the job has ended, its folder says
            losses.append(error)
            return instead

    setattr(owner, name, call)
    try:
        yield
    finally:
        setattr(owner, name, original)


def jobs_at_a_time(launcher: Mapping[str, Any]) -> int | None:
    """Return how many jobs may be launched at once, where the launcher would start them all; None: any number."""
    if _kind(launcher) != _LOCAL:
        return None
    return max(1, available_cores() // int(launcher.get("cpus_per_task") or 1))


def with_own_cores(config: Config, launcher: Mapping[str, Any]) -> Config:
    """Return the configuration with as many workers as the job has cores to itself, unless it says how many."""
    cores = _cores(launcher)
    return config if config.workers is not None or cores is None else replace(config, workers=cores)


def _cores(launcher: Mapping[str, Any]) -> int | None:
    if _kind(launcher) == _BASIC:
        return None
    if _kind(launcher) == _JOBLIB:
        at_a_time = int(launcher["n_jobs"])
        return 1 if at_a_time < 0 else max(1, available_cores() // max(1, at_a_time))
    if _kind(launcher) == _RAY:
        return max(1, int(launcher["ray"]["remote"].get("num_cpus", 1)))
    return int(launcher.get("cpus_per_task") or 1)


def _kind(launcher: Mapping[str, Any]) -> str:
    return str(launcher["_target_"]).rpartition(".")[2]
