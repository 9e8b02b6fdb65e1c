"""A trace in the terminal: graphs forward and backward, what becomes of each parameter, and all updates in a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from nnlab.console import new_console
from nnlab.console.titles import titled
from nnlab.trace.graph import COMPUTED, DATA, Edge, Graph, Node
from nnlab.trace.numbers import list_text, text_of
from nnlab.trace.traced import Trace, Update

_LONGEST_LIST = 3  # predictions that are shown side by side


def show(trace: Trace, console: Console | None = None) -> None:
    """Print a trace: graphs and parameters of the first updates, then a line for each update.

    Args:
        trace: what is shown.
        console: where; by default what the program prints to, in a notebook the output of the cell.
    """
    console = console or new_console()
    for update in trace.updates:
        for row, graph in zip(update.rows, update.graphs, strict=False):
            title = f"update {update.number}, example {row + 1}"
            console.print(forward_table(trace, title, graph))
            console.print(backward_table(trace, title, graph))
        if update.moves:
            console.print(moves_table(trace, update))
    if trace.updates:
        console.print(updates_table(trace))
    if trace.diverged:
        console.print(f"ended before update {len(trace.updates) + 1}: the loss is no longer a finite number")


def forward_table(trace: Trace, title: str, graph: Graph) -> Group:
    """Return the nodes of a graph with their values, from the data on."""
    table = _table("node", "made of", "value")
    for node in graph.nodes:
        made_of = node.formula if node.kind == COMPUTED else node.kind
        table.add_row(node.name, made_of, text_of(node.value, trace.settings.digits))
    return titled(f"{title}, forward: from the data to the loss", table)


def backward_table(trace: Trace, title: str, graph: Graph) -> Group:
    """Return the nodes of a graph with local derivatives and chained gradients, from the loss back."""
    digits = trace.settings.digits
    table = _table("node", "local derivative", "d loss / d node")
    for node in reversed(graph.nodes):
        if node.kind != DATA:
            uses = graph.uses(node.name)
            local = "\n".join(_local(edge, digits) for edge in uses)
            table.add_row(node.name, local, _chained(node, uses, graph, digits))
    return titled(f"{title}, backward: from the loss to the parameters", table)


def moves_table(trace: Trace, update: Update) -> Group:
    """Return what becomes of each parameter, from the outputs back."""
    optimizer, digits = trace.settings.optimizer, trace.settings.digits
    rate = f"learning rate {optimizer.settings['learning_rate']:g}"
    rule = f"{optimizer.name}, {rate}" + (": new = old - rate · gradient" if optimizer.name == "sgd" else "")
    shown = _shown_predictions(trace)
    table = _table("parameter", "old", "gradient", "new", *(f"then {each}" for each in shown))
    for move in update.moves:
        numbers = [text_of(value, digits) for value in (move.old, move.gradient, move.new)]
        then = [list_text(move.predictions, digits)] if len(shown) > 1 else []
        table.add_row(move.name, *numbers, *then, text_of(move.loss, digits))
    return titled(f"update {update.number}, {rule}; then: with the new values so far", table)


def updates_table(trace: Trace) -> Group:
    """Return a line for each update: predictions and loss before it and after it."""
    digits, shown = trace.settings.digits, _shown_predictions(trace)
    table = _table("update", "example", *shown, *(f"{each} after" for each in shown))
    for update in trace.updates:
        before = _made(update.predictions, update.loss, len(shown), digits)
        after = _made(update.predictions_after, update.loss_after, len(shown), digits)
        table.add_row(str(update.number), ", ".join(str(row + 1) for row in update.rows), *before, *after)
    return titled("all updates", table)


def _made(predictions: np.ndarray, loss: float, columns: int, digits: int) -> Iterator[str]:
    if columns > 1:
        yield list_text(predictions[0], digits)
    yield text_of(loss, digits)


def _shown_predictions(trace: Trace) -> list[str]:
    """Return the names of what is shown beside each update: the predictions if they are few, and the loss."""
    settings = trace.settings
    few = settings.batch_size == 1 and settings.targets.shape[1] <= _LONGEST_LIST
    return ["y_hat" if trace.names.are_predictions else "prediction", "loss"] if few else ["loss"]


def _table(*columns: str) -> Table:
    """Return an empty table; what is not a name or a formula is a number."""
    table = Table(box=box.SIMPLE)
    for column in columns:
        is_text = column in ("node", "made of", "parameter", "local derivative", "d loss / d node")
        table.add_column(Text(column), justify="left" if is_text else "right", overflow="fold")
    return table


def _local(edge: Edge, digits: int) -> str:
    factor = f"{edge.factor} = " if edge.factor else ""
    return f"d {edge.target} / d {edge.source} = {factor}{text_of(edge.local, digits)}"


def _chained(node: Node, uses: Sequence[Edge], graph: Graph, digits: int) -> str:
    """Return the chain rule in numbers: gradients of the nodes made of this one, times the local derivatives."""
    total = text_of(node.gradient, digits)
    if not uses:
        return total
    gradients = [(graph.node(edge.target).gradient, edge.local) for edge in uses]
    terms = [f"{_factor(above, digits)} · {_factor(local, digits)}" for above, local in gradients]
    return "\n+ ".join(terms) + f" = {total}"


def _factor(value: float, digits: int) -> str:
    text = text_of(value, digits)
    return f"({text})" if text.startswith("-") else text
