"""Criteria of early stopping against slow, obvious versions of their definitions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab import registry
from nnlab.checks import check_parameters
from nnlab.errors import ConfigurationError
from nnlab.training.early_stopping import BestEpoch

PACKAGE = "nnlab.training.early_stopping"
NAMES = ["generalisation_loss", "off", "patience", "successive_rises", "target_loss"]
# Few different values, so that ties, rises in turn and exact thresholds are frequent.
LOSSES = st.lists(st.integers(1, 12).map(lambda number: number / 8), min_size=1, max_size=40)
EXAMPLES = settings(deadline=None, max_examples=200, derandomize=True, database=None)


def stopped(name: str, losses: Sequence[float], **chosen: float | str) -> list[bool]:
    """Return for each epoch whether a criterion is fulfilled after it, given only the epochs so far."""
    piece = registry.piece(PACKAGE, name)
    given_settings = {key: parameter.default for key, parameter in piece.PARAMETERS.items()} | chosen
    history = [{"train_loss": loss / 2, "validation_loss": loss} for loss in losses]
    return [piece.is_over(history[: epoch + 1], **given_settings) for epoch in range(len(history))]


def test_the_criteria_are_these() -> None:
    assert list(registry.pieces(PACKAGE)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_before_the_first_epoch_nothing_is_over(name: str) -> None:
    piece = registry.piece(PACKAGE, name)
    assert piece.is_over([], **{key: parameter.default for key, parameter in piece.PARAMETERS.items()}) is False


@pytest.mark.parametrize("name", NAMES)
def test_going_back_to_the_best_is_a_setting_and_changes_no_decision(name: str) -> None:
    restores = registry.piece(PACKAGE, name).PARAMETERS["restore_best"].default
    assert restores is (name not in ("off", "target_loss"))
    losses = np.random.default_rng(1).uniform(0.01, 0.1, 60).tolist()
    assert stopped(name, losses, restore_best=True) == stopped(name, losses, restore_best=False)


def test_off_never_stops() -> None:
    assert not any(stopped("off", [1 + epoch for epoch in range(500)]))


@EXAMPLES
@given(LOSSES, st.integers(1, 6), st.sampled_from([0.0, 0.125, 0.3]))
def test_patience_counts_from_the_last_improvement(losses: list[float], patience: int, minimum: float) -> None:
    lowest, waited, ref = math.inf, 0, []
    for loss in losses:
        lowest, waited = (loss, 0) if loss < lowest - minimum else (lowest, waited + 1)
        ref.append(waited >= patience)
    assert stopped("patience", losses, patience=patience, minimum_improvement=minimum) == ref


def test_patience_counts_epochs_without_improvement() -> None:
    losses = [3, 2, 2, 2.5, 1.9, 2, 2, 2]
    assert stopped("patience", losses, patience=3) == [False] * 7 + [True]
    assert stopped("patience", losses, patience=2).index(True) == 3
    assert stopped("patience", losses, patience=3, minimum_improvement=0.2).index(True) == 4


@EXAMPLES
@given(LOSSES, st.sampled_from([0, 1, 5, 20, 50, 100]))
def test_generalisation_loss_is_prechelts(losses: list[float], alpha: int) -> None:
    ref = []
    for epoch in range(1, len(losses) + 1):
        lowest = min(Fraction(loss) for loss in losses[:epoch])
        ref.append(100 * (Fraction(losses[epoch - 1]) / lowest - 1) > alpha)
    assert stopped("generalisation_loss", losses, alpha=float(alpha)) == ref


def test_generalisation_loss_above_a_lowest_loss_of_0() -> None:
    assert stopped("generalisation_loss", [1, 0, 0, 1e-9]) == [False, False, False, True]


def test_generalisation_loss_compares_with_the_lowest_not_with_the_last() -> None:
    assert stopped("generalisation_loss", [1.0, 1.02, 1.04, 1.06], alpha=5.0) == [False, False, False, True]


def up(losses: list[float], epoch: int, rises: int, strip: int) -> bool:
    """Prechelt's UP_s after an epoch counted from 1, literally."""
    if epoch % strip or epoch - strip < 1:
        return False
    rose = losses[epoch - 1] > losses[epoch - strip - 1]
    return rose and (rises == 1 or up(losses, epoch - strip, rises - 1, strip))


@EXAMPLES
@given(LOSSES, st.integers(1, 4), st.integers(1, 5))
def test_successive_rises_are_prechelts(losses: list[float], rises: int, strip: int) -> None:
    ref = [up(losses, epoch, rises, strip) for epoch in range(1, len(losses) + 1)]
    assert stopped("successive_rises", losses, rises=rises, strip=strip) == ref


@pytest.mark.parametrize(("rises", "strip"), [(1, 1), (3, 5), (4, 2)])
def test_successive_rises_stop_a_loss_that_always_rises_at_once(rises: int, strip: int) -> None:
    losses = [1 + epoch / 100 for epoch in range(40)]
    assert stopped("successive_rises", losses, rises=rises, strip=strip).index(True) + 1 == (rises + 1) * strip


@EXAMPLES
@given(LOSSES, st.integers(1, 12).map(lambda number: number / 8))
def test_target_loss_is_reached_at_or_below(losses: list[float], target: float) -> None:
    assert stopped("target_loss", losses, loss=target, of="validation") == [loss <= target for loss in losses]
    assert stopped("target_loss", losses, loss=target, of="train") == [loss / 2 <= target for loss in losses]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("container", [list, tuple])
def test_a_decision_does_not_change_the_history(
    name: str, container: Callable[..., Sequence[dict[str, float]]]
) -> None:
    piece = registry.piece(PACKAGE, name)
    history = container({"train_loss": 1.0, "validation_loss": loss, "validation_accuracy": 0.5} for loss in (1.0, 2.0))
    before = [dict(metrics) for metrics in history]
    chosen = {key: parameter.default for key, parameter in piece.PARAMETERS.items()}
    assert piece.is_over(history, **chosen) is piece.is_over(history, **chosen)
    assert list(history) == before


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("patience", "patience", 0),
        ("patience", "minimum_improvement", -1),
        ("generalisation_loss", "alpha", -5),
        ("successive_rises", "rises", 0),
        ("successive_rises", "strip", 1.5),
        ("target_loss", "of", "test"),
        ("off", "restore_best", 1),
    ],
)
def test_bad_settings_are_named(name: str, key: str, value: float | str) -> None:
    with pytest.raises(ConfigurationError, match=rf"early_stopping\.{key}={value} is not allowed"):
        check_parameters("early_stopping", {key: value}, registry.piece(PACKAGE, name).PARAMETERS)


def test_the_best_epoch_goes_back_to_its_parameters() -> None:
    for keeps, expected in ((True, 2), (False, 3)):
        best, parameters, statistics = BestEpoch(keeps=keeps), np.zeros(3), np.zeros(1)
        for epoch, loss in enumerate([3.0, 1.0, 2.0], start=1):
            parameters[:] = statistics[:] = epoch
            best.update(epoch, loss, [parameters, statistics])
        best.restore([parameters, statistics])
        assert (best.epoch, best.loss) == (2, 1.0)
        assert [*parameters, *statistics] == [expected] * 4
