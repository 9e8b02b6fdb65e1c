"""Articles of clothing, half of them inverted: two attributes, of which one combination is rare in training.

The rare combination are inverted articles of one class. Of the official test images of Fashion-MNIST, every second one
is inverted. With `shift`, an inverted article has the label of the next class: then what a network learns of upright
articles is wrong for inverted ones.

Source: H. Xiao, K. Rasul and R. Vollgraf, arXiv:1708.07747, 2017; that some combination of attributes is rare, as in
Sagawa et al. 2020, Distributionally robust neural networks for group shifts.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from nnlab.checks import Parameter, flag, whole
from nnlab.data.common import common_parameters, official_test
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources import fashion_mnist
from nnlab.data.sources._attributes import HEADS
from nnlab.data.sources._inverted import inverted_images
from nnlab.errors import bad_value

_CLASSES = len(fashion_mnist.CLASS_NAMES)
_BRIGHTEST = 255

PARAMETERS = {
    "examples": Parameter(6000, whole(1000, 60_000)),  # outside the test split, before the rare ones are left out
    "rare": Parameter(10, whole(1)),  # of the rare combination outside the test split; of others about 5 %
    "rare_class": Parameter(0, whole(0, _CLASSES - 1)),
    "shift": Parameter(default=False, check=flag()),
    "heads": HEADS,
    "seed": Parameter(0, whole(0, 2**32 - 1)),
}
COMMON = common_parameters(CLASSIFICATION, scaling="maximum", validation=0.2, test=official_test())


def load(
    *,
    examples: int,
    rare: int,
    rare_class: int,
    shift: bool,
    heads: str,
    seed: int,
) -> Dataset:
    """Return images (rows, 784) of uint8, the last 10,000 of them the official test split.

    Targets: heads for the label, 0 to 9, and for whether it is inverted, or one class per combination.

    Raises:
        ConfigurationError: fewer than `rare` inverted articles of the rare class are drawn.
        DataError: a file is damaged, or is nowhere to be had.
    """
    images, generator = _images(), np.random.default_rng(seed)
    classes = images.targets.argmax(axis=1)
    tested = len(classes) - images.official_test
    drawn = generator.permutation(tested)[:examples]
    is_inverted = np.arange(examples) % 2 == 1
    is_rare = is_inverted & (classes[drawn] == rare_class)
    if is_rare.sum() < rare:
        raise bad_value("dataset.rare", rare, f"at most {is_rare.sum()}, as many as dataset.examples={examples} has")
    kept = ~is_rare | (np.cumsum(is_rare) <= rare)
    rows = np.concatenate([drawn[kept], np.arange(tested, len(classes))])
    inverted = np.concatenate([is_inverted[kept], np.arange(images.official_test) % 2 == 1])
    return inverted_images(
        "inverted_fashion",
        images,
        {"label": (classes[rows] + (inverted & shift)) % _CLASSES},
        rows,
        inverted,
        brightest=_BRIGHTEST,
        heads=heads,
        official_test=images.official_test,
    )


@cache
def _images() -> Dataset:
    """Read the images once, as they are the same for all settings."""
    return fashion_mnist.load(fashion_mnist.PARAMETERS["mirrors"].default)
