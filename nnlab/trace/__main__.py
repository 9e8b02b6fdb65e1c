"""python -m nnlab.trace: print the computation graph of a tiny network with all its numbers, and draw it.

Only Hydra is imported at the top: --help and --cfg answer at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hydra

from nnlab.composition import conf_folder, hydra_errors_in_one_line, plain_values, refuse_lists_of_choices
from nnlab.console import new_console
from nnlab.console.commands import one_line_errors

if TYPE_CHECKING:
    from omegaconf import DictConfig

_CONFIG_NAME = "trace"
_FIGURE = "trace.png"


def main() -> None:
    """Run the command line; exit with 2 for bad input, 130 after Ctrl-C."""
    with one_line_errors(), hydra_errors_in_one_line():
        refuse_lists_of_choices(sys.argv[1:])
        os.environ["HYDRA_FULL_ERROR"] = "1"  # Hydra then raises its errors instead of printing them
        hydra.main(version_base="1.3", config_path=str(conf_folder()), config_name=_CONFIG_NAME)(_task)()


def _task(composed: DictConfig) -> None:
    with one_line_errors():
        _trace(composed)


def _trace(composed: DictConfig) -> None:
    from hydra.core.hydra_config import HydraConfig  # noqa: PLC0415

    from nnlab.files import whole_file  # noqa: PLC0415
    from nnlab.trace.figure import trace_figure  # noqa: PLC0415
    from nnlab.trace.settings import TraceSettings  # noqa: PLC0415
    from nnlab.trace.tables import show  # noqa: PLC0415
    from nnlab.trace.traced import trace_of  # noqa: PLC0415

    trace, console = trace_of(TraceSettings.from_mapping(plain_values(composed))), new_console()
    show(trace, console)
    if any(update.graphs for update in trace.updates):
        path = Path(HydraConfig.get().runtime.output_dir) / _FIGURE
        with whole_file(path) as temporary:
            trace_figure(trace).savefig(temporary, format="png", dpi=110)
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        console.print(f"figure: {shown}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
