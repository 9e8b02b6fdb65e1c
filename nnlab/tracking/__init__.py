"""Records runs in an MLflow store. Nothing outside this package imports MLflow, nor does importing it."""

from nnlab.tracking.artifacts import fetch_artifacts
from nnlab.tracking.courier import DELAYED, REFUSED, undelivered_note, wait_for_all
from nnlab.tracking.points import Numbers, recorded_numbers
from nnlab.tracking.provenance import commit_of, source_tags, versions
from nnlab.tracking.questions import fetch_run_files, find_recorded
from nnlab.tracking.recorded_runs import FAILED, FINISHED, RecordedRun
from nnlab.tracking.recorder import Recorder
from nnlab.tracking.results import read_results
from nnlab.tracking.run_facts import DatasetFacts, RunFacts
from nnlab.tracking.run_links import run_links
from nnlab.tracking.run_record import RunRecord, read_run
from nnlab.tracking.spool import spool_folder
from nnlab.tracking.store_checks import check_store
from nnlab.tracking.store_uri import store_uri

__all__ = [
    "DELAYED",
    "FAILED",
    "FINISHED",
    "REFUSED",
    "DatasetFacts",
    "Numbers",
    "RecordedRun",
    "Recorder",
    "RunFacts",
    "RunRecord",
    "check_store",
    "commit_of",
    "fetch_artifacts",
    "fetch_run_files",
    "find_recorded",
    "read_results",
    "read_run",
    "recorded_numbers",
    "run_links",
    "source_tags",
    "spool_folder",
    "store_uri",
    "undelivered_note",
    "versions",
    "wait_for_all",
]
