"""Print how the time of nnlab grows with depth, examples and seeds, and its memory with seeds and workers.

python experiments/performance/growth.py --parts depth memory
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

import growth_memory
import growth_times
import machine
from command import parser, progress, run

Found = tuple[str, object]  # a table, and every measurement

PARTS: dict[str, Callable[[argparse.Namespace], Found]] = {
    "depth": lambda options: growth_times.with_depth(options.rounds),
    "examples": lambda options: growth_times.with_examples(options.networks, options.rounds),
    "seeds": lambda options: growth_times.with_seeds(options.rounds),
    "memory": lambda options: growth_memory.with_seeds(options.rounds),
}


def main() -> int:
    """Run the command; return its exit status."""
    options = parser(__doc__, rounds=3)
    options.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    return run(_measure, options.parse_args())


def _measure(options: argparse.Namespace) -> None:
    tables, measured = [], {}
    for part in dict.fromkeys(options.parts):
        progress(f"{part}:")
        table, measured[part] = PARTS[part](options)
        tables.append(table)
    print(machine.text(), *tables, sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps(machine.describe() | measured, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
