"""A spool on a real disk: full, killed, read while it grows."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import Timeout

from nnlab.errors import TrackingError
from nnlab.tracking.spool import EVENTS, Progress, Reader, Spool, has_owner, spools

# Limits the size of the files that it may write, as a full disk would.
FULL = """
import resource, sys
from pathlib import Path
from nnlab.errors import TrackingError
from nnlab.tracking.spool import Spool

spool = Spool(Path(sys.argv[1]))
spool.append({"n": 0})
resource.setrlimit(resource.RLIMIT_FSIZE, (40, resource.RLIM_INFINITY))
for n in range(1, 50):
    spool.append({"n": n})
print((spool.folder / "events.jsonl").read_text().count("\\n"))
if sys.argv[2] == "freed":
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
try:
    spool.close(0)
except TrackingError as error:
    print(error)
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from nnlab.tracking.spool import Spool

spool = Spool(Path(sys.argv[1]))
spool.append({"n": 0})
os.kill(os.getpid(), signal.SIGKILL)
"""


def numbers(folder: Path) -> list[int]:
    return [json.loads(line)["n"] for line in (folder / EVENTS).read_text().splitlines()]


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_what_a_full_disk_does_not_take_is_written_when_it_is_free_again(spool_root: Path) -> None:
    done = run(FULL, spool_root, "freed")
    assert 0 < int(done.stdout) < 50
    [folder] = spools(spool_root)
    assert numbers(folder) == list(range(50))


def test_a_disk_that_stays_full_is_said_and_leaves_whole_lines(spool_root: Path) -> None:
    done = run(FULL, spool_root, "full")
    count, message = done.stdout.splitlines()
    [folder] = spools(spool_root)
    assert numbers(folder) == list(range(int(count)))
    assert message.startswith(f"cannot write to {folder}: ")


def test_a_kill_frees_the_writers_lock(spool_root: Path) -> None:
    assert run(KILLED, spool_root).returncode == -signal.SIGKILL
    [folder] = spools(spool_root)
    assert numbers(folder) == [0]
    assert not has_owner(folder)


def test_a_living_writer_holds_its_lock(spool_root: Path) -> None:
    spool = Spool(spool_root)
    spool.close(0)
    assert has_owner(spool.folder)
    spool.release()
    assert not has_owner(spool.folder)


def test_one_process_delivers_at_a_time(spool_root: Path) -> None:
    spool = Spool(spool_root)
    with Reader(spool.folder), pytest.raises(Timeout):
        Reader(spool.folder).__enter__()
    spool.close(0)


def test_threads_do_not_mix_their_lines(spool_root: Path) -> None:
    spool = Spool(spool_root)
    threads = [threading.Thread(target=lambda: [spool.append({"n": n}) for n in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spool.close(0)
    assert sorted(numbers(spool.folder)) == sorted(list(range(500)) * 8)


def test_progress_survives(spool_root: Path) -> None:
    spool = Spool(spool_root)
    spool.close(0)
    with Reader(spool.folder) as reader:
        assert reader.progress() == Progress()
        reader.keep(Progress(17, "abc", began=True))
    with Reader(spool.folder) as reader:
        assert reader.progress() == Progress(17, "abc", began=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrackingError, match=r"cannot write to .*Not a directory"):
        Spool(tmp_path / "file" / "spool")


def test_what_is_left_of_a_removal_that_was_killed_is_removed_and_nothing_else(spool_root: Path) -> None:
    spool = Spool(spool_root)
    spool.append({"n": 0})
    with Reader(spool.folder) as reader:
        reader.keep(Progress(offset=1, has_ended=True))
        (spool.folder / EVENTS).unlink()  # as far as the removal got
    own = [
        spool_root / "letters",
        spool_root / ("e" * 32),
    ]  # a user's: not named like a spool, or with a file of their own
    for folder in own:
        folder.mkdir()
    (own[1] / "letter.txt").touch()
    assert spools(spool_root) == []
    assert not spool.folder.exists()
    assert all(folder.exists() for folder in own)
    assert (own[1] / "letter.txt").exists()
