"""Initial weights, one file each; the name of the file is the name in the configuration.

A piece offers ``PARAMETERS``, the settings of all pieces (``_common.COMMON``: scale and bias) among them, and
``weights(generator, inputs, units, **own_settings)``, which returns the initial weights (inputs, units) of one layer in
float64; for maxout, units counts all pieces. It knows nothing of scale and bias: `initial_layer` sees to these. A piece
that needs examples as well (lsuv) also offers ``adjust``, to be called once all layers have their weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlab import registry
from nnlab.checks import check_parameters


def initial_layer(
    name: str, generator: np.random.Generator, inputs: int, units: int, **settings: Any
) -> tuple[np.ndarray, float]:
    """Draw one layer.

    Args:
        name: of the initialisation.
        generator: decides the weights.
        inputs: how many values go into the layer.
        units: how many come out; for maxout, all pieces.
        settings: of the initialisation, scale and bias included; defaults stand for those that are not given.

    Returns:
        The weights (inputs, units) in float64, and the value of all biases.

    Raises:
        ConfigurationError: no such initialisation, or a setting that it does not have or allow.
    """
    chosen = registry.piece(__name__, name)
    own = check_parameters(f"initialisation={name}", settings, chosen.PARAMETERS)
    scale, bias = own.pop("scale"), own.pop("bias")
    return scale * chosen.weights(generator, inputs, units, **own), bias
