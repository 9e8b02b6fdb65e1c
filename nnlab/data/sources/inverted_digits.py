"""Handwritten digits, some of them inverted: two attributes, of which one combination is rare in training.

The rare combination is an inverted 7. The official test split has all combinations equally often: each of its digits
as it is and inverted.

Source: the digits of scikit-learn's load_digits; that some combination of attributes is rare, as in the data on which
Sagawa et al. 2020 train, Distributionally robust neural networks for group shifts.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, whole
from nnlab.data.common import common_parameters, official_test
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._attributes import HEADS
from nnlab.data.sources._inverted import inverted_images
from nnlab.data.sources._scikit_learn import classes

PARAMETERS = {
    "rare": Parameter(4, whole(1, 30)),  # inverted sevens outside the test split; without limit there would be about 60
    "heads": HEADS,
    "seed": Parameter(0, whole(0, 2**32 - 1)),
}
COMMON = common_parameters(CLASSIFICATION, scaling="maximum", test=official_test())

_RARE_DIGIT = 7
_BRIGHTEST = 16
_TESTED = 600  # digits, each of them twice


def load(rare: int, heads: str, seed: int) -> Dataset:
    """Return digits as inputs (examples, 64) from 0 to 16, the last 1,200 of them the official test split.

    Outside the test split each digit is there once, inverted with probability 1/2; inverted sevens but for `rare` of
    them are left out. Targets: heads for the digit and for whether it is inverted, or one class per combination.
    """
    digits, generator = classes("digits"), np.random.default_rng(seed)
    tested, others = np.split(generator.permutation(len(digits.inputs)), [_TESTED])
    is_inverted = generator.permutation(len(others)) % 2 == 1
    labels = digits.targets.argmax(axis=1)
    is_rare = is_inverted & (labels[others] == _RARE_DIGIT)
    kept = ~is_rare | (np.cumsum(is_rare) <= rare)
    rows = np.concatenate([others[kept], tested, tested])
    inverted = np.concatenate([is_inverted[kept], np.zeros(_TESTED, bool), np.ones(_TESTED, bool)])
    return inverted_images(
        "inverted_digits",
        digits,
        {"digit": labels[rows]},
        rows,
        inverted,
        brightest=_BRIGHTEST,
        heads=heads,
        official_test=2 * _TESTED,
    )
