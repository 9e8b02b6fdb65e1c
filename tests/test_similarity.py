"""Which examples are similar and of different classes, or different and of one class, and how far apart."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.similarity import distances_of, partners_of, units_of

LINE = np.array([[0.0], [1.0], [3.0], [7.0]])
LABELS = np.array([0, 0, 1, 1])


def test_partners_are_the_nearest_of_another_class_and_the_farthest_of_the_own_one() -> None:
    partners = partners_of(distances_of(LINE), LABELS)
    assert partners.similar.tolist() == [2, 2, 1, 1]
    assert partners.different.tolist() == [1, 0, 3, 2]


def test_units_are_mean_distances_of_all_pairs_of_one_class_and_of_different_ones() -> None:
    units = units_of(distances_of(LINE), LABELS)
    assert units.within == pytest.approx((1 + 4) / 2)
    assert units.between == pytest.approx((3 + 7 + 2 + 6) / 4)
