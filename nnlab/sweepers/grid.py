"""All combinations of the values that a sweep names, but those of which the store has a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_launcher import BasicLauncher
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from nnlab.composition import composed, refuse_lists_of_choices
from nnlab.errors import ConfigurationError


class Grid(BasicSweeper):
    """Hydra's sweep over a grid, which checks every job before the first begins and leaves out what is done.

    What is done the store says; the results are brought into the sweep's folder, to be compared with those of the rest.
    """

    def sweep(self, arguments: list[str]) -> list[Any]:
        """Run the jobs that are missing; return what the launcher did, batch by batch."""
        from nnlab.console import new_console, show_warning  # noqa: PLC0415
        from nnlab.jobs.dry_run import show_plan  # noqa: PLC0415
        from nnlab.jobs.earlier_jobs import bring_earlier  # noqa: PLC0415
        from nnlab.jobs.sweep_folder import begin_sweep  # noqa: PLC0415
        from nnlab.jobs.sweep_plan import MISSING, plan_sweep  # noqa: PLC0415

        console, folder = new_console(), Path(self._config.hydra.sweep.dir)
        jobs = plan_sweep(self._combinations(arguments), composed, folder, console)
        if any(job.config.dry_run for job in jobs):
            show_plan(jobs, console)
            raise SystemExit(0)
        begin_sweep(folder, OmegaConf.to_yaml(self._config), [job.overrides for job in jobs])
        missing = [job for job in jobs if job.state == MISSING]
        done = [job for job in jobs if job.state != MISSING]
        for warning in bring_earlier(done, folder, len(missing), console):
            show_warning(warning)
        is_fail_fast = any(job.config.fail_fast for job in jobs)
        return self._launched([list(job.overrides) for job in missing], folder, is_fail_fast=is_fail_fast)

    @property
    def _config(self) -> Any:
        return self.config

    def _combinations(self, arguments: Sequence[str]) -> list[list[str]]:
        """Return the overrides of each job.

        Raises:
            ConfigurationError: a list of choices where one is meant, values that match no choice, or a range.
        """
        refuse_lists_of_choices(arguments)
        loader = self.hydra_context.config_loader if self.hydra_context else None
        overrides = OverridesParser.create(loader).parse_overrides([*self._parse_config(), *arguments])
        for override in overrides:
            if override.is_sweep_override() and not override.is_discrete_sweep():
                raise ConfigurationError(f"{override.input_line} is a range to search: add hydra/sweeper=optuna")
            if override.is_sweep_override() and not list(override.sweep_string_iterator()):
                raise ConfigurationError(f"{override.input_line} matches no choice of {override.get_key_element()}")
        return self.split_arguments(overrides, None)[0]

    def _launched(self, jobs: list[list[str]], folder: Path, *, is_fail_fast: bool) -> list[Any]:
        from nnlab.jobs.sweep_folder import has_stopped  # noqa: PLC0415

        one_by_one = is_fail_fast and isinstance(self.launcher, BasicLauncher)
        returns: list[Any] = []
        first = 0
        for batch in self.split_overrides_to_chunks(jobs, 1 if one_by_one else self.max_batch_size) if jobs else []:
            if has_stopped(folder):
                break
            returns.append(self.launcher.launch(batch, initial_job_idx=first) if self.launcher else [])
            for result in returns[-1]:
                _ = result.return_value  # raises what is no failure of a training
            first += len(batch)
        return returns
