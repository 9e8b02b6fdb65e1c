"""Numbers of a trace as text."""

from __future__ import annotations

from collections.abc import Iterable

_NEARLY_0 = 1e-30


def text_of(value: float, digits: int, *, keep_zeros: bool = False) -> str:
    """Return a number with so many digits that matter, without a sign before 0; "~0" where rounding leaves hardly any.

    By hand, a loss that is the square of a rounding error is 0.

    Args:
        value: the number.
        digits: how many.
        keep_zeros: those at the end, too, so that numbers side by side are equally exact to the eye.
    """
    if 0 < abs(value) < _NEARLY_0:
        return "~0"
    return f"{float(f'{value:.{digits}g}') + 0.0:{'#' if keep_zeros else ''}.{digits}g}"


def list_text(values: Iterable[float], digits: int) -> str:
    """Return numbers as a list, one alone without brackets."""
    texts = [text_of(value, digits) for value in values]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
