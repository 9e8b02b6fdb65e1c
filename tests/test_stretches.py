"""The parameters cut into stretches: nothing left out, nothing twice, and sizes that are worth a thread's while."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.kernels.descent import ALL, VECTORS, WEIGHTS
from nnlab.kernels.structures import NOWHERE
from nnlab.plan import Plan
from nnlab.stretches import longest_stretch, stretch_table
from nnlab.table import operation_table, plan_of, sizes_of

RELU = Piece("relu")
SLOPES = Piece("prelu", {"slopes": "per_unit", "init": 0.25})
BATCH = Piece("batch", {"epsilon": 1e-5, "momentum": 0.1})
LOSS = Piece("softmax_cross_entropy")
NETWORKS = {
    "tiny": (2, [Dense(16, RELU), Dense(2)]),
    "thin and deep": (64, [*[Dense(32, RELU)] * 20, Dense(10)]),
    "one wide layer": (784, [Dense(50, RELU), Dense(10)]),
    "wide": (784, [*[Dense(1024, RELU)] * 2, Dense(10)]),
    "wide between narrow": (40, [Dense(32, RELU), Dense(900, RELU), Dense(7, RELU), Dense(3)]),
    "wider than a stretch": (9, [Dense(70_000, RELU), Dense(2)]),
    "dropped weights": (64, [Dense(128, RELU), Dense(90, RELU, dropconnect=0.5), Dense(90, RELU), Dense(5)]),
    "batch norm and slopes": (64, [*[Dense(96, SLOPES, normalisation=BATCH)] * 3, Dense(5)]),
}


@pytest.fixture(params=NETWORKS, name="plan")
def plan_(request: pytest.FixtureRequest) -> Plan:
    inputs, layers = NETWORKS[request.param]
    return plan_of(Architecture(inputs, tuple(layers), LOSS))


def test_all_parameters_once_and_in_order(plan: Plan) -> None:
    ends = [0]
    for stretch in stretch_table(plan):
        assert stretch.start == ends[-1]
        assert stretch.length > 0
        ends.append(stretch.start + stretch.length)
    assert ends[-1] == sizes_of(plan).parameters


def test_the_operations_of_a_stretch_have_its_parameters(plan: Plan) -> None:
    table, weights = operation_table(plan, "float32"), sizes_of(plan).weights
    for stretch in stretch_table(plan):
        chosen = range(stretch.first, stretch.last)
        rows, shapes = [table[k] for k in chosen], [plan.operations[k].shape for k in chosen]
        if stretch.last_row != NOWHERE:
            (row,) = rows
            assert stretch.start == row.weights + stretch.first_row * row.outputs
            assert stretch.length == (stretch.last_row - stretch.first_row) * row.outputs
            assert stretch.last_row <= row.inputs
        elif stretch.holds == WEIGHTS:
            assert stretch.start == rows[0].weights
            assert stretch.length == sum(shape.weights for shape in shapes)
        else:
            assert stretch.start == (rows[0].vector if stretch.holds == VECTORS else 0)
            all_of_them = sum(shape.vector for shape in shapes) + (weights if stretch.holds == ALL else 0)
            assert stretch.length == all_of_them


def test_gradients_that_backward_writes_are_not_taken_for_others(plan: Plan) -> None:
    for stretch in stretch_table(plan):
        pieces = [
            plan.operations[k].piece for k in range(stretch.first, stretch.last) if plan.operations[k].shape.weights
        ]
        assert not stretch.is_whole or all(hasattr(piece, "gradients") for piece in pieces)


def test_a_wide_layer_gives_every_core_work_and_fits_in_its_cache(plan: Plan) -> None:
    cut = [stretch for stretch in stretch_table(plan) if stretch.last_row != NOWHERE]
    for layer in {int(stretch.first) for stretch in cut}:
        sizes = [int(stretch.length) for stretch in cut if stretch.first == layer]
        width = plan.operations[layer].target.width
        assert max(sizes) <= max(65_536 + 7 * width, 8 * width)
        assert len(sizes) >= min(2, plan.operations[layer].source.width // 8)


def test_the_longest(plan: Plan) -> None:
    table = stretch_table(plan)
    assert longest_stretch(plan) == max(np.where(table.is_whole, table.length, 0))
