"""A single maxout unit, fitted to convex functions and to one that is not: its error, its pieces, what it cannot be."""

import numpy as np

from nnlab.approximation.envelope import pieces_of
from nnlab.approximation.fitting import best_fit
from nnlab.approximation.networks import maxout_unit
from nnlab.approximation.targets import Target, target_of

LINES = 4  # pieces of the convex function that is drawn anew for each seed
ROUNDING = 1e-12
BETWEEN_POINTS = 1e-5  # by which an error may be larger between the points where it is measured


def measure(overrides: list[str], seed: int, *, target: str, elements: int, starts: int) -> dict[str, float]:  # noqa: ARG001
    """Return what became of the best of several fits.

    largest_error: the largest |unit - target| on [-1, 1].
    pieces: of which the unit is made there, counted exactly.
    broken_rules: how many of three it breaks, none of which a maxout unit can: to have no more pieces than elements, to
    lie nowhere above a chord, to be no nearer to the target than `least`.
    """
    function = drawn_lines(np.random.default_rng([seed, 0])) if target == "lines" else target_of(target)
    unit = maxout_unit(elements)
    error = best_fit(unit, function, np.random.default_rng([seed, 1]), starts)
    pieces = len(pieces_of(unit))
    broken = (
        pieces > elements,
        above_chords(unit.predict(function.finer_points)[:, 0]) > ROUNDING,
        least(target, elements) - error > BETWEEN_POINTS,
    )
    return {"largest_error": error, "pieces": pieces, "broken_rules": sum(broken)}


def above_chords(heights: np.ndarray) -> float:
    """Return how far a curve is above the middle of the chord between the neighbours of a point, at most, (points,)."""
    return float((heights[1:-1] - (heights[:-2] + heights[2:]) / 2).max())


def drawn_lines(generator: np.random.Generator) -> Target:
    """Return four convex lines: bends near -1/2, 0 and 1/2, at each of which the slope grows by 0.5 to 1.5."""
    bends = np.array([-0.5, 0, 0.5]) + generator.uniform(-0.15, 0.15, LINES - 1)
    slope, growth = generator.uniform(-2, 0), generator.uniform(0.5, 1.5, LINES - 1)
    return Target("lines", 1, lambda x: slope * x[:, 0] + np.maximum(x - bends, 0) @ growth)


def least(target: str, elements: int) -> float:
    """Return a bound: no convex function of so many straight pieces has a smaller largest error on the target.

    x²: one of k pieces is at least w = 2/k wide, and the best line on such an interval is w²/8 off: 1 / (2 k²).
    sin πx: a line from its end at x = 1 touches it at x = -s/π, with tan s = s + π. A convex function cannot follow the
    sine above that chord, and is off by at least half of the largest distance, which is 2 (sin s - s cos s).
    """
    if target == "parabola":
        return 1 / (2 * elements**2)
    if target == "sine":
        s = tangent_place()
        return float(np.sin(s) - s * np.cos(s))
    return 0.0


def tangent_place() -> float:
    """Return s in (0, π/2) with tan s = s + π."""
    from scipy.optimize import brentq  # noqa: PLC0415

    return float(brentq(lambda s: np.tan(s) - s - np.pi, 1, 1.5))
