"""From overrides such as "activation=relu" to a checked configuration, and from Hydra's errors to one line."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nnlab.errors import ConfigurationError, NnlabError, bad_value, unknown_name

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override
    from omegaconf import DictConfig

    from nnlab.schema import Config

CONFIG_NAME = "config"


def conf_folder() -> Path:
    """Return the folder of the configuration menu: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "conf"
    return installed if installed.is_dir() else package.parent / "conf"


def compose(overrides: Sequence[str]) -> Config:
    """Compose a configuration from overrides, outside of `python -m nnlab.run`.

    Raises:
        ConfigurationError: an unknown key or choice, or a value that is not allowed.
    """
    return _composer(_menu_state())(_as_list(overrides))


@lru_cache(maxsize=1)  # a menu that was is of no more use
def _composer(_menu: tuple[int, int]) -> Composer:
    """Return the composer of all calls, of which many differ in values alone; a new one where the menu has changed."""
    return Composer(composed)


def _menu_state() -> tuple[int, int]:
    """Return what changes when a file of the menu is changed, added or removed: when the last one was, and how many."""
    times = [path.stat().st_mtime_ns for path in conf_folder().rglob("*.yaml")]
    return max(times), len(times)


def _as_list(overrides: Sequence[str]) -> list[str]:
    if isinstance(overrides, str):
        raise ConfigurationError(f"overrides must be a list: [{overrides!r}]")
    return list(overrides)


def composed(overrides: Sequence[str], name: str = CONFIG_NAME) -> DictConfig:
    """Return what Hydra composes of the menu and overrides, not yet checked; `name` is the file to begin with.

    Raises:
        ConfigurationError: an unknown key or choice.
    """
    import hydra  # noqa: PLC0415

    overrides = _as_list(overrides)
    with hydra_errors_in_one_line():
        refuse_lists_of_choices(overrides)
        with _own_hydra():
            return hydra.compose(name, overrides)


@contextmanager
def _own_hydra() -> Iterator[None]:
    """Have Hydra look into nnlab's menu; a program of Hydra that runs already finds its own again afterwards."""
    import hydra  # noqa: PLC0415
    from hydra.core.global_hydra import GlobalHydra  # noqa: PLC0415
    from hydra.core.utils import JobRuntime  # noqa: PLC0415

    running = GlobalHydra.instance().hydra
    GlobalHydra.instance().clear()
    try:
        with hydra.initialize_config_dir(str(conf_folder()), JobRuntime.instance().get("name"), version_base="1.3"):
            yield
    finally:
        GlobalHydra.instance().hydra = running


class Composer:
    """Composes many configurations.

    Hydra takes some 75 ms for each. So it composes every combination of choices once; what differs in values alone is
    a copy of that, with the values set as Hydra sets them.
    """

    def __init__(self, compose_one: Callable[[Sequence[str]], DictConfig] | None = None) -> None:
        """Compose by a function; by default with the Hydra that runs already, as it does around a sweep."""
        self._composed = compose_one or _composed_by_running_hydra
        self._bases: dict[tuple[str, ...], DictConfig] = {}
        self._parsed = cache(_parsed)

    def __call__(self, overrides: Sequence[str]) -> Config:
        """Compose a configuration.

        Raises:
            ConfigurationError: an unknown key or choice, or a value that is not allowed.
        """
        from omegaconf import OmegaConf  # noqa: PLC0415
        from omegaconf.errors import OmegaConfBaseException  # noqa: PLC0415

        values = {override: self._parsed(override) for override in overrides}
        base = self._base(tuple(override for override, parsed in values.items() if parsed is None))
        config = copy.deepcopy(base)
        try:
            for parsed in values.values():
                if parsed is not None:
                    OmegaConf.update(config, parsed.key_or_group, parsed.value(), merge=True)
        except OmegaConfBaseException:  # Hydra says it in its own words
            return checked(self._composed(overrides))
        return checked(config)

    def _base(self, choices: tuple[str, ...]) -> DictConfig:
        if choices not in self._bases:
            self._bases[choices] = _own_part(self._composed(choices))
        return self._bases[choices]


def _composed_by_running_hydra(overrides: Sequence[str]) -> DictConfig:
    import hydra  # noqa: PLC0415

    with hydra_errors_in_one_line():
        return hydra.compose(CONFIG_NAME, list(overrides))


def _parsed(override: str) -> Override | None:
    """Return an override that changes a value; None for one that makes a choice, or adds or removes something."""
    from hydra.core.override_parser.overrides_parser import OverridesParser  # noqa: PLC0415
    from hydra.core.override_parser.types import OverrideType  # noqa: PLC0415

    with hydra_errors_in_one_line():
        [parsed] = OverridesParser.create().parse_overrides([override])
    is_choice = (conf_folder() / parsed.key_or_group).is_dir() or parsed.package is not None
    return None if is_choice or parsed.type != OverrideType.CHANGE else parsed


def _own_part(composed: DictConfig) -> DictConfig:
    """Return what Hydra composed, without its own settings."""
    from omegaconf import OmegaConf  # noqa: PLC0415

    own = OmegaConf.masked_copy(composed, [str(key) for key in composed if key != "hydra"])
    OmegaConf.set_struct(own, value=True)  # refuses keys that there are not
    return own


def refuse_lists_of_choices(overrides: Sequence[str]) -> None:
    """Refuse `activation=[relu,tanh]`: Hydra would merge the two choices, which is never what is meant here."""
    for override in overrides:
        group, _, choice = override.partition("=")
        if choice.startswith("[") and (conf_folder() / group).is_dir():
            raise bad_value(group, choice, "one choice; to compare several write -m and no brackets")


def checked(composed: DictConfig) -> Config:
    """Check every value of what Hydra composed."""
    from nnlab.schema import Config  # noqa: PLC0415

    return Config.from_mapping(plain_values(composed))


def plain_values(composed: DictConfig) -> dict[str, Any]:
    """Return what Hydra composed as plain nested values, without its own settings."""
    from omegaconf import OmegaConf  # noqa: PLC0415

    with hydra_errors_in_one_line():
        return cast("dict[str, Any]", OmegaConf.to_container(_own_part(composed), resolve=True))


@contextmanager
def hydra_errors_in_one_line() -> Iterator[None]:
    """Turn an error of Hydra or OmegaConf into a ConfigurationError of one line."""
    from hydra.errors import HydraException  # noqa: PLC0415
    from omegaconf.errors import OmegaConfBaseException  # noqa: PLC0415

    try:
        yield
    except (HydraException, OmegaConfBaseException) as error:
        raise explained(error) from error
    except ValueError as error:
        if not str(error).startswith("Config group override"):
            raise
        raise ConfigurationError(f"{error}: write the name of a choice, as in activation=relu") from error


def explained(error: Exception) -> NnlabError:
    """Say in one line what was wrong with the command, and what is allowed."""
    from hydra.errors import MissingConfigException, OverrideParseException  # noqa: PLC0415
    from omegaconf.errors import OmegaConfBaseException  # noqa: PLC0415

    cause = error if isinstance(error, OmegaConfBaseException) else error.__cause__
    if isinstance(error, MissingConfigException) and error.options is not None:
        group, _, choice = str(error.missing_cfg_file).rpartition("/")
        if group == "regularisation":
            return ConfigurationError(f"regularisation={choice} is no choice: give a number, regularisation.l2=1e-4")
        return unknown_name(group, choice, error.options)
    if str(error).startswith("Ambiguous value"):
        override = str(error).partition("'")[2].partition("'\n")[0]
        return ConfigurationError(f"'{override}' names several values: add -m to train with each of them, or give one")
    if isinstance(error, OverrideParseException):
        return ConfigurationError(f"cannot read '{error.override}': write key=value, and quote special characters")
    if isinstance(cause, OmegaConfBaseException) and cause.full_key:
        return _explained_key(cause)
    return ConfigurationError(_shortened(str(error)))


def _shortened(text: str) -> str:
    """Return what Hydra says, without what is of no use here."""
    if text.startswith("Could not override"):
        return f"{text.split(chr(39))[1]} is no group of this command: --help lists its groups and keys"
    return text.partition("\nSet the environment")[0]


def _explained_key(cause: Any) -> NnlabError:
    parent = cause.parent_node
    if "not in struct" not in str(cause) or parent is None:
        return ConfigurationError(f"{cause.full_key}: {str(cause).partition(chr(10))[0]}")
    group = cause.full_key.removesuffix(str(cause.key)).rstrip(".")
    return unknown_name(f"key of {group}" if group else "key", str(cause.key), [k for k in parent if k != "hydra"])
