"""The Wisconsin diagnostic breast cancer data, as bundled with scikit-learn.

Source: Street, Wolberg and Mangasarian 1993, UCI; through scikit-learn's load_breast_cancer.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._scikit_learn import classes

PARAMETERS: dict[str, Parameter] = {}
COMMON = common_parameters(CLASSIFICATION)


def load() -> Dataset:
    """Return 569 tumours as inputs (569, 30), in 2 classes."""
    return classes("breast_cancer")
