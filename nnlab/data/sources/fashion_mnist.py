"""Articles of clothing, in ten classes: Fashion-MNIST, images of 28 x 28 pixels.

Source: H. Xiao, K. Rasul and R. Vollgraf, arXiv:1708.07747, 2017.
"""

from __future__ import annotations

from nnlab.data.dataset import Dataset
from nnlab.data.sources._mnist import COMMON, parameters, read

__all__ = ["COMMON", "PARAMETERS", "load"]

PARAMETERS = parameters(
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    )
)
CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
SHA256 = {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}


def load(mirrors: list[str]) -> Dataset:
    """Return 70,000 images of 28 x 28 bytes in 10 classes; the last 10,000 are the official test split.

    Raises:
        DataError: a file is damaged, or is nowhere to be had.
    """
    return read("fashion-mnist", SHA256, mirrors, CLASS_NAMES)
