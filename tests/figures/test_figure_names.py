"""What draws a figure says so in its name, so that a reader of a call knows what comes back."""

from __future__ import annotations

import ast
from pathlib import Path

import nnlab

FOLDER = Path(nnlab.__file__).parent


def test_public_functions_that_return_a_figure_end_in_figure() -> None:
    functions = [
        node
        for path in FOLDER.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.returns is not None and not node.name.startswith("_")
    ]
    drawing = [each.name for each in functions if ast.unparse(each.returns).startswith("Figure")]  # type: ignore[arg-type]
    assert len(drawing) > 20
    assert [name for name in drawing if not name.endswith("_figure")] == []
