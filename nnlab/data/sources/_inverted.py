"""Images that are shown as they are or inverted, light for dark: two attributes of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._attributes import attributes


def inverted_images(
    name: str,
    images: Dataset,
    columns: dict[str, npt.NDArray[Any]],
    rows: npt.NDArray[np.int64],
    inverted: npt.NDArray[np.bool_],
    *,
    brightest: int,
    heads: str,
    official_test: int,
) -> Dataset:
    """Return some images, inverted where `inverted` (rows,) says so, with their attributes.

    Args:
        name: of the data set.
        images: from which they are.
        columns: labels (rows,) of further attributes by their names; that of whether they are inverted is the last.
        rows: numbers (rows,) of the images, in which some may be twice.
        inverted: whether each is shown inverted.
        brightest: the largest value of a pixel.
        heads: separate or joint, see `nnlab.data.sources._attributes`.
        official_test: how many of the last rows are the official test split.
    """
    inputs = images.inputs[rows]
    found = attributes({**columns, "inverted": np.where(inverted, "yes", "no")}, heads, f"{name}:")
    return Dataset(
        name=name,
        task=CLASSIFICATION,
        inputs=np.where(inverted[:, np.newaxis], brightest - inputs, inputs),
        targets=found.values,
        feature_names=images.feature_names,
        class_names=found.class_names,
        source=images.source,
        official_test=official_test,
        heads=found.heads,
        combined=found.combined,
    )
