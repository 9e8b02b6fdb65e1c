"""What `python -m nnlab.run` does on digits, written with PyTorch, Hydra and MLflow in the usual way.

python train.py -m activation=relu,sigmoid
"""

from __future__ import annotations

import hydra
import mlflow
import numpy as np
import torch
from omegaconf import DictConfig, OmegaConf
from scipy import stats
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}
Examples = tuple[Tensor, Tensor]


@hydra.main(version_base="1.3", config_path="conf", config_name="config")
def main(config: DictConfig) -> None:
    """Train one configuration for each of its seeds and print its mean test accuracy with a 95% interval."""
    torch.set_num_threads(config.threads)
    mlflow.set_experiment(config.experiment)
    accuracies = [run_seed(config, seed) for seed in range(config.seeds)]
    mean = float(np.mean(accuracies))
    low, high = stats.t.interval(0.95, len(accuracies) - 1, loc=mean, scale=stats.sem(accuracies))
    print(f"{config.activation}: {100 * mean:.2f} % [{100 * low:.2f}, {100 * high:.2f}] test accuracy")


def run_seed(config: DictConfig, seed: int) -> float:
    """Train and record one seed; return its test accuracy."""
    torch.manual_seed(seed)
    train, validation, test = load_splits(config, seed)
    model = make_model(config, inputs=64, outputs=10)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    loader = DataLoader(TensorDataset(*train), batch_size=config.batch_size, shuffle=True)
    with mlflow.start_run(run_name=f"{config.activation} seed {seed}"):
        mlflow.log_params({**OmegaConf.to_container(config), "seed": seed})
        for epoch in range(1, config.epochs + 1):
            metrics = {**train_epoch(model, optimizer, loader), **evaluate(model, validation, "validation")}
            mlflow.log_metrics(metrics, step=epoch)
        final = {**evaluate(model, train, "final_train"), **evaluate(model, test, "test")}
        mlflow.log_metrics(final)
    return final["test_accuracy"]


def load_splits(config: DictConfig, seed: int) -> tuple[Examples, Examples, Examples]:
    """Return training, validation and test examples, stratified; pixels from 0 to 1."""
    inputs, labels = load_digits(return_X_y=True)
    inputs = (inputs / 16).astype(np.float32)
    held_out = config.validation + config.test
    train_x, rest_x, train_y, rest_y = train_test_split(
        inputs, labels, test_size=held_out, stratify=labels, random_state=seed
    )
    validation_x, test_x, validation_y, test_y = train_test_split(
        rest_x, rest_y, test_size=config.test / held_out, stratify=rest_y, random_state=seed
    )
    return tensors(train_x, train_y), tensors(validation_x, validation_y), tensors(test_x, test_y)


def tensors(inputs: np.ndarray, labels: np.ndarray) -> Examples:
    """Return the examples as PyTorch wants them."""
    return torch.from_numpy(inputs), torch.from_numpy(labels)


def make_model(config: DictConfig, inputs: int, outputs: int) -> nn.Sequential:
    """Return a multilayer perceptron with He's initial weights, as nnlab's default."""
    layers: list[nn.Module] = []
    for _ in range(config.depth):
        layers += [nn.Linear(inputs, config.width), ACTIVATIONS[config.activation]()]
        inputs = config.width
    model = nn.Sequential(*layers, nn.Linear(inputs, outputs))
    for layer in model:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    return model


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer, loader: DataLoader[Examples]) -> dict[str, float]:
    """Train one epoch; return the running means of loss and accuracy."""
    model.train()
    loss_sum, correct, examples = 0.0, 0, 0
    for inputs, labels in loader:
        optimizer.zero_grad()
        logits = model(inputs)
        loss = functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(labels)
        correct += int((logits.argmax(dim=1) == labels).sum())
        examples += len(labels)
    return {"train_loss": loss_sum / examples, "train_accuracy": correct / examples}


@torch.no_grad()
def evaluate(model: nn.Module, examples: Examples, name: str) -> dict[str, float]:
    """Return loss and accuracy on all examples of a split."""
    model.eval()
    inputs, labels = examples
    logits = model(inputs)
    accuracy = (logits.argmax(dim=1) == labels).float().mean().item()
    return {f"{name}_loss": functional.cross_entropy(logits, labels).item(), f"{name}_accuracy": accuracy}


if __name__ == "__main__":
    main()
