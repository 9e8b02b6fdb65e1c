"""Growth of a landscape in all directions is that of its gradient, and the picture shows both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnlab.errors import ConfigurationError
from nnlab.landscapes import growth_figure, growth_of, landscape

BOWL = landscape("quadratic", curvatures=[2, 2])  # x^2 + y^2
VALLEY = landscape("quadratic", curvatures=[1, 4])


def test_growth_in_a_direction_is_the_gradient_times_that_direction() -> None:
    degrees, rates = growth_of(VALLEY, (2, -1))
    angles = np.radians(degrees)
    np.testing.assert_allclose(rates, 2 * np.cos(angles) - 4 * np.sin(angles), atol=1e-3)  # by hand: (2, -4)


def test_growth_is_drawn_with_the_gradient_where_it_is_largest() -> None:
    axes, curve = growth_figure(BOWL, (1, 3)).axes
    growth, _, along, against = curve.lines
    degrees, rates = growth.get_data()
    assert degrees[np.argmax(rates)] == pytest.approx(along.get_xdata()[0], abs=0.5)
    assert degrees[np.argmin(rates)] == pytest.approx(against.get_xdata()[0], abs=0.5)
    assert along.get_xdata()[0] == pytest.approx(np.degrees(np.arctan(3)))  # 71.57
    assert rates.max() == pytest.approx(np.sqrt(40), abs=1e-3)  # the length of (2, 6)
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["gradient (2, 6), not to scale", "across: no growth", "(1, 3): height 10"]


def test_the_arrow_points_along_the_gradient_and_the_dashed_line_lies_across_it() -> None:
    axes = growth_figure(VALLEY, (2, -1)).axes[0]
    arrow = next(text for text in axes.texts if hasattr(text, "arrow_patch"))
    start, end = np.array(arrow.xyann), np.array(arrow.xy)
    np.testing.assert_allclose(start, [2, -1])
    np.testing.assert_allclose((end - start) / np.linalg.norm(end - start), np.array([1, -2]) / np.sqrt(5))
    dashed = next(line for line in axes.lines if line.get_linestyle() == "--")
    ends = dashed.get_xydata()
    assert (ends[1] - ends[0]) @ (end - start) == pytest.approx(0)
    np.testing.assert_allclose(ends.mean(axis=0), start)


def test_the_lines_of_the_map_are_where_the_landscape_has_their_height_and_one_goes_through_the_point() -> None:
    lines = growth_figure(VALLEY, (2, -1)).axes[0].collections[0]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        np.testing.assert_allclose(VALLEY.value(path.vertices), level, atol=0.02)
    assert 4 in lines.levels  # (4 + 4) / 2


@pytest.mark.parametrize(
    ("ground", "point", "message"),
    [
        (landscape("double_well"), (1, 3), "double_well has others"),
        (BOWL, (1, 2, 3), "a point of two"),
        (BOWL, (0, 0), "flat"),
    ],
)
def test_growth_that_cannot_be_drawn_is_refused(ground: Any, point: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        growth_figure(ground, point)
