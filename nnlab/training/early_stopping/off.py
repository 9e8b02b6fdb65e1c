"""Off: train all epochs; restore_best=true then goes back to the best of them.

Source: scikit-learn's MLPClassifier(early_stopping=False); restore_best: Goodfellow et al. 2016, algorithm 7.1.
"""

from __future__ import annotations

from nnlab.training.early_stopping._history import KEEP_LAST, History

PARAMETERS = {"restore_best": KEEP_LAST}


def is_over(history: History, *, restore_best: bool) -> bool:  # noqa: ARG001
    """Return False."""
    return False
