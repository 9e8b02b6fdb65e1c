"""A network as a chain of blocks: what goes through it forward, what each block keeps, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from nnlab.architecture import LINEAR, PLAIN
from nnlab.errors import ConfigurationError
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BOX, _BETWEEN = 1.75, 1.05  # inches, of a block and of the arrows between two
_HEIGHT = 2.9
_TALL, _ARROW = 0.62, 0.3  # half the height of a block, and how far its arrows are from the middle
_FORWARD, _BACKWARD = "tab:blue", "tab:red"


class Block(NamedTuple):
    """A part of the network with a forward and a backward pass of its own.

    Attributes:
        name: Affine, or that of the activation or loss.
        taken: values for each example that go in.
        given: values for each example that come out.
        is_affine: whether it has weights (taken, given) and biases (given,).
    """

    name: str
    taken: int
    given: int
    is_affine: bool


def blocks_figure(network: Network, batch: int) -> Figure:
    """Draw the blocks of a network, with the shapes of all that a batch of so many examples sends through it.

    Raises:
        ConfigurationError: it has more than affine layers, activations and a loss.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    blocks = list(blocks_of(network))
    width = _BETWEEN + (_BOX + _BETWEEN) * len(blocks)
    figure = Figure(figsize=(width, _HEIGHT), layout="constrained")
    axes = figure.subplots()
    for number, block in enumerate(blocks):
        _draw_block(axes, block, _BETWEEN + number * (_BOX + _BETWEEN), batch)
    for number, values in enumerate([blocks[0].taken, *(block.given for block in blocks)]):
        is_end = number == len(blocks)
        _draw_passes(axes, number * (_BOX + _BETWEEN), "loss" if is_end else f"{batch} x {values}", is_end=is_end)
    axes.set_xlim(0, width)
    axes.set_ylim(-_HEIGHT / 2, _HEIGHT / 2)
    axes.set_axis_off()
    legend = "blue: forward, values; red: backward, gradients of the loss, of the same shapes"
    figure.supxlabel(legend, fontsize=9)
    return figure


def blocks_of(network: Network) -> Iterator[Block]:
    """Give the blocks of a network from its inputs to the loss.

    Raises:
        ConfigurationError: it has more than affine layers, activations and a loss.
    """
    architecture, taken = network.architecture, network.architecture.inputs
    if architecture.connection != PLAIN or any(layer.normalisation or layer.noise for layer in architecture.layers):
        raise ConfigurationError(
            "blocks can be drawn of plain networks only: without connections, normalisation, noise"
        )
    for layer in architecture.layers:
        yield Block("Affine", taken, layer.width, is_affine=True)
        if layer.activation != LINEAR:
            yield Block(_words(layer.activation.name), layer.width, layer.units, is_affine=False)
        taken = layer.units
    yield Block(_words(architecture.loss.name), taken, 1, is_affine=False)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _draw_block(axes: Axes, block: Block, left: float, batch: int) -> None:
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    style: dict[str, Any] = {
        "boxstyle": "round,pad=0,rounding_size=0.08",
        "facecolor": "#f4f4f4",
        "edgecolor": "#555555",
    }
    axes.add_patch(FancyBboxPatch((left, -_TALL), _BOX, 2 * _TALL, linewidth=0.9, **style))
    middle = left + _BOX / 2
    name = block.name if len(block.name) < len("Softmax cross ") else block.name.replace(" ", "\n", 1)
    axes.text(middle, 0.28, name, ha="center", va="center", fontsize=10, fontweight="bold")
    axes.text(middle, -0.3, f"keeps\n{batch} x {block.taken} values", ha="center", va="center", fontsize=9)
    if block.is_affine:
        parameters = f"weights {block.taken} x {block.given}\nbiases {block.given}"
        axes.text(middle, _TALL + 0.3, parameters, ha="center", va="center", fontsize=9)
        axes.annotate("", (middle, -_TALL - 0.28), (middle, -_TALL), arrowprops=_arrow(_BACKWARD))
        axes.text(middle, -_TALL - 0.42, "gradients of both", color=_BACKWARD, ha="center", va="center", fontsize=9)


def _draw_passes(axes: Axes, left: float, shape: str, *, is_end: bool) -> None:
    """Draw the arrows between two blocks; nobody asks for the gradient of the data, and that of the loss is 1."""
    right, is_start = left + _BETWEEN, left == 0
    axes.annotate("", (right, _ARROW), (left, _ARROW), arrowprops=_arrow(_FORWARD))
    axes.text(left + _BETWEEN / 2, _ARROW + 0.08, shape, color=_FORWARD, ha="center", va="bottom", fontsize=9)
    if not is_start:
        axes.annotate("", (left, -_ARROW), (right, -_ARROW), arrowprops=_arrow(_BACKWARD))
        text = "1" if is_end else shape
        axes.text(left + _BETWEEN / 2, -_ARROW - 0.08, text, color=_BACKWARD, ha="center", va="top", fontsize=9)


def _arrow(colour: str) -> dict[str, object]:
    return {"arrowstyle": "-|>", "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
