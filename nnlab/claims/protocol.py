"""The protocol of a claim: what is fixed before the first result, and how it is known by."""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nnlab import tracking
from nnlab.claims.claim import Budget, Claim
from nnlab.composition import conf_folder

_DIGITS = 16
_MAY_BE_CORRECTED = ("source", "published")  # of claim.yaml: neither what is measured nor the verdict rests on them


@dataclass(frozen=True)
class Protocol:
    """What was to be done, as it was written down before the first result.

    Attributes:
        hash: of what measurements and verdict rest on: claim.yaml with this budget alone, without its sources and
            published numbers, and study.py without comments and docstrings.
        text: claim.yaml with this budget alone; of comments and layout nothing is kept.
        study: study.py, or "".
        commit: of git, with "+changes" where files differed from it, or "unknown".
        written: when, in UTC.
    """

    hash: str
    text: str
    study: str
    commit: str
    written: str

    def asks_the_same_as(self, other: Protocol) -> bool:
        """Tell whether measurements and verdict rest on the same, however it was hashed when it was written down."""
        import yaml  # noqa: PLC0415

        if (self.text, self.study) == (other.text, other.study):  # as nearly always: to parse YAML takes long
            return True
        ours, theirs = (_decisive(yaml.safe_load(each.text), each.study) for each in (self, other))
        return ours == theirs

    def difference(self, earlier: Protocol) -> str:
        """Return what has changed since an earlier protocol, as a unified diff."""
        return "\n".join(
            line
            for name, old, new in (
                ("claim.yaml", earlier.text, self.text),
                ("study.py", earlier.study, self.study),
            )
            for line in difflib.unified_diff(
                old.splitlines(), new.splitlines(), f"{name} (then)", f"{name} (now)", lineterm="", n=1
            )
        )


def protocol_of(claim: Claim, budget: Budget) -> Protocol:
    """Return the protocol as the claim's folder states it now."""
    import yaml  # noqa: PLC0415

    content: dict[str, Any] = {**claim.text, "budgets": {budget.name: claim.text["budgets"][budget.name]}}
    study = "" if claim.study is None else claim.study.read_text(encoding="utf-8")
    return Protocol(
        hash=hashlib.sha256(_decisive(content, study).encode()).hexdigest()[:_DIGITS],
        text=yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100),
        study=study,
        commit=_commit(claim),
        written=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _decisive(content: dict[str, Any], study: str) -> str:
    """Return what must not change: of claim.yaml all but what may be corrected, of study.py what is executed."""
    kept = {key: value for key, value in content.items() if key not in _MAY_BE_CORRECTED}
    return json.dumps([kept, _executed(study)], sort_keys=True, default=str)


def _executed(source: str) -> str:
    """Return a program without comments, layout and docstrings; one that is none, as it is."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def _commit(claim: Claim) -> str:
    """Return the commit of the protocol and of the code that it is carried out with, not of other claims' results."""
    sources = [Path(__file__).parents[1], conf_folder()]
    return tracking.commit_of(claim.folder / "claim.yaml", claim.folder / "study.py", *sources)
