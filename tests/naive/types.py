"""Matrices are lists of rows."""

from __future__ import annotations

Vector = list[float]
Matrix = list[Vector]
