"""Philox against the known answers of its authors' library Random123 (kat_vectors, philox4x32 10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_cases import properties

from nnlab.kernels.philox import philox

ALL = 0xFFFFFFFF
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ALL, ALL, ALL, ALL), (ALL, ALL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
word = st.integers(0, ALL)


def compiled(counter: Sequence[int], key: Sequence[int]) -> tuple[int, ...]:
    return tuple(int(r) for r in philox(*(np.uint64(w) for w in (*counter, *key))))


@pytest.mark.parametrize("generator", [naive.philox, compiled])
@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(
    generator: Callable[..., tuple[int, ...]],
    counter: tuple[int, ...],
    key: tuple[int, ...],
    answer: tuple[int, ...],
) -> None:
    assert generator(counter, key) == answer


@properties
@given(st.tuples(word, word, word, word), st.tuples(word, word))
def test_any_counter_and_key(counter: tuple[int, ...], key: tuple[int, ...]) -> None:
    assert compiled(counter, key) == naive.philox(counter, key)
