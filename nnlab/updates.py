"""From an optimizer and regularisers of the configuration to what kernels work with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

import numpy as np

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.kernels import interfaces, regularisation
from nnlab.kernels.structures import MEMORY, REGULARISER, Optimizer
from nnlab.table import aligned_zeros, setting_numbers

_OPTIMIZERS = "nnlab.kernels.optimizer"
_REGULARISERS = "nnlab.kernels.regularisation"


def optimizer_of(
    parameters: np.ndarray,
    optimizer: Piece,
    learning_rates: np.ndarray,
    momenta: np.ndarray | None = None,
    regularisers: Mapping[str, float | None] | None = None,
) -> Optimizer:
    """Return an optimizer at its start.

    Args:
        parameters: that it is to update, (parameters,).
        optimizer: its name and all its settings.
        learning_rates: (steps of an epoch,).
        momenta: (steps of an epoch,), for an optimizer that has one; None: as in the settings.
        regularisers: the setting of each piece of `nnlab.kernels.regularisation` that is on; None: it is off.

    Raises:
        ConfigurationError: no such optimizer, or no such regulariser.
    """
    rule, dtype = registry.piece(_OPTIMIZERS, optimizer.name), parameters.dtype.name
    size = parameters.size
    state = aligned_zeros(rule.SLOTS * size, parameters.dtype).reshape(rule.SLOTS, size)
    return Optimizer(
        update=interfaces.UPDATES.address(rule.update, dtype),
        settings=np.array(setting_numbers(rule, optimizer.settings), np.float64),
        state=state,
        memory=np.zeros(MEMORY),
        learning_rates=learning_rates,
        momenta=np.zeros(0) if momenta is None else momenta,
        momentum=_place(rule),
        before=_table(regularisers or {}, regularisation.BEFORE, dtype),
        after=_table(regularisers or {}, regularisation.AFTER, dtype),
    )


def momentum_key(optimizer: str) -> str | None:
    """Return the name of the momentum among an optimizer's settings, or None if it has none."""
    rules = registry.pieces(_OPTIMIZERS)
    return getattr(rules[optimizer], "MOMENTUM", None) if optimizer in rules else None


def _place(rule: ModuleType) -> int:
    """Return the place of the momentum among an optimizer's settings, 0 if it has none."""
    return list(rule.PARAMETERS).index(rule.MOMENTUM) if hasattr(rule, "MOMENTUM") else 0


def _table(settings: Mapping[str, float | None], stages: Sequence[str], dtype: str) -> np.recarray:
    """Return the regularisers of some stages, in the order in which they act."""
    pieces = {name: registry.piece(_REGULARISERS, name) for name in sorted(settings)}
    on = [(piece, settings[name]) for name, piece in pieces.items() if settings[name] is not None]
    chosen = [(piece, setting) for stage in stages for piece, setting in on if stage == piece.STAGE]
    table = interfaces.table(len(chosen), REGULARISER)
    for row, (piece, setting) in zip(table, chosen, strict=True):
        row.apply = interfaces.REGULARISERS.address(piece.apply, dtype)
        row.setting = setting
    return table
