"""The largest relative error of each piece against PyTorch in float64, shown by `pytest tests/kernels --agreement`."""

from __future__ import annotations

from collections import defaultdict

LARGEST: dict[tuple[str, str], float] = defaultdict(float)


def note(error: float, **pieces: str) -> float:
    """Take note of an error in which some pieces had a part, by their kinds; return it."""
    for kind, name in pieces.items():
        LARGEST[kind, name] = max(LARGEST[kind, name], error)
    return error


def table() -> list[str]:
    """Return the lines of a Markdown table."""
    rows = [f"| {kind} | {name} | {error:.1e} |" for (kind, name), error in sorted(LARGEST.items())]
    return ["| kind | piece | largest relative error |", "| --- | --- | ---: |", *rows]
