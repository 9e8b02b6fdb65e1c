"""A search with Optuna: each trial is a job, which is not run if the store has a run of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.plugins.sweeper import Sweeper
from omegaconf import OmegaConf

from nnlab.composition import Composer, refuse_lists_of_choices
from nnlab.errors import ConfigurationError
from nnlab.sweepers.launcher import launcher_of


class OptunaSearch(Sweeper):
    """Tries combinations of the values that the overrides name, and learns from each where to look next.

    The sampler has a seed, and a trial that the store has a run of is not trained again: so a search that was killed
    goes on when the same command is given again.

    Args:
        settings: see conf/hydra/sweeper/optuna.yaml.
    """

    def __init__(self, **settings: Any) -> None:
        self._given = settings
        self.config: Any = None
        self.launcher: Any = None
        self.hydra_context: Any = None

    def setup(self, *, hydra_context: Any, task_function: Any, config: Any) -> None:
        """Get ready, with the launcher.

        Raises:
            ConfigurationError: the launcher's package is not installed.
        """
        self.config, self.hydra_context = config, hydra_context
        self.launcher = launcher_of(hydra_context, task_function, config)

    def sweep(self, arguments: list[str]) -> None:
        """Run the trials, and show which was best."""
        try:
            import optuna  # noqa: F401, PLC0415
        except ImportError as error:
            message = "hydra/sweeper=optuna needs a package that is not installed: pip install optuna"
            raise ConfigurationError(message) from error
        from nnlab.console import new_console  # noqa: PLC0415
        from nnlab.jobs.search import Search, check_settings  # noqa: PLC0415
        from nnlab.jobs.search_space import search_space  # noqa: PLC0415
        from nnlab.jobs.sweep_folder import begin_sweep  # noqa: PLC0415
        from nnlab.jobs.sweep_launch import SweepLaunch  # noqa: PLC0415
        from nnlab.jobs.trials import Trials  # noqa: PLC0415

        refuse_lists_of_choices(arguments)
        settings = check_settings(self._given)
        parser = OverridesParser.create(self.hydra_context.config_loader)
        fixed, space = search_space(parser.parse_overrides(arguments))
        folder, console = Path(self.config.hydra.sweep.dir), new_console()
        trials = Trials(settings, fixed, Composer(), folder, console)
        if self.config.dry_run:
            trials.show_first(Search(None, settings, space))
            raise SystemExit(0)
        begin_sweep(folder, OmegaConf.to_yaml(self.config), [])
        search = Search(folder, settings, space)
        launch = SweepLaunch(self.launcher, self.config, folder, stops=bool(self.config.fail_fast), at_once=None)
        trials.run(search, launch)
        trials.show_best(search)
