"""What MNIST and its drop-in replacements share: four IDX files, images of 28 x 28 bytes in ten classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nnlab.checks import Parameter, list_of, text
from nnlab.data.common import common_parameters, official_test
from nnlab.data.dataset import CLASSIFICATION, Dataset, one_hot
from nnlab.data.sources._files import Published, find
from nnlab.data.sources._idx import read_idx

FILES = (
    "train-images-idx3-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)

COMMON = common_parameters(CLASSIFICATION, scaling="maximum", validation=5000, test=official_test())


def parameters(mirrors: Sequence[str]) -> dict[str, Parameter]:
    """Return the settings: from where to download, the mirrors in the order in which they are tried."""
    return {"mirrors": Parameter(list(mirrors), list_of(text("an address, such as https://example.org/mnist/")))}


def read(folder: str, sha256: Mapping[str, str], mirrors: Sequence[str], class_names: tuple[str, ...]) -> Dataset:
    """Return 70,000 images as inputs (70000, 784) of uint8; the last 10,000 are the official test split.

    Raises:
        DataError: a file is damaged, or is nowhere to be had.
    """
    paths = [find(Published(folder, name, sha256[name]), mirrors) for name in FILES]
    images = [read_idx(path) for path in paths[:2]]
    labels = np.concatenate([read_idx(path) for path in paths[2:]])
    rows, columns = images[0].shape[1:]
    return Dataset(
        name=folder.replace("-", "_"),
        task=CLASSIFICATION,
        inputs=np.concatenate(images).reshape(len(labels), rows * columns),
        targets=one_hot(labels, len(class_names)),
        feature_names=tuple(f"pixel_{row}_{column}" for row in range(rows) for column in range(columns)),
        class_names=class_names,
        source=str(paths[0].parent),
        official_test=len(images[1]),
    )
