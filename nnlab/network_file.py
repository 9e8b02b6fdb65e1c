"""Networks in files: NumPy archives (.npz) of plain arrays, in which nothing is pickled.

A checkpoint of a training is such a file too, with more in it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.errors import DataError
from nnlab.files import whole_file
from nnlab.network import ExampleScaling, Network

_SCALING = ExampleScaling._fields
_NEEDED = ("architecture", "parameters", "statistics", *_SCALING)


def save_network(network: Network, path: str | Path) -> None:
    """Write a network with its scaling; the file is there whole, or not at all."""
    write_archive(Path(path), network_arrays(network))


def load_network(path: str | Path) -> Network:
    """Read a network from a file of `save_network` or from a checkpoint.

    Of a checkpoint it is the network of the best epoch where training would have gone back to it, else of the last.

    Raises:
        DataError: there is no such file, or it holds no whole network.
    """
    arrays = read_archive(Path(path), _NEEDED)
    scaling = ExampleScaling(*(arrays[name] for name in _SCALING))
    network = Network(_architecture(str(arrays["architecture"])), arrays["parameters"].dtype.name, scaling)
    for array, name in zip(network.arrays, ("parameters", "statistics"), strict=True):
        array[:] = arrays.get(f"best_{name}", arrays[name])
    return network


def read_architecture(path: Path) -> Architecture:
    """Return the architecture of the network in a file; nothing is compiled for it.

    Raises:
        DataError: there is no such file, or it holds no whole network.
    """
    return _architecture(str(read_archive(path, _NEEDED)["architecture"]))


def network_arrays(network: Network) -> dict[str, np.ndarray]:
    """Return all that makes a network, by name."""
    parameters, statistics = network.arrays
    return {
        "architecture": np.array(json.dumps(asdict(network.architecture))),
        "parameters": parameters,
        "statistics": statistics,
        **network.scaling._asdict(),
    }


def write_archive(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays; a process that is killed meanwhile leaves what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def read_archive(path: Path, needed: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Read the arrays of an archive, some of which must be there.

    Raises:
        DataError: there is no such file, or it is no whole archive with these arrays.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays: dict[str, np.ndarray] = {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise DataError(f"there is no file {path}") from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, TypeError) as error:  # TypeError: one array alone
        reason = "" if "pickle" in str(error) else f": {str(error).partition(chr(10))[0]}"
        raise DataError(f"{path} is no whole archive of arrays{reason}") from error
    missing = [name for name in needed if name not in arrays]
    if missing:
        raise DataError(f"{path} was not written by nnlab: it lacks {', '.join(missing)}")
    return arrays


def _architecture(text: str) -> Architecture:
    plain: dict[str, Any] = json.loads(text)
    layers = tuple(_layer(**layer) for layer in plain.pop("layers"))
    loss, connection, heads = (plain.pop(name) for name in ("loss", "connection", "heads"))
    return Architecture(**plain, layers=layers, loss=Piece(*loss), connection=Piece(*connection), heads=tuple(heads))


def _layer(activation: Any, noise: Any, normalisation: Any, **plain: Any) -> Dense:
    return Dense(
        activation=Piece(*activation),
        noise=tuple(Piece(*each) for each in noise),
        normalisation=None if normalisation is None else Piece(*normalisation),
        **plain,
    )
