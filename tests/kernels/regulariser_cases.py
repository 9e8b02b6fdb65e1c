"""The regularisers that tests try, with settings, and what PyTorch does for each."""

from __future__ import annotations

from typing import Any

from pytorch_twin import PytorchTwin

# Small enough to act on each network of these tests, and large enough to leave something alone where that is possible.
SETTINGS = {
    "l1": 0.03,
    "l2": 0.2,
    "clip_global_norm": 0.4,
    "clip_norm": 0.1,
    "clip_value": 0.02,
    "weight_decay": 0.5,
    "max_norm": 0.9,
}


class PytorchRegulariser:
    """What PyTorch does for one regulariser: in its optimizer, in its loss, before its step or after it."""

    def __init__(self, name: str, twin: PytorchTwin) -> None:
        self.setting, self.torch, self.parameters = SETTINGS[name], twin.torch, twin.parameters
        depth = len(twin.architecture.layers)
        self.weights, self.biases = twin.parameters[:depth], twin.parameters[depth:]
        self.penalty = {"l1": self.absolute}.get(name, lambda: 0)
        self.before = {"clip_norm": self.clip_norm, "clip_value": self.clip_value, "clip_global_norm": self.clip}.get(
            name, lambda: None
        )
        self.after = {"max_norm": self.shorten}.get(name, lambda: None)

    def optimizer(self, name: str, rate: float) -> Any:
        decay = self.setting if name in ("l2", "weight_decay") else 0.0
        groups = [{"params": self.weights, "weight_decay": decay}, {"params": self.biases, "weight_decay": 0.0}]
        kind = self.torch.optim.AdamW if name == "weight_decay" else self.torch.optim.SGD
        return kind(groups, rate) if name == "weight_decay" else kind(groups, rate, momentum=0.9)

    def absolute(self) -> Any:
        return self.setting * sum(weights.abs().sum() for weights in self.weights)

    def clip(self) -> None:
        self.torch.nn.utils.clip_grad_norm_(self.parameters, self.setting)

    def clip_value(self) -> None:
        self.torch.nn.utils.clip_grad_value_(self.parameters, self.setting)

    def clip_norm(self) -> None:
        for parameter in self.parameters:  # TensorFlow's formula: PyTorch adds 1e-6 to the norm
            parameter.grad *= self.setting / max(self.setting, float(parameter.grad.norm()))

    def shorten(self) -> None:
        for weights in self.weights:  # the formula of the article: torch.renorm adds 1e-7 to the norm
            weights.data *= (self.setting / weights.data.norm(dim=0)).clamp(max=1)
