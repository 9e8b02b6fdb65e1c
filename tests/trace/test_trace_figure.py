"""The picture of a graph: nothing lies on anything else, and arrows point from left to right."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from tiny_networks import layers_of, settings_of

from nnlab.trace.figure import places_of, trace_figure
from nnlab.trace.traced import trace_of, traced


@pytest.mark.parametrize("activation", ["linear", "softmax", "prelu_per_unit", "maxout3"])
def test_nodes_have_places_of_their_own_and_arrows_point_to_the_right(activation: str) -> None:
    graph = trace_of(settings_of(layers_of(activation), updates=1)).updates[0].graphs[0]
    places = places_of(graph)
    assert len(set(places.values())) == len(graph.nodes)
    assert all(places[edge.source][0] < places[edge.target][0] for edge in graph.edges)
    assert min(x for x, _ in places.values()) == 0


def visible(axes: Any) -> list[str]:
    """Return the texts that can be seen: those of boxes are drawn again, in two colours."""
    return [text.get_text().strip() for text in axes.texts if text.get_text() and text.get_color() != "none"]


def test_the_numbers_stand_on_the_graph() -> None:
    figure = trace_figure(traced())
    first, second = (sorted(visible(axes)) for axes in figure.axes)
    # nodes with values, their gradients in red, and local derivatives on the arrows
    nodes = ["x = 2", "w = 1", "m = 2", "b = 1", "y_hat = 3", "y = 1", "loss = 4"]
    assert first == sorted([*nodes, *("8", "4", "4", "4", "1"), *("1", "2", "1", "1", "4")])
    assert "loss = 29.16" in second
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["update 1, example 1", "update 2, example 2"]


def test_nothing_hides_a_number_on_an_arrow() -> None:
    figure = trace_figure(
        traced(
            [
                "trace.x=[[1,2]]",
                "trace.y=[[1,0]]",
                "trace.w=[[[1,-1,0.5],[0.5,1,-2]],[[1,0],[2,1],[1,1]]]",
                "trace.b=[[0,0,0],[0,0]]",
                "activation=tanh",
                "loss=softmax_cross_entropy",
            ]
        )
    )
    FigureCanvasAgg(figure).draw()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    numbers = [text.get_window_extent() for text in texts if text.get_fontsize() == 7]
    nodes = [text.get_bbox_patch().get_window_extent() for text in texts if text.get_zorder() == 3]
    assert (len(numbers), len(nodes)) == (39, 35)
    for place, number in enumerate(numbers):
        assert not any(number.overlaps(other) for other in nodes + numbers[:place])


def test_each_example_of_each_shown_update_has_a_panel() -> None:
    figure = trace_figure(trace_of(settings_of(layers_of("tanh"), examples=3, batch_size=2, updates=2, graphs=2)))
    assert len(figure.axes) == 3


def test_a_picture_that_would_be_too_large_has_the_first_graphs() -> None:
    figure = trace_figure(traced(["trace.updates=23", "trace.graphs=23", "learning_rate=0.01"]))
    assert len(figure.axes) == 20
    assert figure.get_supxlabel().endswith("; the first 20 of 23 graphs")
