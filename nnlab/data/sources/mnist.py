"""Handwritten digits: MNIST, images of 28 x 28 pixels.

Source: Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits, 1998.
"""

from __future__ import annotations

from nnlab.data.dataset import Dataset
from nnlab.data.sources._mnist import COMMON, parameters, read

__all__ = ["COMMON", "PARAMETERS", "load"]

PARAMETERS = parameters(
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    )
)
CLASS_NAMES = tuple("0123456789")
SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}


def load(mirrors: list[str]) -> Dataset:
    """Return 70,000 digits of 28 x 28 bytes in 10 classes; the last 10,000 are the official test split.

    Raises:
        DataError: a file is damaged, or is nowhere to be had.
    """
    return read("mnist", SHA256, mirrors, CLASS_NAMES)
