"""What Hydra calls for each job: train, show, and in a sweep note failures instead of raising them."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path

from hydra.conf import HydraConf
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig
from rich.console import Console

from nnlab.composition import checked
from nnlab.console import new_console, show_error
from nnlab.console.tables import notes, result_table, seconds_text
from nnlab.errors import NnlabError
from nnlab.jobs.job import Job, run_job
from nnlab.jobs.launching import prints_to_file, runs_here, with_own_cores
from nnlab.jobs.overrides import by_key
from nnlab.jobs.pruning import Pruned
from nnlab.jobs.sweep_folder import has_stopped, stop_sweep, write_failure, write_job, write_pruned
from nnlab.schema import CHANGE_NOTHING
from nnlab.tracking.ui_command import ui_command
from nnlab.training.result import Result


def run_task(composed: DictConfig) -> None:
    """Run the job that Hydra composed, alone or as one of a sweep."""
    hydra = HydraConfig.get()
    if hydra.mode == RunMode.MULTIRUN and runs_here(hydra.launcher):
        _run_in_sweep(composed, hydra, new_console())
    elif hydra.mode == RunMode.MULTIRUN:
        os.chdir(hydra.runtime.cwd)
        # What jobs print that run side by side would be garbled, unless each has a file for it.
        _run_in_sweep(composed, hydra, Console(quiet=not prints_to_file(hydra.launcher)))
    else:
        console = new_console()
        _show(_train(composed, hydra, console), Path(hydra.runtime.output_dir), console)


def _run_in_sweep(composed: DictConfig, hydra: HydraConf, console: Console) -> None:
    """Run one job of a sweep; a failure is noted in the job's folder, and the other jobs go on."""
    folder, sweep = Path(hydra.runtime.output_dir), Path(hydra.sweep.dir)
    if has_stopped(sweep):
        return
    console.print(f"job {hydra.job.num}: {_learns(hydra.overrides.task)}", markup=False)
    write_job(folder, hydra.job.num, hydra.overrides.task)
    try:
        _train(composed, hydra, console)
    except Pruned as pruned:
        console.print(f"pruned: {pruned}", soft_wrap=True)
        write_pruned(folder, str(pruned))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
        reason = str(error) if isinstance(error, NnlabError) else f"{type(error).__name__}: {error}"
        show_error(reason)
        write_failure(folder, reason, "".join(traceback.format_exception(error)))
        if composed.fail_fast:
            stop_sweep(sweep)


def _learns(overrides: Sequence[str]) -> str:
    """Return, in one line, the overrides that change what a job learns; the others are the same for all jobs."""
    return " ".join(f"{k}={v}" for k, v in by_key(overrides).items() if k.partition(".")[0] not in CHANGE_NOTHING)


def _train(composed: DictConfig, hydra: HydraConf, console: Console) -> Result:
    tags = {}
    if hydra.mode == RunMode.MULTIRUN:
        tags = {"sweep": Path(hydra.sweep.dir).as_posix(), "job": str(hydra.job.num)}
    waits = hydra.mode != RunMode.MULTIRUN or not runs_here(hydra.launcher)
    job = Job(list(hydra.overrides.task), Path(hydra.runtime.output_dir), tags, waits)
    return run_job(with_own_cores(checked(composed), hydra.launcher), job, console)


def _show(result: Result, folder: Path, console: Console) -> None:
    console.print(result_table(result))
    for line in [*notes(result), seconds_text(result.seconds), f"files: {folder}"]:
        console.print(line, soft_wrap=True)
    if result.config.tracking["store"] == "mlflow":
        console.print(f"browse all runs: {ui_command()}", soft_wrap=True)
