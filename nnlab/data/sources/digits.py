"""Handwritten digits of 8 x 8 pixels, as bundled with scikit-learn.

Source: Alpaydin and Kaynak 1998, UCI; through scikit-learn's load_digits.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._scikit_learn import classes

PARAMETERS: dict[str, Parameter] = {}
COMMON = common_parameters(CLASSIFICATION, scaling="maximum")


def load() -> Dataset:
    """Return 1,797 images as inputs (1797, 64) from 0 to 16, in 10 classes."""
    return classes("digits")
