"""Progression of diabetes after one year, as bundled with scikit-learn.

Source: Efron, Hastie, Johnstone and Tibshirani 2004; through scikit-learn's load_diabetes.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.data.common import common_parameters
from nnlab.data.dataset import REGRESSION, Dataset
from nnlab.data.sources._scikit_learn import values

PARAMETERS: dict[str, Parameter] = {}
COMMON = common_parameters(REGRESSION)


def load() -> Dataset:
    """Return 442 patients as inputs (442, 10) in their units, and one target from 25 to 346.

    scikit-learn's own scaling is left out: it was fitted to all rows, test rows included.
    """
    return values("diabetes", scaled=False)
