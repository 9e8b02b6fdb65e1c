"""Where nnlab hooks into Hydra: check everything before a run or sweep begins, compare the jobs when it has ended.

Hydra turns a callback's exceptions into warnings, but lets SystemExit pass: so that is how a check ends the command.
"""

from __future__ import annotations

import itertools
import math
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hydra
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.experimental.callback import Callback
from omegaconf import DictConfig

from nnlab.composition import CONFIG_NAME, checked, hydra_errors_in_one_line, refuse_lists_of_choices
from nnlab.console import show_error
from nnlab.errors import USAGE_ERROR, ConfigurationError, NnlabError

JOBS_FAILED = 1
_FEW_JOBS = 64


class NnlabCallback(Callback):
    """Called by Hydra around a run or a sweep; conf/config.yaml names it."""

    def on_run_start(self, config: DictConfig, **_: Any) -> None:
        """Check the one configuration, before Hydra makes its output folder."""
        with _exit_on_error():
            refuse_lists_of_choices(config.hydra.overrides.task)
            _check(config, Path(config.hydra.run.dir))

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        """Check every value that the sweep names, before its first job."""
        with _exit_on_error():
            refuse_lists_of_choices(config.hydra.overrides.task)
            for overrides in jobs_to_check(config.hydra.overrides.task):
                with hydra_errors_in_one_line():
                    composed = hydra.compose(CONFIG_NAME, overrides)
                _check(composed, Path(config.hydra.sweep.dir))

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        """Show the comparison of all jobs; fail if one failed."""
        from nnlab import tracking  # noqa: PLC0415
        from nnlab.console import new_console, show_warning, waiting  # noqa: PLC0415
        from nnlab.jobs.sweep_report import report_sweep  # noqa: PLC0415

        with _exit_on_error():
            console = new_console()
            is_good = report_sweep(Path(config.hydra.sweep.dir), console)
            with waiting(console, "recording ..."):
                left = tracking.wait_for_all()
            if left:
                show_warning(tracking.undelivered_note(left))
            if not is_good:
                raise SystemExit(JOBS_FAILED)


def jobs_to_check(overrides: Sequence[str]) -> Iterator[list[str]]:
    """Yield the overrides of single jobs such that each value of a sweep occurs.

    All combinations where these are few. Otherwise each value beside the others' first, so that their number is the
    sum and not the product of the numbers of values; what only a combination shows is then found by the job itself.
    """
    values = [choices for override in overrides if (choices := _values(override))]
    if math.prod(map(len, values)) <= _FEW_JOBS:
        yield from map(list, itertools.product(*values))
        return
    first = [choices[0] for choices in values]
    yield first
    for place, choices in enumerate(values):
        for choice in choices[1:]:
            yield [*first[:place], choice, *first[place + 1 :]]


def _values(override: str) -> list[str]:
    """Return the overrides that one override of a sweep stands for; ranges of a search are left to their sweeper."""
    loader = GlobalHydra.instance().config_loader()
    (parsed,) = OverridesParser.create(config_loader=loader).parse_overrides([override])
    if parsed.is_sweep_override() and parsed.is_discrete_sweep() and not list(parsed.sweep_string_iterator()):
        raise ConfigurationError(f"{override} matches no choice of {parsed.get_key_element()}")
    if not parsed.is_sweep_override():
        return [override]
    if not parsed.is_discrete_sweep():
        return []
    return [f"{parsed.get_key_element()}={value}" for value in parsed.sweep_string_iterator()]


def _check(composed: DictConfig, folder: Path) -> None:
    from nnlab.jobs.job import check_job  # noqa: PLC0415
    from nnlab.jobs.results_folder import check_writable  # noqa: PLC0415

    check_job(checked(composed))
    check_writable(folder)


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
