"""Records runs in an MLflow store. Nothing outside this package imports MLflow, nor does importing it."""

from nnlab.tracking.artifacts import fetch_artifacts
from nnlab.tracking.courier import DELAYED, undelivered_note, wait_for_all
from nnlab.tracking.recorder import Recorder
from nnlab.tracking.results import read_results
from nnlab.tracking.run_facts import DatasetFacts, RunFacts
from nnlab.tracking.store_checks import check_store
from nnlab.tracking.store_uri import store_uri

__all__ = [
    "DELAYED",
    "DatasetFacts",
    "Recorder",
    "RunFacts",
    "check_store",
    "fetch_artifacts",
    "read_results",
    "store_uri",
    "undelivered_note",
    "wait_for_all",
]
