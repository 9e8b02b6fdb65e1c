"""Reads experiments/<id>/claim.yaml, and says all at once what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from nnlab.checks import Parameter, check_parameters, list_of, number, one_of, optional, text, whole
from nnlab.claims.claim import AT_LEAST, AT_MOST, Budget, Claim, Comparison, Metric, Published, Tuning
from nnlab.claims.criteria import comparisons_of, metric_of
from nnlab.claims.problems import ClaimError, Problems
from nnlab.claims.verdict import EQUIVALENT, INCONCLUSIVE, REFUTED, SUPPORTED
from nnlab.errors import ConfigurationError, bad_value, unknown_name

CLAIM_FILE = "claim.yaml"
_ID = re.compile(r"[\w-]+", re.ASCII)
BUDGETS = ("smoke", "quick", "full")
FIRST_TUNING_SEED = 1000  # so that the comparison uses none of them
FIRST_PILOT_SEED = 2000  # so that neither tuning nor the comparison does


def claims_folder() -> Path:
    """Return the folder of the claims: experiments/ in the current folder, or else in the checkout."""
    here = Path("experiments")
    return here if here.is_dir() else Path(__file__).parents[2] / "experiments"


def claim_ids(folder: Path) -> list[str]:
    """Return the names of all claims in a folder."""
    return sorted(path.parent.name for path in folder.glob(f"*/{CLAIM_FILE}"))


def read_claim(folder: Path) -> Claim:
    """Read a claim from its folder.

    Raises:
        ClaimError: there is none, or something in it is not as it must be; it lists all that.
    """
    claim, problems = examine_claim(folder)
    problems.raise_any()
    return claim


def examine_claim(folder: Path) -> tuple[Claim, Problems]:
    """Read a claim, and note what is wrong with it; something harmless stands in the place of that.

    Raises:
        ClaimError: there is none, or nothing of it can be read.
    """
    import yaml  # noqa: PLC0415

    path = folder / CLAIM_FILE
    if not _ID.fullmatch(folder.name):
        raise ClaimError([f"{folder} is no name for a claim: letters, digits, _ and - are allowed"])
    if not path.is_file():
        raise ClaimError([f"{unknown_name('claim', folder.name, claim_ids(folder.parent))} ({path} does not exist)"])
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ClaimError([f"{path} is no YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(content, Mapping):
        raise ClaimError([f"{path} must be a mapping with the keys {', '.join(_KEYS)}"])
    problems = Problems(str(path))
    return _claim(folder, content, problems), problems


def _claim(folder: Path, content: Mapping[str, Any], problems: Problems) -> Claim:
    """Make the claim from the content of its file."""
    for key in content:
        if key not in _KEYS:
            problems.add(str(unknown_name("key", str(key), _KEYS)))
    given = {
        key: problems.of(parameter.check, key, content.get(key, parameter.default), instead=parameter.default)
        for key, parameter in _KEYS.items()
    }
    arms = dict(given["arms"] or {})
    metric = given["metric"]
    for arm in (arm for arm in given["first_seed"] if arm not in arms):
        problems.add(str(unknown_name("arm of first_seed", arm, arms)))
    return Claim(
        id=folder.name,
        folder=folder,
        statement=" ".join((given["statement"] or "").split()),
        source=given["source"],
        base=tuple(given["base"]),
        arms=arms,
        varies=tuple(given["varies"]),
        first_seed=given["first_seed"],
        comparisons=_comparisons(content.get("criteria"), list(arms), metric, problems),
        tuning=problems.of(_tuning, content.get("tuning"), list(arms)),
        published=_published(content.get("published", []), list(arms), metric, problems),
        effect=given["effect"],
        sd=given["sd"],
        expected=given["expected"],
        budgets=_budgets(content.get("budgets"), problems),
        text=content,
    )


def _comparisons(given: Any, arms: list[str], metric: Metric | None, problems: Problems) -> tuple[Comparison, ...]:
    if not isinstance(given, list) or not given:
        problems.add("criteria must be a list of at least one criterion")
        return ()
    if metric is None:
        return ()
    made = [
        comparison
        for place, criterion in enumerate(given, start=1)
        for comparison in problems.of(comparisons_of, f"criterion {place}", criterion, arms, metric, instead=[])
    ]
    if made and not any(comparison.is_primary for comparison in made):
        problems.add("no criterion is primary, so there could be no verdict")
    return tuple(made)


def _tuning(given: Any, arms: list[str]) -> Tuning | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise bad_value("tuning", given, f"a group of {', '.join(_TUNING)}")
    settings = check_parameters("tuning", given, _TUNING)
    for arm in (arm for arm in (*settings["arms"], *settings["own_grids"]) if arm not in arms):
        raise unknown_name("arm of tuning", arm, arms)
    sizes = {arm: _size(grid) for arm, grid in {"grid": settings["grid"], **settings["own_grids"]}.items()}
    if len(set(sizes.values())) > 1:
        raise ConfigurationError(f"tuning must try as many combinations for every arm, and not {sizes}")
    seeds = range(FIRST_TUNING_SEED, FIRST_TUNING_SEED + settings["seeds"])
    return Tuning(settings["grid"], settings["own_grids"], settings["objective"], tuple(seeds), tuple(settings["arms"]))


def _published(given: Any, arms: list[str], metric: Metric | None, problems: Problems) -> tuple[Published, ...]:
    if not isinstance(given, list):
        problems.add("published must be a list")
        return ()
    return tuple(
        made
        for place, each in enumerate(given, start=1)
        if (made := problems.of(_published_number, f"published {place}", each, arms, metric)) is not None
    )


def _published_number(where: str, given: Any, arms: list[str], metric: Metric | None) -> Published:
    if not isinstance(given, Mapping):
        raise bad_value(where, given, f"a group of {', '.join(_PUBLISHED)}")
    settings = check_parameters(where, given, _PUBLISHED)
    if settings["arm"] not in arms:
        raise unknown_name(f"arm of {where}", settings["arm"], arms)
    own = settings.pop("metric")
    if own is None and metric is None:
        raise ConfigurationError(f"{where} needs a metric")
    return Published(metric=cast(Metric, metric) if own is None else metric_of(f"{where}.metric", own), **settings)


def _budgets(given: Any, problems: Problems) -> dict[str, Budget]:
    if not isinstance(given, Mapping) or not given:
        problems.add(f"budgets must be some of {', '.join(BUDGETS)}")
        return {}
    for name in given:
        if name not in BUDGETS:
            problems.add(str(unknown_name("budget", str(name), BUDGETS)))
    made = {name: problems.of(_budget, name, given[name]) for name in BUDGETS if name in given}
    return {name: budget for name, budget in made.items() if budget is not None}


def _budget(name: str, given: Any) -> Budget:
    where = f"budgets.{name}"
    if not isinstance(given, Mapping):
        raise bad_value(where, given, f"a group of {', '.join(_BUDGET)}")
    settings = check_parameters(where, given, _BUDGET)
    return Budget(name, tuple(settings["overrides"]), tuple(settings["seeds"]), settings["grid"])


def _overrides(key: str, value: Any) -> tuple[str, ...]:
    """Allow a list of overrides such as "depth=20"; the seeds are the budget's."""
    given = value if isinstance(value, list) else [value]
    for override in given:
        if not isinstance(override, str) or "=" not in override:
            raise bad_value(key, override, "a list of overrides, each key=value")
        if override.partition("=")[0].strip("+~") == "seeds":
            raise ConfigurationError(f"{key} sets seeds, which a budget says, and first_seed of an arm")
    return tuple(given)


def _arms(key: str, value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping) or not value:
        raise bad_value(key, value, "a mapping from names to lists of overrides")
    for name in value:
        if not str(name).isidentifier():
            raise bad_value(f"{key} name", name, "letters, digits and _, and begin with no digit")
    return {str(name): _overrides(f"{key}.{name}", overrides) for name, overrides in value.items()}


def _grid(key: str, value: Any) -> dict[str, tuple[str, ...]]:
    """Allow a list of at least two values for each key."""
    if not isinstance(value, Mapping) or not value:
        raise bad_value(key, value, "a mapping from keys to lists of values")
    for name, values in value.items():
        if not isinstance(values, list) or len(values) < 2:  # noqa: PLR2004
            raise bad_value(f"{key}.{name}", values, "a list of at least two values")
    return {str(name): tuple(map(str, values)) for name, values in value.items()}


def _size(grid: Mapping[str, Sequence[str]]) -> int:
    return math.prod(len(values) for values in grid.values())


def _own_grids(key: str, value: Any) -> dict[str, dict[str, tuple[str, ...]]]:
    if not isinstance(value, Mapping):
        raise bad_value(key, value, "a mapping from arms to grids")
    return {str(arm): _grid(f"{key}.{arm}", grid) for arm, grid in value.items()}


def _first_seeds(key: str, value: Any) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise bad_value(key, value, "a mapping from arms to the first of their seeds")
    return {str(arm): whole(0, FIRST_TUNING_SEED - 1)(f"{key}.{arm}", seed) for arm, seed in value.items()}


def _looks(key: str, value: Any) -> list[int]:
    """Allow a number of seeds, or rising numbers: a sequential rule."""
    looks = [whole(1)(key, each) for each in (value if isinstance(value, list) and value else [value])]
    if looks != sorted(set(looks)):
        raise bad_value(key, value, "a number, or rising numbers after each of which the data are looked at")
    return looks


def _source(key: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not value or not set(value) <= {"article", "paper"}:
        raise bad_value(key, value, "article, paper, or both")
    return {str(kind): str(where) for kind, where in value.items()}


def _list(key: str, value: Sequence[Any]) -> list[Any]:
    return [] if not value else cast(list[Any], list_of(text())(key, value))


_VERDICTS = (SUPPORTED, REFUTED, EQUIVALENT, INCONCLUSIVE)
_KEYS = {
    "statement": Parameter(None, text("a sentence")),
    "source": Parameter(None, _source),
    "base": Parameter([], _overrides),
    "arms": Parameter(None, _arms),
    "varies": Parameter([], _list),
    "first_seed": Parameter({}, _first_seeds),
    "metric": Parameter(None, metric_of),
    "criteria": Parameter(None, lambda _, value: value),
    "tuning": Parameter(None, lambda _, value: value),
    "published": Parameter([], lambda _, value: value),
    "effect": Parameter(None, optional(number(0, open_low=True))),
    "sd": Parameter(None, optional(number(0, open_low=True))),
    "expected": Parameter(None, optional(one_of(*_VERDICTS))),
    "budgets": Parameter(None, lambda _, value: value),
}
_TUNING = {
    "grid": Parameter(None, _grid),
    "own_grids": Parameter({}, _own_grids),
    "objective": Parameter("validation_loss", text("a column of the summary")),
    "seeds": Parameter(3, whole(1, FIRST_PILOT_SEED - FIRST_TUNING_SEED)),
    "arms": Parameter([], _list),
}
_PUBLISHED = {
    "arm": Parameter(None, text("the name of an arm")),
    "metric": Parameter(None, lambda _, value: value),
    "value": Parameter(None, number()),
    "source": Parameter(None, text("where the number stands")),
    "best_of": Parameter(1, whole(1)),
    "test_examples": Parameter(None, optional(whole(1))),
    "note": Parameter("", lambda _, value: str(value)),
    "bound": Parameter(None, optional(one_of(AT_MOST, AT_LEAST))),
}
_BUDGET = {
    "overrides": Parameter([], _overrides),
    "seeds": Parameter(10, _looks),
    "grid": Parameter(None, optional(_grid)),
}
