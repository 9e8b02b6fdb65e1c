"""Walks down a landscape are those of the slow, obvious optimizers, and pictures show them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import naive
import numpy as np
import pytest

from nnlab import registry
from nnlab.errors import ConfigurationError
from nnlab.kernels import interfaces
from nnlab.landscapes import Landscape, Paths, descend, landscape, paths_figure

OPTIMIZERS = registry.pieces("nnlab.kernels.optimizer")
STEPS = 12
LANDSCAPES: dict[str, dict[str, Any]] = {
    "quadratic": {"curvatures": [0.5, 3.0]},
    "rosenbrock": {"steepness": 2.0},
    "double_well": {"deep": 2.0, "ridge": 0.25, "shallow": -1.0},
    "plateau": {"place": 1.5, "slope": 0.02},
}


def some_points(ground: Landscape, count: int = 7) -> np.ndarray:
    return np.random.default_rng(3).uniform(-2, 3, (count, ground.dimensions))


def walked(name: str, gradient: Any, start: Sequence[float], rates: Sequence[float], **changes: float) -> np.ndarray:
    """Return where a naive optimizer goes, one parameter after the other, (updates + 1, dimensions)."""
    rule = OPTIMIZERS[name]
    settings = [changes.get(key, parameter.default) for key, parameter in rule.PARAMETERS.items()]
    place, path = list(start), [list(start)]
    states = [[0.0] * rule.SLOTS for _ in place]
    for step, rate in enumerate(rates, start=1):
        slope = gradient(np.array(place))
        for i, state in enumerate(states):
            place[i], states[i] = naive.OPTIMIZERS[name](place[i], float(slope[i]), state, rate, step, settings)
        path.append(list(place))
    return np.array(path)


def test_all_landscapes_are_tested() -> None:
    assert set(LANDSCAPES) == set(registry.pieces("nnlab.landscapes"))


@pytest.mark.parametrize("settings", [{}, LANDSCAPES])
@pytest.mark.parametrize("name", LANDSCAPES)
def test_a_gradient_is_the_slope_and_vanishes_where_the_landscape_is_lowest(name: str, settings: Any) -> None:
    ground = landscape(name, **settings.get(name, {}))
    points, step = some_points(ground), 1e-6
    for i in range(ground.dimensions):
        aside = step * np.eye(ground.dimensions)[i]
        slopes = (ground.value(points + aside) - ground.value(points - aside)) / (2 * step)
        np.testing.assert_allclose(ground.gradient(points)[:, i], slopes, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(ground.gradient(ground.lowest), 0, atol=1e-12)
    assert ground.value(ground.lowest) == 0
    assert np.all(ground.value(some_points(ground, 1000)) >= 0)


def test_the_wells_and_the_plateau_are_where_they_are_said_to_be() -> None:
    well = landscape("double_well")
    assert list(well.gradient(np.array([[-1.5], [0.0], [1.0]])).ravel()) == [0, 0, 0]
    deep, ridge, shallow = well.value(np.array([[-1.5], [0.0], [1.0]]))
    assert (deep, ridge) == (0, pytest.approx(63 / 64))  # by hand: 81/64 - 4 * 27/24 + (15/4) * (9/8)
    assert shallow == pytest.approx(125 / 192)  # 625/64 - 4 * 125/24 + (15/4) * (25/8)
    assert landscape("plateau", place=3.0, slope=0.25).gradient(np.array([3.0])) == pytest.approx([0.25])


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("where", LANDSCAPES)
def test_each_optimizer_walks_as_its_reference_does(name: str, where: str) -> None:
    ground = landscape(where, **LANDSCAPES[where])
    starts = some_points(ground, 3)
    paths = descend(ground, [f"optimizer={name}", "learning_rate=0.02"], starts, STEPS)
    assert paths.points.shape == (STEPS + 1, 3, ground.dimensions)
    for k, start in enumerate(starts):
        ref = walked(name, ground.gradient, list(start), [0.02] * STEPS)
        np.testing.assert_allclose(paths.points[:, k], ref, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(paths.losses, ground.value(paths.points))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_are_taken_by_the_compiled_code_that_networks_use(name: str) -> None:
    update = OPTIMIZERS[name].update
    interfaces.UPDATES.address(update, "float64")
    compiled = list(update.signatures)
    descend(landscape("rosenbrock"), [f"optimizer={name}"], [[1, 2], [0, 1]], 2)
    assert update.signatures == compiled, "nothing else was compiled for this"


def test_settings_schedules_and_warm_up_are_those_of_training_with_updates_for_epochs() -> None:
    ground = landscape("double_well")
    overrides = ["optimizer=momentum", "optimizer.momentum=0.5", "learning_rate=0.1"]
    paths = descend(ground, [*overrides, "schedule=step", "schedule.every=3", "warm_up_epochs=2"], 2.0, 7)
    rates = [0.05, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001]
    np.testing.assert_allclose(
        paths.points[:, 0], walked("momentum", ground.gradient, [2.0], rates, momentum=0.5), rtol=1e-12
    )
    cosine = descend(ground, ["optimizer=sgd", "learning_rate=0.1", "schedule=cosine"], 2.0, 4)
    rates = [0.1 * (1 + np.cos(np.pi * t / 4)) / 2 for t in range(4)]
    np.testing.assert_allclose(cosine.points[:, 0], walked("sgd", ground.gradient, [2.0], rates), rtol=1e-12)


def test_a_momentum_schedule_changes_the_momentum() -> None:
    ground = landscape("quadratic", curvatures=[1.0])
    overrides = ["optimizer=momentum", "learning_rate=0.1", "momentum_schedule=linear"]
    schedule = ["momentum_schedule.start=0.3", "momentum_schedule.epochs=3", "optimizer.momentum=0.9"]
    paths = descend(ground, [*overrides, *schedule], 1.0, 3)
    w, v = 1.0, 0.0
    for place, momentum in zip(paths.points[1:, 0, 0], (0.3, 0.5, 0.7), strict=True):
        v = momentum * v + w
        w -= 0.1 * v
        assert place == pytest.approx(w)


@pytest.mark.parametrize(("where", "starts"), [("double_well", 2.0), ("double_well", [2.0]), ("rosenbrock", [-1.2, 1])])
def test_one_start_may_be_given_alone(where: str, starts: Any) -> None:
    ground = landscape(where)
    paths = descend(ground, ["optimizer=sgd"], starts, 1)
    assert paths.points.shape == (2, 1, ground.dimensions)
    assert list(paths.points[0, 0]) == list(np.atleast_1d(starts))


def test_noise_has_its_size_and_is_another_for_each_start_update_and_seed() -> None:
    ground = landscape("quadratic", curvatures=[1e-9, 1e-9])
    starts = np.zeros((500, 2))
    paths = descend(ground, ["optimizer=sgd", "learning_rate=1"], starts, 20, noise=0.5, seed=4)
    steps = np.diff(paths.points, axis=0)
    assert np.std(steps) == pytest.approx(0.5, rel=0.02)
    assert len(np.unique(steps.round(12))) == steps.size
    again, other = (descend(ground, ["optimizer=sgd", "learning_rate=1"], starts, 20, 0.5, seed) for seed in (4, 5))
    np.testing.assert_array_equal(again.points, paths.points)
    assert not np.any(other.points[1:] == paths.points[1:])


def test_a_path_that_diverges_leaves_the_others_as_they_are() -> None:
    ground = landscape("double_well")
    both = descend(ground, ["optimizer=sgd", "learning_rate=0.1"], [2.0, 9.0], 50)
    alone = descend(ground, ["optimizer=sgd", "learning_rate=0.1"], 2.0, 50)
    assert not np.isfinite(both.points[-1, 1])
    np.testing.assert_array_equal(both.points[:, :1], alone.points)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: landscape("doublewell"), "unknown landscape 'doublewell': did you mean double_well"),
        (lambda: landscape("plateau", slopes=1.0), "unknown key of plateau 'slopes'"),
        (lambda: landscape("plateau", slope=0.0), "plateau.slope=0.0 is not allowed"),
        (lambda: landscape("double_well", ridge=-1.0), "must lie between shallow=1 and deep=-1.5, nearer to shallow"),
        (lambda: landscape("double_well", deep=1.0), "must lie between shallow=1 and deep=1"),
        (lambda: walk(["epochs=3"]), "unknown key of a descent 'epochs'"),
        (lambda: walk("optimizer=sgd"), "overrides must be a list"),
        (lambda: walk(["optimizer=lbfgs"]), "unknown optimizer 'lbfgs'"),
        (lambda: walk(["optimizer=sgd", "momentum_schedule=linear"]), "needs an optimizer with a momentum"),
        (lambda: walk(["schedule=plateau"]), "no validation data"),
        (lambda: walk([], starts=[1, 2, 3]), "takes 2 numbers for each"),
        (lambda: walk([], starts=[]), "takes 2 numbers for each"),
        (lambda: walk([], starts=[1, np.nan]), "all numbers must be finite"),
        (lambda: walk([], starts=["here", "there"]), "must be numbers"),
        (lambda: walk([], updates=0), "updates=0 is not allowed"),
        (lambda: walk([], noise=-1.0), "noise=-1.0 is not allowed"),
        (lambda: walk([], seed=-1), "seed=-1 is not allowed"),
    ],
)
def test_what_is_not_allowed_is_said_in_one_line(call: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def walk(overrides: Any, starts: Any = (1.0, 2.0), updates: int = 2, **others: Any) -> Paths:
    return descend(landscape("quadratic"), overrides, starts, updates, **others)


def test_a_picture_of_two_parameters_has_contours_the_path_its_start_and_the_lowest_point() -> None:
    ground = landscape("quadratic")
    paths = {name: descend(ground, [f"optimizer={name}", "learning_rate=0.1"], [-7, 2], 30) for name in ("sgd", "adam")}
    figure = paths_figure(paths)
    for axes, (title, path) in zip(figure.axes, paths.items(), strict=True):
        lowest, steps, start = axes.lines
        np.testing.assert_array_equal(lowest.get_xydata(), [[0, 0]])
        np.testing.assert_array_equal(steps.get_xydata(), path.points[:, 0])
        np.testing.assert_array_equal(start.get_xydata(), [[-7, 2]])
        assert axes.get_title(loc="left") == title
        [contours] = axes.collections
        for line, level in zip(contours.get_paths(), contours.levels, strict=True):
            np.testing.assert_allclose(ground.value(line.vertices), level, rtol=0.05)
        x, y, loss = *path.points[-1, 0], path.losses[-1, 0]
        assert axes.texts[0].get_text() == f"30 steps, to (x, y) = ({x:.3g}, {y:.3g}), loss = {loss:.3g}"


@pytest.mark.parametrize("start", [(1, 30), (30, 1)])
def test_both_axes_can_have_the_same_scale_and_show_the_whole_path(start: tuple[float, float]) -> None:
    bowl = landscape("quadratic", curvatures=[2, 2])
    path = descend(bowl, ["optimizer=sgd", "learning_rate=0.9"], start, 10)
    figure = paths_figure({"": path}, equal_scales=True)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    left, bottom, right, top = axes.viewLim.extents
    width, height = axes.bbox.width / (right - left), axes.bbox.height / (top - bottom)
    assert width == pytest.approx(height)  # pixels for each unit
    x, y = path.points[:, 0].T
    assert left < x.min() < x.max() < right
    assert bottom < y.min() < y.max() < top


def test_a_path_that_diverges_does_not_push_the_others_out_of_sight() -> None:
    ground = landscape("quadratic")
    paths = {rate: descend(ground, ["optimizer=sgd", f"learning_rate={rate}"], [-7, 2], 800) for rate in ("0.1", "99")}
    for axes in paths_figure(paths).axes:
        low, high = axes.get_xlim()
        assert -10 < low < -7 < 0 < high < 2


@pytest.mark.parametrize("rate", [3, 1e200])
def test_a_path_that_diverges_alone_is_drawn_too(rate: float) -> None:
    ground = landscape("quadratic")
    figure = paths_figure({"": descend(ground, ["optimizer=sgd", f"learning_rate={rate}"], [-7, 2], 800)})
    figure.savefig(io.BytesIO())
    (low, high), (below, above) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    assert low < -7 < high
    assert below < 2 < above


def test_a_picture_of_one_parameter_has_the_curve_and_the_steps_on_it() -> None:
    ground = landscape("double_well")
    paths = descend(ground, ["optimizer=momentum"], [2.0, 2.5], 20)
    [axes] = paths_figure({"Momentum": paths}).axes
    curve, steps, start = axes.lines
    np.testing.assert_array_equal(curve.get_ydata(), ground.value(curve.get_xdata()[:, np.newaxis]))
    np.testing.assert_array_equal(steps.get_xydata(), np.stack([paths.points[:, 0, 0], paths.losses[:, 0]], axis=1))
    np.testing.assert_array_equal(start.get_xdata(), [2.0])
    assert axes.get_ylim()[1] == pytest.approx(1.15 * paths.losses[:, 0].max())


def test_what_cannot_be_one_picture_is_refused() -> None:
    flat = descend(landscape("plateau"), [], 3.0, 1)
    with pytest.raises(ConfigurationError, match="on one landscape"):
        paths_figure({"a": flat, "b": descend(landscape("plateau", slope=0.1), [], 3.0, 1)})
    with pytest.raises(ConfigurationError, match="quadratic has 3"):
        paths_figure({"": descend(landscape("quadratic", curvatures=[1, 1, 1]), [], np.ones(3), 1)})
