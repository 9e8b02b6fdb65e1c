"""The protocol of a claim: what is fixed before the first result, and how it is known by."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Protocol:
    """What was to be done, as it was written down before the first result.

    Attributes:
        hash: of claim.yaml with this budget alone, and of study.py; whether a published number is a bound is left out,
            as that changes neither what is measured nor the verdict.
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
        hash=hashlib.sha256(
            json.dumps([_without_bounds(content), study], sort_keys=True, default=str).encode()
        ).hexdigest()[:_DIGITS],
        text=yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100),
        study=study,
        commit=_commit(claim),
        written=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _without_bounds(content: dict[str, Any]) -> dict[str, Any]:
    if "published" not in content:
        return content
    numbers = [{key: value for key, value in each.items() if key != "bound"} for each in content["published"]]
    return {**content, "published": numbers}


def _commit(claim: Claim) -> str:
    """Return the commit of the protocol and of the code that it is carried out with, not of other claims' results."""
    sources = [Path(__file__).parents[1], conf_folder()]
    return tracking.commit_of(claim.folder / "claim.yaml", claim.folder / "study.py", *sources)
