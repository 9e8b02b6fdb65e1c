"""One compiled function that selects, by an integer code, among the functions of a folder of pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlab.kernels.compilation import kernel
from nnlab.registry import pieces


def selector(package: str, function: str, arguments: str) -> Callable[..., Any]:
    """Return ``select(code, *arguments)``, which calls `function` of the piece with that code.

    An array of functions could be indexed instead, but Numba never caches functions that are values on disk. So a
    chain of ``if code == 0: return f0(...)`` is written out and compiled, as `collections.namedtuple` writes its
    classes; adding a piece is adding its file.
    """
    names = list(pieces(package))
    choices = "".join(f"    if code == {i}: return f{i}({arguments})\n" for i in range(len(names) - 1))
    source = f"def select(code, {arguments}):\n{choices}    return f{len(names) - 1}({arguments})\n"
    namespace = {f"f{i}": getattr(pieces(package)[name], function) for i, name in enumerate(names)}
    exec(source, namespace)  # noqa: S102
    select: Callable[..., Any] = namespace["select"]
    return kernel(select)
