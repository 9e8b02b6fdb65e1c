"""The sum of sigmoids is drawn as it is by hand."""

from __future__ import annotations

import numpy as np

from nnlab.figures.sigmoid_sum import sigmoid_sum_figure


def by_hand(z: np.ndarray, count: int) -> np.ndarray:
    return sum(1 / (1 + np.exp(-(z - place + 0.5))) for place in range(1, count + 1))


def test_a_panel_has_each_sigmoid_their_sum_and_relu() -> None:
    one, three = sigmoid_sum_figure((1, 3)).axes
    assert (one.get_title("left"), three.get_title("left")) == ("one sigmoid", "3 sigmoids")
    assert (len(one.lines), len(three.lines)) == (3, 5)
    total, relu = three.lines[-2:]
    z = total.get_xdata()
    np.testing.assert_allclose(total.get_ydata(), by_hand(z, 3))
    np.testing.assert_allclose(np.sum([line.get_ydata() for line in three.lines[:3]], axis=0), by_hand(z, 3))
    np.testing.assert_allclose(relu.get_ydata(), np.where(z > 0, z, 0))
