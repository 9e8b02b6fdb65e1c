"""Small claims to judge, and folders of claims to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nnlab.claims.claim import Claim
from nnlab.claims.reading import read_claim

CONTENT: dict[str, Any] = {
    "statement": "Wrong labels raise the test error.",
    "source": {"paper": "none"},
    "base": ["dataset=digits", "width=16", "epochs=2"],
    "arms": {"clean": [], "wrong": ["label_noise=0.2"]},
    "varies": ["label_noise"],
    "metric": "test_error",
    "criteria": [{"kind": "difference", "larger": "wrong", "smaller": "clean", "sides": "one-sided"}],
    "budgets": {"smoke": {"seeds": 8}, "quick": {"seeds": 10}},
}


def write_claim(folder: Path, **changes: Any) -> Path:
    """Write a claim in a folder of its own, with some keys changed, or removed where they are None."""
    content = {key: value for key, value in (CONTENT | changes).items() if value is not None}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "claim.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return folder


def claim_with(folder: Path, **changes: Any) -> Claim:
    """Return a claim with some keys changed."""
    return read_claim(write_claim(folder / "changed", **changes))
