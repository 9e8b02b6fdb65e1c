"""What may be traced: numbers as a user writes them, and one clear line for what is not allowed."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.composition import composed, plain_values
from nnlab.errors import ConfigurationError
from nnlab.trace.settings import MOST_NODES, TraceSettings

TWO_LAYERS = ["trace.x=[[1,2]]", "trace.y=[[1,0]]", "trace.w=[[[1,2,3],[4,5,6]],[[1,2],[3,4],[5,6]]]"]
MAXOUT = ["activation=maxout", "trace.b=null"]

ERRORS = {
    ("trace.z=1",): "unknown key of trace 'z': known: b, digits, graphs, updates, w, x, y",
    ("epochs=3",): "unknown key 'epochs': known: activation,",
    ("+epochs=3",): "unknown key 'epochs': known: activation,",
    ("dataset=digits",): "dataset is no group of this command: --help lists its groups and keys",
    ("trace=neuron",): "unknown trace 'neuron'",
    ("trace.x=a",): "trace.x=a is not allowed: trace.x must be finite numbers: one, a list of some, or a list of rows",
    ("trace.x=[1,nan]",): "trace.x=nan is not allowed: trace.x must be finite numbers",
    ("trace.x=[]",): "trace.x=[] is not allowed: trace.x must be a number, a list of numbers, or a list of rows",
    ("trace.x=[[[1]]]",): "trace.x=[[[1]]] is not allowed: trace.x must be a number, a list of numbers, or a list of",
    ("trace.w=[[1,2],[3]]",): "trace.w=[[1, 2], [3]] is not allowed: trace.w must be a number, a list of numbers, or",
    ("trace.w=[[[[1]]]]",): "trace.w[0]=[[[1]]] is not allowed",
    ("trace.w=null",): "trace.w=null is not allowed: trace.w must be finite numbers",
    (
        "trace.w=[1,2]",
    ): "layer 1 must have a row of weights for each value that it takes, but has 2, and trace.x gives 1",
    ("trace.w=[[[1,2]],[1]]", "trace.b=null"): "layer 2 must have a row of weights for each value that it takes, but "
    "has 1, and layer 1 gives 2",
    (
        "trace.w=[[1,2]]",
        "trace.b=null",
    ): "trace.y is not allowed: it must have a column for each output, but has 1, and trace.w gives 2",
    ("trace.y=[1,2,3]",): "trace.y is not allowed: it must have a row for each example, but has 3, and trace.x has 2",
    (
        "trace.b=[1,2]",
    ): "trace.b=[1, 2] is not allowed: trace.b must be a number for each column of the layer's weights",
    (*TWO_LAYERS,): "trace.b=1 is not allowed: trace.b must be a list for 2 layers, as trace.w is, or null for zeros",
    (*TWO_LAYERS, "trace.b=[1,[1,2]]"): "trace.b[0]=1 is not allowed",
    (*TWO_LAYERS, *MAXOUT): "layer 1 must have 2 columns of weights for each unit of maxout, side by side, but has 3",
    (*TWO_LAYERS, "trace.b=null", "layer_activations={2: tanh}"): "layer_activations layer=2 is not allowed",
    ("trace.updates=0",): "trace.updates=0 is not allowed: trace.updates must be a whole number, at least 1",
    ("trace.graphs=-1",): "trace.graphs=-1 is not allowed",
    (
        "trace.digits=18",
    ): "trace.digits=18 is not allowed: trace.digits must be a whole number, at least 1 and at most 17",
    ("batch_size=3",): "batch_size=3 is not allowed: batch_size must be a whole number, at least 1 and at most 2",
    ("activation=relu",): "activation=relu is for hidden layers, but trace.w has one layer, which gives the outputs: "
    "use output_activation=relu",
    ("activation=rel",): "unknown activation 'rel': did you mean relu?",
    ("activation.slope=1",): "unknown key of activation 'slope'",
    ("output_activation=reluu",): "unknown activation 'reluu': did you mean relu?",
    ("loss=mse",): "unknown loss 'mse'",
    ("loss=auto",): "loss=auto is not allowed: loss must be the name of a loss",
    ("optimizer=lbfgs",): "unknown optimizer 'lbfgs': known: adadelta,",
    ("optimizer.momentum=1",): "unknown key of optimizer 'momentum'",
    ("learning_rate=0",): "learning_rate=0 is not allowed: learning_rate must be a finite number, above 0",
}


def settings_of(*overrides: str) -> TraceSettings:
    return TraceSettings.from_mapping(plain_values(composed(overrides, "trace")))


@pytest.mark.parametrize("overrides", ERRORS, ids=" ".join)
def test_what_is_not_allowed_is_said_in_one_line(overrides: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as error:
        settings_of(*overrides)
    assert ERRORS[overrides] in str(error.value)
    assert "\n" not in str(error.value)


def matrix(rows: int, columns: int) -> str:
    return str([[1.0] * columns] * rows).replace(" ", "")


@pytest.mark.parametrize(
    ("rows", "columns", "nodes"),
    # inputs, weights, products, biases, sums, targets, the loss
    [(17, 2, 17 + 34 + 3 * 2 + 2 + 1), (28, 1, 28 + 28 + 3 * 1 + 1 + 1), (9, 4, 9 + 36 + 3 * 4 + 4 + 1)],
)
def test_a_graph_has_at_most_60_nodes(rows: int, columns: int, nodes: int) -> None:
    own = [f"trace.x={matrix(1, rows)}", f"trace.w={matrix(rows, columns)}", f"trace.y={matrix(1, columns)}"]
    if nodes <= MOST_NODES:
        assert settings_of(*own, "trace.b=null").layers[0].units == columns
        return
    with pytest.raises(ConfigurationError, match=f"its graph has {nodes} nodes, and at most 60 are allowed"):
        settings_of(*own, "trace.b=null")


def test_the_nodes_that_are_counted_are_those_of_the_graph() -> None:
    from tiny_networks import layers_of
    from tiny_networks import settings_of as random_settings

    from nnlab.trace.building import graph_of
    from nnlab.trace.settings import nodes_of

    for activation in ("linear", "tanh", "prelu", "prelu_per_unit", "maxout3"):
        settings = random_settings(layers_of(activation))
        graph = graph_of(settings.layers, settings.loss, settings.inputs[0], settings.targets[0])
        assert len(graph.nodes) == len({node.name for node in graph.nodes}) == nodes_of(settings.layers)


@pytest.mark.parametrize(
    ("overrides", "x", "shapes"),
    [
        ((), [[2], [-1]], [(1, 1)]),
        (("trace.x=3", "trace.y=1"), [[3]], [(1, 1)]),
        (("trace.x=[[1,2]]", "trace.y=1", "trace.w=[3,4]"), [[1, 2]], [(2, 1)]),
        (("trace.x=[[1,2]]", "trace.y=1", "trace.w=[[3],[4]]"), [[1, 2]], [(2, 1)]),
        ((*TWO_LAYERS, "trace.b=null"), [[1, 2]], [(2, 3), (3, 2)]),
        (("trace.x=[[1,2]]", "trace.y=1", "trace.w=[[[1,0],[0,1]],[1,2],5]", "trace.b=[[1,2],3,4]"), [[1, 2]],
         [(2, 2), (2, 1), (1, 1)]),
    ],
    ids=str,
)  # fmt: skip
def test_numbers_may_be_written_alone_in_lists_and_in_lists_of_rows(
    overrides: tuple[str, ...], x: list[list[float]], shapes: list[tuple[int, int]]
) -> None:
    settings = settings_of(*overrides)
    assert settings.inputs.tolist() == x
    assert [layer.weights.shape for layer in settings.layers] == shapes
    assert [layer.biases.size for layer in settings.layers] == [columns for _, columns in shapes]


def test_activations_loss_and_optimizer_are_given_by_the_usual_keys() -> None:
    own = [*TWO_LAYERS, "trace.b=null", "activation=leaky_relu", "activation.slope=0.2", "output_activation=sigmoid"]
    settings = settings_of(*own, "loss=huber", "loss.delta=2", "optimizer=adam", "learning_rate=0.5")
    assert [layer.activation for layer in settings.layers] == [("leaky_relu", {"slope": 0.2}), ("sigmoid", {})]
    assert settings.loss == ("huber", {"delta": 2.0})
    assert settings.optimizer.name == "adam"
    assert settings.optimizer.settings["learning_rate"] == 0.5
    one_other = settings_of(*TWO_LAYERS, "trace.b=null", "layer_activations={1: tanh}")
    assert [layer.activation.name for layer in one_other.layers] == ["tanh", "linear"]


def test_updates_take_the_examples_in_their_order_over_and_over() -> None:
    own = ["trace.x=[1,2,3]", "trace.y=[1,2,3]"]
    assert [settings_of(*own).batch(n).tolist() for n in range(4)] == [[0], [1], [2], [0]]
    assert [settings_of(*own, "batch_size=2").batch(n).tolist() for n in range(3)] == [[0, 1], [2], [0, 1]]
    assert [settings_of(*own, f"batch_size={size}").updates for size in (1, 2, 3)] == [3, 2, 1]
    assert np.array_equal(settings_of(*own).inputs, [[1], [2], [3]])
