"""The settings that every initialisation has: scale and bias."""

from __future__ import annotations

from nnlab.checks import Parameter, number

COMMON = {
    "scale": Parameter(1.0, number(0)),  # factor of all weights
    "bias": Parameter(0.0, number()),  # initial value of all biases
}
