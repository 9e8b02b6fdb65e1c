"""Documents in any of five topics at once, by how often each of twenty words occurs.

Source: scikit-learn's make_multilabel_classification.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import MULTILABEL, Dataset
from nnlab.data.sources._generated import parameters

PARAMETERS = parameters()
COMMON = common_parameters(MULTILABEL)

WORDS, TOPICS = 20, 5


def load(examples: int, seed: int) -> Dataset:
    """Return the counts and labels of scikit-learn's make_multilabel_classification.

    A document has 2 topics and 50 words on average; each topic has its own frequencies of words.
    """
    from sklearn.datasets import make_multilabel_classification  # noqa: PLC0415

    counts, labels = make_multilabel_classification(examples, WORDS, n_classes=TOPICS, n_labels=2, random_state=seed)
    return Dataset(
        name="multilabel",
        task=MULTILABEL,
        inputs=counts.astype(np.float64),
        targets=labels.astype(np.float32),
        feature_names=tuple(f"word_{word}" for word in range(WORDS)),
        class_names=tuple(f"topic_{topic}" for topic in range(TOPICS)),
        source="generated",
    )
