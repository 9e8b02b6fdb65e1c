"""Published files: found here, or downloaded from a real server on this machine that may misbehave."""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pytest

from nnlab import data
from nnlab.data.sources import mnist
from nnlab.data.sources._files import Published, find
from nnlab.errors import DataError

GOOD = b"images" * 5000
FILE = Published("mnist", "images.gz", hashlib.sha256(GOOD).hexdigest())
FLIPPED = bytes((GOOD[0] ^ 1,)) + GOOD[1:]


class Mirror:
    """What each path of the server answers with, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.files = {"/good/images.gz": GOOD, "/corrupt/images.gz": FLIPPED, "/short/images.gz": GOOD[:-1]}
        self.address = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        content = self.files.get(handler.path.replace("/cut/", "/good/"))
        handler.send_response(404 if content is None else 200)
        handler.send_header("Content-Length", str(len(content or b"")))
        handler.end_headers()
        if content:
            # /cut/ promises the whole file, sends half of it, and closes the connection.
            handler.wfile.write(content[: len(content) // 2] if "/cut/" in handler.path else content)

    def urls(self, *folders: str) -> list[str]:
        return [f"{self.address}/{folder}/" for folder in folders]


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    state = Mirror()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "nnlab"


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def put(folder: Path, content: bytes) -> Path:
    path = folder / FILE.folder / FILE.name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_a_download_is_kept(mirror: Mirror, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = find(FILE, mirror.urls("good"))
    assert path == cache / "mnist" / "images.gz"
    assert path.read_bytes() == GOOD
    assert files_below(cache) == [path]
    captured = capsys.readouterr()
    assert captured.err == f"downloading {mirror.address}/good/images.gz ...\n"
    assert captured.out == ""
    assert find(FILE, mirror.urls("good")) == path
    assert mirror.asked == ["/good/images.gz"]


def test_a_file_that_is_there_is_found_without_pooch(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path / "mine"))
    monkeypatch.setitem(sys.modules, "pooch", None)  # its import takes time, and in a notebook it warns of tqdm
    path = put(tmp_path / "mine", GOOD)
    assert find(FILE, []) == path


@pytest.mark.parametrize("bad", ["missing", "cut", "corrupt", "short"])
def test_the_next_mirror_is_tried_in_order(mirror: Mirror, bad: str, cache: Path) -> None:
    assert find(FILE, mirror.urls(bad, "good", "never")).read_bytes() == GOOD
    assert mirror.asked == [f"/{bad}/images.gz", "/good/images.gz"]
    assert len(files_below(cache)) == 1


def test_a_failed_download_leaves_nothing_and_says_what_to_do(
    mirror: Mirror, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path / "mine"))
    with pytest.raises(DataError) as raised:
        find(FILE, [*mirror.urls("missing", "cut", "corrupt", "short"), "http://127.0.0.1:1/", "nonsense"])
    assert files_below(tmp_path) == []
    address = mirror.address
    assert str(raised.value) == (
        f"cannot download mnist/images.gz: tried {address}/missing/ (404 Not Found), "
        f"{address}/cut/ (ChunkedEncodingError), {address}/corrupt/ (its SHA-256 is not the published one), "
        f"{address}/short/ (its SHA-256 is not the published one), http://127.0.0.1:1/ (ConnectionError), "
        f"nonsense (MissingSchema); put the file by hand into {tmp_path}/mine/mnist or {cache}/mnist"
    )


def test_a_cache_that_cannot_be_made(mirror: Mirror, cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    with pytest.raises(DataError, match=r"cannot download mnist/images.gz"):
        find(FILE, mirror.urls("good"))


def test_the_users_folder_comes_first_then_the_cache(
    mirror: Mirror, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path / "mine"))
    cached = put(cache, GOOD)
    assert find(FILE, mirror.urls("good")) == cached
    mine = put(tmp_path / "mine", GOOD)
    assert find(FILE, mirror.urls("good")) == mine
    assert mirror.asked == []


@pytest.mark.parametrize("content", [FLIPPED, GOOD[:-1], b""])
@pytest.mark.parametrize("is_mine", [True, False])
def test_a_damaged_file_is_refused_wherever_it_lies(
    mirror: Mirror,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    is_mine: bool,
) -> None:
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path / "mine"))
    path = put(tmp_path / "mine" if is_mine else cache, content)
    with pytest.raises(DataError, match=f"{path}: damaged, its SHA-256 is .* and must be {FILE.sha256}"):
        find(FILE, mirror.urls("good"))
    assert mirror.asked == []


def idx(values: Any) -> bytes:
    header = bytes((0, 0, 8, values.ndim)) + np.array(values.shape, dtype=">u4").tobytes()
    return gzip.compress(header + values.astype(np.uint8).tobytes())


def test_a_small_mnist_comes_from_the_mirrors_of_the_configuration(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = np.arange(48).reshape(12, 2, 2), np.arange(12) % 10
    contents = (idx(images[:10]), idx(images[10:]), idx(labels[:10]), idx(labels[10:]))
    for name, content in zip(mnist.SHA256, contents, strict=True):
        mirror.files[f"/small/{name}"] = content
        monkeypatch.setitem(mnist.SHA256, name, hashlib.sha256(content).hexdigest())
    dataset = data.load({"name": "mnist", "mirrors": mirror.urls("missing", "small")})
    assert np.array_equal(dataset.inputs, images.reshape(12, 4))
    assert np.array_equal(dataset.targets, np.eye(10)[labels])
    assert dataset.inputs.dtype == np.uint8
    assert dataset.official_test == 2
    assert dataset.feature_names == ("pixel_0_0", "pixel_0_1", "pixel_1_0", "pixel_1_1")
