"""Tables of combinations count what is right, with a head for each attribute and with one class per combination."""

from __future__ import annotations

import numpy as np
import pytest

import nnlab
from nnlab.errors import ConfigurationError
from nnlab.figures.combinations import combinations_figure, rarest_combination, right_of_combinations

DATA = ["dataset=inverted_digits", "width=32", "epochs=8", "seeds=2"]


@pytest.fixture(scope="module")
def results():
    return {heads: nnlab.train([*DATA, f"dataset.heads={heads}"]) for heads in ("separate", "joint")}


def right_by_hand(result, replicate) -> dict[tuple[int, int], list[bool]]:
    found: dict[tuple[int, int], list[bool]] = {}
    for row in replicate.split.test:
        targets = result.dataset.targets[row]
        predictions = replicate.network.predict(result.dataset.inputs[[row]])[0]
        if result.dataset.heads:
            truth, seen = ((each[:10].argmax(), each[10:].argmax()) for each in (targets, predictions))
        else:
            truth, seen = (divmod(each.argmax(), 2) for each in (targets, predictions))
        found.setdefault(tuple(map(int, truth)), []).append(truth == seen)
    return found


@pytest.mark.parametrize("heads", ["separate", "joint"])
def test_shares_are_those_by_hand(results, heads: str) -> None:
    result = results[heads]
    shares = right_of_combinations(result)
    each = [right_by_hand(result, replicate) for replicate in result.replicates]
    for place, share in np.ndenumerate(shares):
        assert share == pytest.approx(np.mean([np.mean(found[place]) for found in each]))


@pytest.mark.parametrize("heads", ["separate", "joint"])
def test_the_rarest_combination_is_an_inverted_seven(results, heads: str) -> None:
    assert rarest_combination(results[heads]) == (7, 1)


def test_a_table_for_each_result_with_the_rare_combination_framed(results) -> None:
    figure = combinations_figure(results)
    for axes, (title, result) in zip(figure.axes, results.items(), strict=True):
        shares = right_of_combinations(result)
        assert axes.get_title("left") == f"{title}\nrare combination: {100 * shares[7, 1]:.0f} % right"
        assert [text.get_text() for text in axes.texts] == [f"{100 * share:.0f} %" for share in shares.ravel()]
        assert [label.get_text() for label in axes.get_yticklabels()] == list("0123456789")
        assert [label.get_text() for label in axes.get_xticklabels()] == ["no", "yes"]
        assert axes.patches[0].get_xy() == (0.5, 6.5)
        assert (axes.get_ylabel(), axes.get_xlabel()) == ("digit", "inverted")


def test_other_data_are_refused() -> None:
    result = nnlab.train(["dataset=iris", "width=4", "epochs=1", "seeds=1"])
    with pytest.raises(ConfigurationError, match="two attributes, and iris has others"):
        combinations_figure({"": result})
