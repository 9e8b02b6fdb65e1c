"""The optimizers that tests try, with settings, and what PyTorch calls them."""

from __future__ import annotations

from typing import Any

OPTIMIZERS: dict[str, list[float]] = {
    "sgd": [0.1],
    "momentum": [0.05, 0.9],
    "nesterov": [0.05, 0.9],
    "adagrad": [0.05, 1e-10],
    "rmsprop": [0.01, 0.95, 1e-8],
    "adadelta": [1.0, 0.9, 1e-6],
    "adam": [0.01, 0.9, 0.999, 1e-8],
    "amsgrad": [0.01, 0.9, 0.8, 1e-8],  # second moments that soon fall again
    "radam": [0.01, 0.9, 0.95, 1e-8],  # trusts them from the sixth step on
    "adamw": [0.01, 0.9, 0.999, 1e-8, 0.1],
    "nadam": [0.01, 0.9, 0.99, 1e-8, 0.4],  # momenta that soon grow
    "lion": [0.01, 0.9, 0.99, 0.1],
}


def pytorch_optimizer(torch: Any, name: str, parameters: list[Any]) -> Any:
    """Return PyTorch's optimizer of the same name and settings; `torch` is the module."""
    rate, *others = OPTIMIZERS[name]
    if name in ("adam", "amsgrad"):
        return torch.optim.Adam(parameters, rate, tuple(others[:2]), others[2], amsgrad=name == "amsgrad")
    return {
        "sgd": lambda: torch.optim.SGD(parameters, rate),
        "momentum": lambda: torch.optim.SGD(parameters, rate, others[0]),
        "nesterov": lambda: torch.optim.SGD(parameters, rate, others[0], nesterov=True),
        "adagrad": lambda: torch.optim.Adagrad(parameters, rate, eps=others[0]),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, rate, *others),
        "adadelta": lambda: torch.optim.Adadelta(parameters, rate, *others),
        "radam": lambda: torch.optim.RAdam(parameters, rate, tuple(others[:2]), others[2]),
        "adamw": lambda: torch.optim.AdamW(parameters, rate, tuple(others[:2]), *others[2:]),
        "nadam": lambda: _nadam(torch, parameters, rate, *others),
        "lion": lambda: _Lion(parameters, rate, *others),
    }[name]()


def _nadam(
    torch: Any, parameters: list[Any], rate: float, beta1: float, beta2: float, epsilon: float, decay: float
) -> Any:
    """Return PyTorch's NAdam at its start, which by default multiplies its momenta in float32, with all in float64."""
    rule = torch.optim.NAdam(parameters, rate, (beta1, beta2), epsilon, momentum_decay=decay)
    for parameter in parameters:
        rule.state[parameter] = {
            "step": torch.tensor(0.0),
            "mu_product": torch.ones((), dtype=torch.float64),
            "exp_avg": torch.zeros_like(parameter),
            "exp_avg_sq": torch.zeros_like(parameter),
        }
    return rule


class _Lion:
    """Algorithm 2 of Chen et al. 2023, which PyTorch lacks."""

    def __init__(self, parameters: list[Any], rate: float, beta1: float, beta2: float, weight_decay: float) -> None:
        self.parameters, self.means = parameters, [0 * parameter.detach() for parameter in parameters]
        self.rate, self.beta1, self.beta2, self.weight_decay = rate, beta1, beta2, weight_decay

    def zero_grad(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None

    def step(self) -> None:
        for parameter, mean in zip(self.parameters, self.means, strict=True):
            direction = mean.lerp(parameter.grad, 1 - self.beta1).sign()
            parameter.data.add_(direction + self.weight_decay * parameter.data, alpha=-self.rate)
            mean.lerp_(parameter.grad, 1 - self.beta2)
