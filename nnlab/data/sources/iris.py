"""Fisher's iris flowers, as bundled with scikit-learn.

Source: Fisher 1936, with measurements of Anderson 1935; through scikit-learn's load_iris.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._scikit_learn import classes

PARAMETERS: dict[str, Parameter] = {}
COMMON = common_parameters(CLASSIFICATION)


def load() -> Dataset:
    """Return 150 flowers as inputs (150, 4) in centimetres, in 3 classes."""
    return classes("iris")
