"""Right answers: 1 for an example where, in every head, the largest output is the class of the largest target."""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point, inlined


@entry_point
def score(outputs, targets, heads, scores):
    """Write 1 for each example of a batch (batch, outputs) that is answered right, else 0."""
    for i in range(outputs.shape[0]):
        is_right = True
        for head in range(heads.size - 1):
            first, last = heads[head], heads[head + 1]
            is_right &= _place_of_largest(outputs, i, first, last) == _place_of_largest(targets, i, first, last)
        scores[i] = 1.0 if is_right else 0.0


@inlined
def _place_of_largest(table, row, first, last):
    """Return the first column, from `first` on, with the largest value; choices take the place of jumps."""
    top, place = table[row, first], first
    for k in range(first + 1, last):
        value = table[row, k]
        is_larger = value > top
        top = value if is_larger else top
        place = k if is_larger else place
    return place
