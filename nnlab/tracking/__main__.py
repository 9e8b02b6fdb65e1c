"""python -m nnlab.tracking sync: deliver what could not be delivered to its tracking store so far."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from filelock import Timeout

from nnlab.errors import TrackingError
from nnlab.tracking.delivery import Delivery
from nnlab.tracking.failure import tracking_error
from nnlab.tracking.quiet import prepare_process
from nnlab.tracking.spool import spool_folder, spools
from nnlab.tracking.store import close_store
from nnlab.tracking.store_uri import shown

_SOME_ARE_LEFT = 1


def main() -> None:
    """Run the command line; exit with 1 if something could not be delivered."""
    parser = argparse.ArgumentParser(prog="python -m nnlab.tracking", description="Care for recorded runs.")
    commands = parser.add_subparsers(required=True)
    sync = commands.add_parser("sync", help="deliver runs that their tracking store does not have yet")
    sync.add_argument(
        "folder", type=Path, nargs="?", default=spool_folder(), help="of the spools (default: %(default)s)"
    )
    folder = parser.parse_args().folder
    if not folder.is_dir() and folder != spool_folder():
        parser.error(f"{folder} is not a folder")
    if not _sync(folder):
        sys.exit(_SOME_ARE_LEFT)


def _sync(root: Path) -> bool:
    """Deliver what is left in a folder, and say so; return whether nothing stays."""
    prepare_process()
    delivered, failed = 0, 0
    for folder in spools(root):
        try:
            delivered += _deliver(folder)
        except (Timeout, FileNotFoundError):
            print(f"{folder.name}: another process delivers it")  # noqa: T201
        except TrackingError as error:
            failed += 1
            print(f"error: {folder}: {error}", file=sys.stderr)  # noqa: T201
    print(f"delivered: {delivered}, left: {failed}")  # noqa: T201
    return failed == 0


def _deliver(folder: Path) -> bool:
    """Deliver one spool, unless its run goes on."""
    with Delivery(folder) as delivery:
        if not delivery.is_left():
            return False
        try:
            delivery.advance()
            close_store(delivery.uri)
        except Exception as error:
            raise tracking_error(delivery.uri, error) from error
        delivery.remove()
    print(f"delivered {folder.name} to {shown(delivery.uri)}")  # noqa: T201
    return True


if __name__ == "__main__":
    main()
