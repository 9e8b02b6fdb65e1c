"""Chemical analyses of Italian wines, as bundled with scikit-learn.

Source: Forina et al. 1988, UCI; through scikit-learn's load_wine.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._scikit_learn import classes

PARAMETERS: dict[str, Parameter] = {}
COMMON = common_parameters(CLASSIFICATION)


def load() -> Dataset:
    """Return 178 wines as inputs (178, 13), in 3 classes."""
    return classes("wine")
