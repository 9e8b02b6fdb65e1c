"""Lets tests import the cases and the helpers that lie beside them, and those of the kernels."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "kernels")]
