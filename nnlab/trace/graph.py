"""A computation graph: every node with its value, local derivatives and chained gradient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

DATA, PARAMETER, COMPUTED = "data", "parameter", "computed"


class Node(NamedTuple):
    """One number of a graph.

    Attributes:
        name: such as w[1].
        kind: DATA, PARAMETER or COMPUTED.
        formula: of which other nodes it is made, and how; empty of data and parameters.
        value: the number.
        gradient: d loss / d value by the chain rule, as training works it out; NaN of data, for which nobody asks.
        row: which of its kind it is, by which nodes are placed side by side.
    """

    name: str
    kind: str
    formula: str
    value: float
    gradient: float
    row: int


class Edge(NamedTuple):
    """One node is made of another.

    Attributes:
        source: name of that other.
        target: name of the node.
        local: the local derivative, d target / d source; NaN of a target of the loss, for which nobody asks.
        factor: the node whose value the local derivative is, in a product; else empty.
    """

    source: str
    target: str
    local: float
    factor: str = ""


@dataclass
class Graph:
    """The computation graph of one example: nodes from the data on to the loss, and the edges between them."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def node(self, name: str) -> Node:
        """Return the node of that name."""
        return next(node for node in self.nodes if node.name == name)

    def uses(self, name: str) -> list[Edge]:
        """Return the edges from a node to those that are made of it."""
        return [edge for edge in self.edges if edge.source == name]

    def add(self, name: str, kind: str, value: Any, gradient: Any, row: int = 0, formula: str = "") -> None:
        """Append a node."""
        self.nodes.append(Node(name, kind, formula, float(value), float(gradient), row))

    def connect(
        self, sources: Sequence[str], target: str, derivatives: Iterable[float], factors: Sequence[str] = ()
    ) -> None:
        """Append the edges to a node from those that it is made of.

        Args:
            sources: names of those.
            target: name of the node.
            derivatives: of the node with respect to each of those.
            factors: names of the nodes by which each of those is multiplied, in a product.
        """
        named = factors or [""] * len(sources)
        edges = zip(sources, derivatives, named, strict=True)
        self.edges += [Edge(source, target, float(derivative), factor) for source, derivative, factor in edges]
