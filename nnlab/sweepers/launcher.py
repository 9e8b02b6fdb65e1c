"""The launcher of a sweep, or one line about what is missing for it."""

from __future__ import annotations

from typing import Any

from nnlab.errors import ConfigurationError


def launcher_of(hydra_context: Any, task_function: Any, config: Any) -> Any:
    """Return the launcher that a sweep's configuration names.

    Raises:
        ConfigurationError: its package is not installed.
    """
    from hydra.core.plugins import Plugins  # noqa: PLC0415

    try:
        return Plugins.instance().instantiate_launcher(hydra_context, task_function, config)
    except (ImportError, RuntimeError) as error:
        launcher = str(config.hydra.runtime.choices["hydra/launcher"])
        package = f"pip install hydra-{launcher.partition('_')[0]}-launcher"
        message = f"hydra/launcher={launcher} needs a package that is not installed: {package}"
        raise ConfigurationError(message) from error
