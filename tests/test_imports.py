"""Imports point one way: from the user's commands down to the kernels, never back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nnlab

PACKAGE = Path(nnlab.__file__).parent

# From bottom to top; a module may import from lines above its own, and from its own line.
LAYERS = [
    ["errors", "files", "similarity", "statistics"],
    ["checks"],
    ["registry"],
    ["kernels"],
    ["initialisation", "architecture"],
    ["plan"],
    ["connection"],
    ["stretches"],
    ["table", "network_data"],
    ["network", "data"],
    ["network_file"],
    ["schema", "updates"],
    ["design"],
    ["training"],
    ["approximation"],
    ["figures", "tracking"],
    ["console", "composition"],
    ["jobs"],
    ["api", "differentiation", "hydra_callback", "toolbox", "sweepers", "trace", "landscapes"],
    ["claims", "plugins"],
    ["run", "results", "reproduce"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
# Within one layer, packages that must not know each other.
FORBIDDEN_WORDS = {"kernels": ("hydra", "mlflow", "logging", "omegaconf"), "training": ("hydra", "mlflow", "rich")}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__")


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_names(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    own = part_of(path)
    assert own in RANK, f"{own} has no place in LAYERS"
    parts = {name.split(".")[1] for name in imported_names(path) if name.startswith("nnlab.")}
    upward = {part for part in parts if RANK[part] > RANK[own]}
    assert not upward, f"{own} imports {upward}, which lie above it"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_stays_within_its_subject(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported_names(path)}
    assert not roots & set(FORBIDDEN_WORDS.get(part_of(path), ()))
    if "mlflow" in roots:
        assert part_of(path) == "tracking", "only nnlab.tracking may import MLflow"
