"""python -m nnlab.run: train one configuration, or with -m a sweep of them, from the command line.

Only Hydra is imported at the top: --help, --cfg and shell completion answer at once.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode

from nnlab.composition import CONFIG_NAME, conf_folder, hydra_errors_in_one_line
from nnlab.console import show_error
from nnlab.errors import NnlabError

if TYPE_CHECKING:
    from omegaconf import DictConfig
    from rich.console import Console

    from nnlab.training.result import Result

_FULL_ERROR = "HYDRA_FULL_ERROR"
_WANTS_TRACEBACK = os.environ.get(_FULL_ERROR) == "1"  # as the user set it; main() sets it too
_INTERRUPTED = 128 + signal.SIGINT
_USAGE_ERROR = 2


def main() -> None:
    """Run the command line; exit with 2 for bad input, 1 for failed jobs, 130 after Ctrl-C, 143 after SIGTERM."""
    for name in ("SIGTERM", "SIGHUP"):  # SIGHUP: the terminal was closed; nohup ignores it, and so do we then
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
            signal.signal(getattr(signal, name), _terminate)
    with _one_line_errors():
        os.environ[_FULL_ERROR] = "1"  # Hydra then raises its errors instead of printing them
        hydra.main(version_base="1.3", config_path=str(conf_folder()), config_name=CONFIG_NAME)(_task)()


def _terminate(number: int, _frame: Any) -> NoReturn:
    show_error("terminated; what had finished is kept")
    sys.exit(128 + number)


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Turn what a user caused into one line and an exit code; HYDRA_FULL_ERROR=1 shows the traceback instead."""
    try:
        with hydra_errors_in_one_line():
            yield
    except NnlabError as error:
        if _WANTS_TRACEBACK:
            raise
        show_error(error)
        sys.exit(_USAGE_ERROR)
    except KeyboardInterrupt:
        show_error("interrupted; what had finished is kept")
        sys.exit(_INTERRUPTED)


def _task(composed: DictConfig) -> None:
    """Run one job; in a sweep a failure is noted in the job's folder, and the other jobs go on."""
    from nnlab.console import new_console  # noqa: PLC0415
    from nnlab.jobs.sweep_folder import forget_earlier  # noqa: PLC0415
    from nnlab.jobs.sweep_report import report_sweep  # noqa: PLC0415

    console = new_console()
    if HydraConfig.get().mode != RunMode.MULTIRUN:
        with _one_line_errors():
            _show(_train(composed, console), console)
        return
    overrides = " ".join(HydraConfig.get().overrides.task)
    console.print(f"job {HydraConfig.get().job.num}: {overrides}", markup=False)
    forget_earlier(Path(HydraConfig.get().runtime.output_dir))
    try:
        _train(composed, console)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
        show_error(f"{type(error).__name__}: {error}" if not isinstance(error, NnlabError) else error)
        _note_failure(error)
    except BaseException:  # interrupted: show what had finished
        report_sweep(Path(HydraConfig.get().sweep.dir), console)
        raise


def _train(composed: DictConfig, console: Console) -> Result:
    from nnlab.composition import checked  # noqa: PLC0415
    from nnlab.jobs.job import Job, run_job  # noqa: PLC0415

    runtime = HydraConfig.get()
    tags = {}
    if runtime.mode == RunMode.MULTIRUN:
        tags = {"sweep": Path(runtime.sweep.dir).as_posix(), "job": str(runtime.job.num)}
    job = Job(list(runtime.overrides.task), Path(runtime.runtime.output_dir), tags)
    return run_job(checked(composed), job, console)


def _show(result: Result, console: Console) -> None:
    from nnlab.console.tables import notes, result_table, seconds_text  # noqa: PLC0415
    from nnlab.tracking.ui_command import ui_command  # noqa: PLC0415

    console.print(result_table(result))
    for note in notes(result):
        console.print(note)
    console.print(seconds_text(result.seconds))
    console.print(f"files: {Path(HydraConfig.get().runtime.output_dir)}", soft_wrap=True)
    if result.config.tracking["store"] == "mlflow":
        console.print(f"browse all runs: {ui_command()}", soft_wrap=True)


def _note_failure(error: Exception) -> None:
    from nnlab.jobs.sweep_folder import FAILURE_FILE  # noqa: PLC0415

    reason = str(error) if isinstance(error, NnlabError) else f"{type(error).__name__}: {error}"
    trace = "".join(traceback.format_exception(error))
    folder = Path(HydraConfig.get().runtime.output_dir)
    (folder / FAILURE_FILE).write_text(f"{' '.join(reason.split())}\n\n{trace}", encoding="utf-8")


if __name__ == "__main__":
    main()
