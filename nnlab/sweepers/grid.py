"""All combinations of the values that a sweep names, but those of which the store has a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from nnlab.composition import Composer, refuse_lists_of_choices
from nnlab.errors import ConfigurationError
from nnlab.sweepers.launcher import launcher_of


class Grid(BasicSweeper):
    """Hydra's sweep over a grid, which checks every job before the first begins and leaves out what is done.

    What is done the store says; the results are brought into the sweep's folder, to be compared with those of the rest.
    """

    config: Any
    launcher: Any
    hydra_context: Any

    def setup(self, *, hydra_context: Any, task_function: Any, config: Any) -> None:
        """Get ready, with the launcher.

        Raises:
            ConfigurationError: the launcher's package is not installed.
        """
        self.hydra_context, self.config = hydra_context, config
        self.launcher = launcher_of(hydra_context, task_function, config)

    def sweep(self, arguments: list[str]) -> None:
        """Run the jobs that are missing."""
        from nnlab.console import new_console  # noqa: PLC0415
        from nnlab.jobs.dry_run import show_plan  # noqa: PLC0415
        from nnlab.jobs.earlier_jobs import bring_earlier  # noqa: PLC0415
        from nnlab.jobs.sweep_folder import begin_sweep  # noqa: PLC0415
        from nnlab.jobs.sweep_launch import SweepLaunch  # noqa: PLC0415
        from nnlab.jobs.sweep_plan import MISSING, plan_sweep  # noqa: PLC0415

        console, folder = new_console(), Path(self.config.hydra.sweep.dir)
        jobs = plan_sweep(self._combinations(arguments), Composer(), folder, console)
        if any(job.config.dry_run for job in jobs):
            show_plan(jobs, console)
            raise SystemExit(0)
        begin_sweep(folder, OmegaConf.to_yaml(self.config), [job.overrides for job in jobs])
        stops = any(job.config.fail_fast for job in jobs)
        launch = SweepLaunch(self.launcher, self.config, folder, stops=stops, at_once=self.max_batch_size)
        done = [job for job in jobs if job.state != MISSING]
        brought = bring_earlier(done, folder, launch.reserve(len(done)), console)
        launch.run([job.overrides for job in jobs if job.identity not in brought], console)

    def _combinations(self, arguments: Sequence[str]) -> list[list[str]]:
        """Return the overrides of each job.

        Raises:
            ConfigurationError: a list of choices where one is meant, values that match no choice, or a range.
        """
        refuse_lists_of_choices(arguments)
        parser = OverridesParser.create(self.hydra_context.config_loader)
        overrides = parser.parse_overrides([*self._parse_config(), *arguments])
        for override in overrides:
            if override.is_sweep_override() and not override.is_discrete_sweep():
                raise ConfigurationError(f"{override.input_line} is a range to search: add hydra/sweeper=optuna")
            if override.is_sweep_override() and not list(override.sweep_string_iterator()):
                raise ConfigurationError(f"{override.input_line} matches no choice of {override.get_key_element()}")
        return self.split_arguments(overrides, None)[0]
