"""nnlab: statements about fully connected neural networks, made testable.

import nnlab

result = nnlab.train(["dataset=moons", "activation=tanh", "seeds=10"])
result.summary                      # a pandas frame, a row per seed
result.history                      # a row per seed and epoch
result.network(seed=0).predict([[0.5, 0.0]])
nnlab.untrained_network(["depth=4"]).weights
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnlab.api import train, untrained_network
    from nnlab.network import Network

__all__ = ["Network", "train", "untrained_network"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `import nnlab` and the command line start at once."""
    if name == "Network":
        from nnlab.network import Network  # noqa: PLC0415

        return Network
    if name in __all__:
        from nnlab import api  # noqa: PLC0415

        return getattr(api, name)
    raise AttributeError(f"module 'nnlab' has no attribute '{name}'")
