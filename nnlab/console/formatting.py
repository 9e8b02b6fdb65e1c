"""Numbers as people read them: accuracies in per cent, losses with four digits."""

from __future__ import annotations

import math

from nnlab.statistics import Interval

# Student's t does not know that a metric has bounds; an interval is shown within them.
_POSSIBLE = {"accuracy": (0.0, 1.0), "loss": (0.0, math.inf), "r2": (-math.inf, 1.0)}
_MINUTE, _HOUR = 60, 3600  # seconds


def metric_text(name: str, value: float) -> str:
    """Return one value of a metric as text, for example "97.42 %" or "0.1234"."""
    if not math.isfinite(value):
        return "-"
    return f"{100 * value:.2f} %" if name.endswith("accuracy") else f"{value:#.3g}".removesuffix(".")


def interval_text(name: str, interval: Interval) -> str:
    """Return a mean with its interval as text, for example "97.42 % [97.10, 97.74]"."""
    mean = metric_text(name, interval.mean)
    if not math.isfinite(interval.low):
        return mean
    lowest, highest = _POSSIBLE.get(name, (-math.inf, math.inf))
    bounds = (max(interval.low, lowest), min(interval.high, highest))
    low, high = (metric_text(name, bound).removesuffix(" %") for bound in bounds)
    return f"{mean} [{low}, {high}]"


def margin_text(name: str, interval: Interval) -> str:
    """Return a mean with half the width of its interval as text, for example "97.42 % ± 0.32"."""
    mean = metric_text(name, interval.mean)
    if not math.isfinite(interval.low):
        return mean
    return f"{mean} ± {metric_text(name, interval.high - interval.mean).removesuffix(' %')}"


def duration_text(seconds: float) -> str:
    """Return a duration in its two largest units, for example "0.4 s", "3 min 20 s" or "5 h 12 min"."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    large, small, unit = (_HOUR, _MINUTE, ("h", "min")) if seconds >= _HOUR else (_MINUTE, 1, ("min", "s"))
    rest = round(seconds / small) * small
    return f"{rest // large:.0f} {unit[0]} {rest % large / small:.0f} {unit[1]}"
