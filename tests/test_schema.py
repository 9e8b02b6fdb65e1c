"""What follows from several keys of a configuration."""

from __future__ import annotations

import pytest

from nnlab import data
from nnlab.composition import compose
from nnlab.design import architecture_of, completed
from nnlab.schema import Config


@pytest.mark.parametrize(
    ("overrides", "widths"),
    [
        ([], [128, 128]),
        (["depth=3", "width=7"], [7, 7, 7]),
        (["width=[5,6,7]"], [5, 6, 7]),
        (["width=[5,6]", "depth=2"], [5, 6]),
        (["depth=0"], []),
    ],
)
def test_depth_and_width_give_the_hidden_layers(overrides: list[str], widths: list[int]) -> None:
    config = compose(overrides)
    assert config.widths == widths
    assert config.depth == len(widths)


def test_the_learning_rate_comes_with_the_optimizer_unless_given() -> None:
    assert compose(["optimizer=sgd"]).learning_rate == 0.1
    assert compose(["optimizer=adam"]).learning_rate == 0.001
    assert compose(["optimizer=adam", "optimizer.learning_rate=0.5"]).learning_rate == 0.5
    given = compose(["optimizer=adam", "learning_rate=0.3"])
    assert given.learning_rate == given.optimizer["learning_rate"] == 0.3


def test_seeds_are_a_count_or_a_list() -> None:
    assert compose(["seeds=3"]).seeds == [0, 1, 2]
    assert compose(["seeds=[7,42]"]).seeds == [7, 42]


def test_layers_may_have_their_own_activation_with_its_settings() -> None:
    config = compose(["depth=3", "layer_activations={1: tanh, 3: {name: leaky_relu, slope: 0.2}}"])
    layers = architecture_of(config, data.load(config.dataset)).layers
    assert [layer.activation.name for layer in layers] == ["tanh", "relu", "leaky_relu", "linear"]
    assert layers[2].activation.settings == {"slope": 0.2}


def test_dropout_falls_on_inputs_and_hidden_units_separately() -> None:
    config = compose(["dropout=0.5", "input_dropout=0.2"])
    assert dropout_rates(config) == [0.2, 0.5, 0.5]
    assert dropout_rates(compose(["depth=0", "dropout=0.5", "input_dropout=0.2"])) == [0.2]
    assert dropout_rates(compose(["dropout=0.5"])) == [None, 0.5, 0.5]


def dropout_rates(config: Config) -> list[float | None]:
    layers = architecture_of(config, data.load(config.dataset)).layers
    return [next((noise.settings["rate"] for noise in layer.noise), None) for layer in layers]


def test_the_automatic_loss_fits_the_task() -> None:
    for name, loss in (("digits", "softmax_cross_entropy"), ("diabetes", "mean_squared_error")):
        config = compose([f"dataset={name}"])
        assert completed(config, data.load(config.dataset)).loss == {"name": loss}
