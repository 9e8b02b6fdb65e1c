"""Notebooks run from top to bottom, show pictures, hold no logic, and lead to pages that exist."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from _pytest.mark import ParameterSet
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SECONDS = 240  # of one cell, which may have to compile
LONGEST = 8  # lines of a cell; imports and magic are not counted
LINK = re.compile(r"\]\(([^)#]+)")

MNIST, BUNDLED = "dataset=mnist", "dataset=digits"

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def python_of(cell: nbformat.NotebookNode) -> str:
    return "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))


def runs() -> Iterator[ParameterSet]:
    """Give every notebook; one that offers the bundled digits in the place of MNIST also with these."""
    for path in NOTEBOOKS:
        takes_mnist = any(MNIST in cell.source for cell in cells(path, "code"))
        is_missing = takes_mnist and "NNLAB_DATA" not in os.environ
        marks = [pytest.mark.skipif(is_missing, reason="NNLAB_DATA is not set")]
        yield pytest.param(path, MNIST, id=path.stem, marks=marks)
        if takes_mnist and any(BUNDLED in cell.source for cell in cells(path, "markdown")):
            yield pytest.param(path, BUNDLED, id=f"{path.stem}-{BUNDLED}")


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.slow
@pytest.mark.parametrize(("path", "images"), list(runs()))
def test_a_notebook_runs_shows_pictures_and_writes_nothing(
    path: Path, images: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("NNLAB_SPOOL", str(tmp_path / "spool"))
    work = tmp_path / "work"
    work.mkdir()
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(MNIST, images)
    where = {"metadata": {"path": str(work)}}
    NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources=where).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 3
    errors = [output.text for output in outputs if output.get("name") == "stderr"]
    assert not errors
    assert not list(work.iterdir())
    assert not (tmp_path / "spool").exists()


@every_notebook
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    nbformat.validate(nbformat.read(path, as_version=4))
    for cell in cells(path, "code"):
        assert cell.execution_count is None
        assert cell.outputs == []


@every_notebook
def test_cells_hold_no_logic_of_their_own(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    loops = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    forbidden = (*functions, *loops, ast.If, ast.IfExp, ast.Try)
    for cell in cells(path, "code"):
        tree = ast.parse(python_of(cell))
        assert not [node for node in ast.walk(tree) if isinstance(node, forbidden)], cell.source
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert len(python_of(cell).splitlines()) - len(imports) <= LONGEST, cell.source


@every_notebook
def test_links_lead_to_what_is_there(path: Path) -> None:
    links = [link for cell in cells(path, "markdown") for link in LINK.findall(cell.source)]
    own = [link for link in links if "://" not in link]
    assert any(link.startswith("../experiments/") for link in own)
    for link in own:
        assert (path.parent / link).exists(), link


@every_notebook
def test_the_last_cells_ask_the_reader(path: Path) -> None:
    question, answer = nbformat.read(path, as_version=4).cells[-2:]
    assert question.source.startswith("## Try it")
    assert "?" in question.source
    assert answer.cell_type == "code"
