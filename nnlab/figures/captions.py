"""What figures of steps say in words: short numbers, and where the steps end."""

from __future__ import annotations


def end_text(steps: int, names: str, place: str, loss: float) -> str:
    """Return where so many steps end, such as "10 steps, to b = 3, loss = 0.1"."""
    counted = "1 step" if steps == 1 else f"{steps} steps"
    return f"{counted}, to {names} = {place}, loss = {short(loss)}"


def place_text(x: float, y: float) -> str:
    """Return a pair of numbers, such as "(3, 0.1)"."""
    return f"({short(x)}, {short(y)})"


def short(value: float) -> str:
    """Return a number with three digits that matter, without a sign before 0."""
    return f"{float(f'{value:.3g}') + 0.0:.3g}"
