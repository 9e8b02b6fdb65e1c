"""Where nnlab hooks into Hydra: check everything before a run begins, compare the jobs when a sweep has ended.

Hydra turns a callback's exceptions into warnings, but lets SystemExit pass: so that is how a check ends the command.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig

from nnlab.composition import checked, refuse_lists_of_choices
from nnlab.console import show_error
from nnlab.errors import USAGE_ERROR, NnlabError

JOBS_FAILED = 1


class NnlabCallback(Callback):
    """Called by Hydra around a run or a sweep; conf/config.yaml names it."""

    def on_run_start(self, config: DictConfig, **_: Any) -> None:
        """Check the one configuration, before Hydra makes its output folder."""
        from nnlab.console import new_console  # noqa: PLC0415
        from nnlab.jobs.dry_run import show_plan  # noqa: PLC0415
        from nnlab.jobs.sweep_plan import plan_run  # noqa: PLC0415

        with _exit_on_error():
            overrides = config.hydra.overrides.task
            refuse_lists_of_choices(overrides)
            job = plan_run(overrides, checked(config), Path(config.hydra.run.dir))
            if job.config.dry_run:
                show_plan([job], new_console())
                raise SystemExit(0)

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        """Show the comparison of all jobs; fail if one failed."""
        from nnlab import tracking  # noqa: PLC0415
        from nnlab.console import new_console, show_warning, waiting  # noqa: PLC0415
        from nnlab.jobs.sweep_report import report_sweep  # noqa: PLC0415

        with _exit_on_error():
            console = new_console()
            is_good = report_sweep(Path(config.hydra.sweep.dir), console, with_figure=config.figures)
            with waiting(console, "recording ..."):
                left = tracking.wait_for_all()
            is_refused = any(report.state == tracking.REFUSED for report in left)
            if left:
                (show_error if is_refused else show_warning)(tracking.undelivered_note(left))
            if is_refused or not is_good:
                raise SystemExit(JOBS_FAILED)


@contextmanager
def _exit_on_error() -> Iterator[None]:
    try:
        yield
    except NnlabError as error:
        show_error(error)
        raise SystemExit(USAGE_ERROR) from error
    except Exception as error:  # Hydra would go on after a warning, without the checks or the comparison
        traceback.print_exc()
        raise SystemExit(JOBS_FAILED) from error
