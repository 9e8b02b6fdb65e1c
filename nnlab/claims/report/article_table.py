"""The table of what the articles say, line by line: the section of a notebook, and the claims with their verdicts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from nnlab.claims.claim import Claim
from nnlab.claims.page import page_folder
from nnlab.claims.reading import claim_ids, read_claim
from nnlab.claims.report.markdown import verdict_words
from nnlab.claims.results_file import NO_VERDICT
from nnlab.claims.running import standing_results
from nnlab.files import path_from

_HEADERS = ("line", "what it is about", "claims")
_HEADING = re.compile(r"^## ([A-Z]\d+)\. (.+)$", re.MULTILINE)  # of a section: ## A1. Forward, loss, backward, update
_LINE = re.compile(r"[A-Z]\d+")


def article_table(claims: Path, notebooks: Path, budget: str) -> str:
    """Return the table in Markdown, for a page in the folder of the notebooks."""
    return "\n".join(_lines(claims, notebooks, budget))


def sections_of(notebook: Path) -> dict[str, str]:
    """Return the headings of a notebook's sections, by the lines of the article that they are about."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return dict(_HEADING.findall("\n".join(texts)))


def claims_by_line(claims: Path) -> dict[str, list[Claim]]:
    """Return the claims of a folder by the lines of articles that they name as their source."""
    found: dict[str, list[Claim]] = {}
    for name in claim_ids(claims):
        claim = read_claim(claims / name)
        for line in _LINE.findall(claim.source.get("article", "")):
            found.setdefault(line, []).append(claim)
    return found


def _lines(folder: Path, notebooks: Path, budget: str) -> Iterator[str]:
    claims = claims_by_line(folder)
    titles = {
        line: f"[{title}]({notebook.name})"
        for notebook in sorted(notebooks.glob("*.ipynb"))
        for line, title in sections_of(notebook).items()
    }
    yield f"| {' | '.join(_HEADERS)} |"
    yield f"|{' --- |' * len(_HEADERS)}"
    for line in sorted({*titles, *claims}, key=lambda each: (each[0], int(each[1:]))):
        named = ", ".join(_named(claim, budget, notebooks) for claim in claims.get(line, []))
        yield f"| {line} | {titles.get(line, '')} | {named} |"


def _named(claim: Claim, name: str, beside: Path) -> str:
    """Return a claim that leads to its page, and its verdict."""
    results = standing_results(claim, name)
    if results is None:
        return f"{claim.id}: {NO_VERDICT}"
    page = path_from(beside, page_folder(claim, claim.budgets[name]))
    return f"[{claim.id}]({page}): {verdict_words(results.verdict, results)}"
