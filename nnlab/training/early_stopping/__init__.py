"""When to stop, one criterion a file; the name of the file is the name in the configuration.

A piece offers ``PARAMETERS`` and ``is_over(history, **settings)``, which tells after an epoch whether the training ends
with it; `history` has the metrics of all epochs so far, finite. The setting ``restore_best``, which all pieces have,
says whether training goes back to the parameters of the epoch with the lowest validation loss when it ends. A piece
holds no state: all follows from the history, so that a resumed training stops where it would have stopped.
"""

from __future__ import annotations

from nnlab.training.early_stopping._best_epoch import BestEpoch
from nnlab.training.early_stopping._history import History

__all__ = ["BestEpoch", "History"]
