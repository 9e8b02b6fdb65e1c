"""Right answers: 1 for an example where, in every head, the largest output is the class of the largest target."""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point, kernel


@entry_point
def score(outputs, targets, heads):
    """Count the examples of a batch (batch, outputs) that are answered right."""
    right = 0.0
    for i in range(outputs.shape[0]):
        is_right = True
        for head in range(heads.size - 1):
            first, last = heads[head], heads[head + 1]
            is_right &= _place_of_largest(outputs, i, first, last) == _place_of_largest(targets, i, first, last)
        right += 1.0 if is_right else 0.0
    return right


@kernel
def _place_of_largest(table, row, first, last):
    """Return the first column, from `first` on, with the largest value; choices take the place of jumps."""
    top, place = table[row, first], first
    for k in range(first + 1, last):
        value = table[row, k]
        is_larger = value > top
        top = value if is_larger else top
        place = k if is_larger else place
    return place
