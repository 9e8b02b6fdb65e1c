"""On what a comparison ran: processor, cores, versions and date."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("nnlab", "numba", "numpy", "torch", "jax", "scikit-learn")


def describe() -> dict[str, str]:
    """Return what identifies the machine and the software, in words."""
    found = {package: _version(package) for package in PACKAGES}
    versions = [f"{package} {number}" for package, number in found.items() if number]
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": f"{_processor()}, {_cores()} cores",
        "versions": ", ".join([f"Python {platform.python_version()}", *versions]),
    }


def text() -> str:
    """Return the same in a line each."""
    return "\n".join(f"{key}: {value}" for key, value in describe().items())


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text().splitlines() if listing.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def _cores() -> int:
    """Return the cores this process may use, which in a container may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
