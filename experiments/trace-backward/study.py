"""The backward pass of two layers by hand, and of deeper networks with random weights as a product of two passes."""

import math

import numpy as np

from nnlab.trace.graph import PARAMETER, Graph
from nnlab.trace.traced import traced

BY_HAND = [
    "trace.x=[[2,-1]]",
    "trace.y=1",
    "trace.w=[[[1,-1],[2,-2]],[2,4]]",
    f"trace.b=[[0,{math.log(3)!r}],-2]",
]


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return values and gradients of the network that is worked out by hand, and the largest gap of a random one."""
    graph = traced(["trace=two_layers", *BY_HAND, *overrides]).updates[0].graphs[0]
    return {
        "a_1": graph.node("a1[1]").value,
        "a_2": graph.node("a1[2]").value,
        "y_hat": graph.node("y_hat").value,
        "output_z": graph.node("m2").gradient,
        "output_w_1": graph.node("w2[1]").gradient,
        "output_w_2": graph.node("w2[2]").gradient,
        "inner_z_1": graph.node("z1[1]").gradient,
        "inner_z_2": graph.node("z1[2]").gradient,
        **{f"inner_w_{i}{j}": graph.node(f"w1[{i},{j}]").gradient for i in (1, 2) for j in (1, 2)},
        "largest_gap": largest_gap(random_graph(overrides, seed)),
    }


def random_graph(overrides: list[str], seed: int) -> Graph:
    """Return the graph of a network 2-2-2-1 with random numbers."""
    generator = np.random.default_rng(seed)
    sizes = [(2, 2), (2, 2), (2, 1)]
    weights = [generator.normal(size=size).tolist() for size in sizes]
    biases = [generator.normal(size=size[1]).tolist() for size in sizes]
    x, y = generator.normal(size=(1, 2)).tolist(), float(generator.normal())
    own = [f"trace.x={x}", f"trace.y={y}", f"trace.w={weights}", f"trace.b={biases}"]
    return traced(["trace=two_layers", *own, *overrides]).updates[0].graphs[0]


def largest_gap(graph: Graph) -> float:
    """Return the largest gap between the gradient of a weight and its factor times the gradient of its sum."""
    products = [(node, edge) for node in graph.nodes for edge in graph.uses(node.name) if node.kind == PARAMETER]
    return max(
        abs(node.gradient - graph.node(edge.factor).value * graph.node(edge.target).gradient)
        for node, edge in products
        if edge.factor
    )
