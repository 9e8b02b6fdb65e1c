"""One job: a checked configuration, trained for each of its seeds, shown and recorded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from nnlab import data, tracking
from nnlab.console import show_warning, waiting
from nnlab.console.progress import TrainingProgress
from nnlab.data import Dataset
from nnlab.design import architecture_of, completed
from nnlab.errors import bad_value
from nnlab.jobs.checkpointing import check_checkpoints, checkpoints_of
from nnlab.jobs.identity import identity_of, identity_of_seeds
from nnlab.jobs.pruning import Pruned, reports_of
from nnlab.jobs.record import record_result, run_facts
from nnlab.jobs.results_folder import write_results
from nnlab.schema import Config
from nnlab.table import plan_of
from nnlab.training import streams
from nnlab.training.checkpoints import Checkpoints
from nnlab.training.compiling import compile_kernels
from nnlab.training.minimisation import check_minimiser, is_minimiser
from nnlab.training.rates import check_momentum_schedule
from nnlab.training.replicate import EpochObserver
from nnlab.training.replicates import ReplicatesTraining
from nnlab.training.result import Result, Seconds
from nnlab.training.seed_examples import check_examples


@dataclass(frozen=True)
class Job:
    """What a job is called and where its files go."""

    overrides: Sequence[str] = ()
    folder: Path | None = None  # None: write no files
    tags: dict[str, str] = field(default_factory=dict)
    waits: bool = True  # until it is recorded; else the sweep does, at its end

    @property
    def is_in_sweep(self) -> bool:
        """Whether it is one of several."""
        return "sweep" in self.tags


def check_job(config: Config, *, store: bool = True) -> tuple[Config, Dataset]:
    """Check, before anything is trained or written, what the values alone do not tell.

    Args:
        config: the configuration.
        store: whether to check that the store can be written, too.

    Returns:
        The configuration, completed by what follows from the data, and the data set.

    Raises:
        NnlabError: the data cannot be loaded or split, the loss is not for them, or the store cannot be written.
    """
    dataset = data.load(config.dataset)
    config = completed(config, dataset)
    check_minimiser(config)
    check_momentum_schedule(config)
    check_checkpoints(config)
    plan_of(architecture_of(config, dataset))  # refuses layers that do not fit together
    split = data.split(dataset, config.dataset, streams.generator(config.seeds[0], "split"))
    check_examples(config, dataset, split)
    train = split.train.size
    if not isinstance(config.batch_size, str) and config.batch_size > train:
        raise bad_value(
            "batch_size", config.batch_size, f"at most {train}, the training examples of dataset={dataset.name}"
        )
    if store and config.tracking["store"] == "mlflow":
        tracking.check_store(tracking.store_uri())
    return config, dataset


def run_job(config: Config, job: Job, console: Console) -> Result:
    """Train, show progress, write files and record; return the result."""
    # A store that goes down within a sweep stops none of its jobs: their records wait for it.
    config, dataset = check_job(config, store=not job.is_in_sweep)
    is_recorded = config.tracking["store"] != "none"
    # A resumed run may have begun from other weights than its configuration says: it has no identity.
    has_identity = is_recorded and config.resume is None
    kept = _kept(config, dataset) if has_identity and not config.rerun and not _is_minimised(config) else None
    with checkpoints_of(config, job.folder, kept, in_sweep=job.is_in_sweep) as checkpoints:
        for note in checkpoints.checked(config, dataset):
            console.print(note)
        if is_recorded:
            return _recorded(config, dataset, checkpoints, job, console)
        result = _trained(config, dataset, checkpoints, console)
        _written(result, job)
        return result


def _kept(config: Config, dataset: Dataset) -> Path:
    """Return the folder in which the seeds of a run wait for each other: beside the spools, none of which it is."""
    return tracking.spool_folder() / ".seeds" / identity_of_seeds(config, dataset)


def _is_minimised(config: Config) -> bool:
    """Tell whether a minimiser drives the training, whose state is not kept."""
    return is_minimiser(config.optimizer["name"])


def _recorded(config: Config, dataset: Dataset, checkpoints: Checkpoints, job: Job, console: Console) -> Result:
    tags = job.tags | ({"identity": identity_of(config, dataset)} if config.resume is None else {})
    facts = run_facts(config, dataset, job.overrides, tags)
    recorder = tracking.Recorder(tracking.store_uri(), config.tracking["experiment"], facts)
    try:
        with recorder:
            result = _trained(config, dataset, checkpoints, console, recorder.log_epoch)
            record_result(result, recorder, _written(result, job), checkpoints.written(config.seeds))
    except Pruned:
        checkpoints.forget_kept(config.seeds)
        raise
    checkpoints.forget_kept(config.seeds)
    if not job.waits:
        return result
    with waiting(console, "recording ..."):
        report = recorder.delivered()
    if report.state == tracking.DELAYED:
        show_warning(tracking.undelivered_note([report]))
    seconds = replace(result.seconds, logging=report.seconds, importing_mlflow=report.import_seconds)
    return replace(result, seconds=seconds)


def _trained(
    config: Config, dataset: Dataset, checkpoints: Checkpoints, console: Console, *observers: EpochObserver
) -> Result:
    with TrainingProgress(console, config.epochs) as progress:
        compiling = compile_kernels(config, dataset, progress.announce)
        start = time.perf_counter()
        training = ReplicatesTraining(config, dataset, checkpoints)
        progress.follow(training)
        reports = reports_of(config)
        told = [] if reports is None else [reports.observe]
        replicates = training.run([progress.observe, *observers, *told])
        seconds = Seconds(compiling, time.perf_counter() - start, logging=0.0)
    return Result(config, dataset, replicates, seconds)


def _written(result: Result, job: Job) -> list[Path]:
    return [] if job.folder is None else write_results(result, job.folder)
