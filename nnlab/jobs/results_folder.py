"""The files of one job: what was asked, what came out, and its figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nnlab.errors import ConfigurationError
from nnlab.figures.learning_curves import learning_curves_figure
from nnlab.files import whole_file, why_not_writable
from nnlab.schema import Config
from nnlab.training.result import Result

SUMMARY_FILE, HISTORY_FILE, FIGURE_FILE = "summary.csv", "history.csv", "learning_curves.png"


def config_yaml(config: Config) -> str:
    """Return the full resolved configuration as YAML."""
    import yaml  # noqa: PLC0415

    return str(yaml.safe_dump(config.as_dict(), sort_keys=False))


def write_results(result: Result, folder: Path) -> list[Path]:
    """Write config.yaml, summary.csv, history.csv and, if it wants figures, learning_curves.png; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Callable[[Path], object]] = {
        "config.yaml": lambda path: path.write_text(config_yaml(result.config), encoding="utf-8"),
        SUMMARY_FILE: lambda path: result.summary.to_csv(path, index=False),
        HISTORY_FILE: lambda path: result.history.to_csv(path, index=False),
    }
    if result.config.figures:
        writers[FIGURE_FILE] = lambda path: learning_curves_figure({"": result.history}).savefig(
            path, format="png", dpi=110
        )
    for name, write in writers.items():
        with whole_file(folder / name) as path:
            write(path)
    return [folder / name for name in writers]


def check_writable(folder: Path) -> None:
    """Refuse a folder in which results could not be written; leave nothing behind.

    Raises:
        ConfigurationError: the nearest folder that exists cannot be written.
    """
    reason = why_not_writable(folder)
    if reason is not None:
        raise ConfigurationError(
            f"cannot write results to {folder}: {reason}; run in a folder that you may write to, "
            "or set hydra.run.dir or hydra.sweep.dir"
        )
