"""One neuron on two examples, traced: what the article prints of each."""

from nnlab.trace.traced import Update, traced

DATA = ["trace.x=[2,-1]", "trace.y=[1,-5]", "trace.w=1", "trace.b=1"]


def measure(overrides: list[str], _seed: int) -> dict[str, float]:
    """Return the values, gradients and updates of both examples, those of the second with `second_` before the name."""
    first, second = traced(["trace=one_neuron", *DATA, *overrides]).updates
    return printed(first) | {f"second_{name}": value for name, value in printed(second).items()}


def printed(update: Update) -> dict[str, float]:
    """Return what the article prints of one update."""
    graph, b, w = update.graphs[0], update.parameter("b"), update.parameter("w")
    return {
        "m": graph.node("m").value,
        "y_hat": graph.node("y_hat").value,
        "loss": graph.node("loss").value,
        "dloss_dy_hat": graph.node("y_hat").gradient,
        "dloss_db": b.gradient,
        "new_b": b.new,
        "dloss_dm": graph.node("m").gradient,
        "dloss_dw": w.gradient,
        "new_w": w.new,
        "y_hat_new_b": float(b.predictions[0]),
        "y_hat_new": float(w.predictions[0]),
    }
