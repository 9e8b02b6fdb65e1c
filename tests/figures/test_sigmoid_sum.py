"""The sum of sigmoids is drawn as it is by hand."""

from __future__ import annotations

import numpy as np

from nnlab.figures.sigmoid_sum import sigmoid_sum_figure, sum_of_sigmoids

Z = np.linspace(-4, 6, 11)


def by_hand(z: np.ndarray, count: int) -> np.ndarray:
    return sum(1 / (1 + np.exp(-(z - place + 0.5))) for place in range(1, count + 1))


def test_the_network_is_the_sum() -> None:
    np.testing.assert_allclose(sum_of_sigmoids(4).predict(Z[:, None])[:, 0], by_hand(Z, 4))


def test_very_many_are_close_to_softplus() -> None:
    many = sum_of_sigmoids(200).predict(Z[:, None])[:, 0]
    np.testing.assert_allclose(many, np.log1p(np.exp(Z)), atol=0.012)


def test_a_panel_has_each_sigmoid_their_sum_and_relu() -> None:
    one, three = sigmoid_sum_figure((1, 3)).axes
    assert (one.get_title("left"), three.get_title("left")) == ("one sigmoid", "3 sigmoids")
    assert (len(one.lines), len(three.lines)) == (3, 5)
    total, relu = three.lines[-2:]
    z = total.get_xdata()
    np.testing.assert_allclose(total.get_ydata(), by_hand(z, 3))
    np.testing.assert_allclose(np.sum([line.get_ydata() for line in three.lines[:3]], axis=0), by_hand(z, 3))
    np.testing.assert_allclose(relu.get_ydata(), np.where(z > 0, z, 0))
