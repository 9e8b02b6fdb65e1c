"""Measures all seeds of a study: the first two here, the others side by side on all cores where that pays.

Arms of one seed are measured by one process, as they may share what a study keeps of a seed, such as a network.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from multiprocessing import active_children, get_context

from rich.console import Console

from nnlab.claims.child_process import belong_to_parent
from nnlab.claims.claim import Claim
from nnlab.claims.study import Measured, load_study, measured_seed, must_be_alone
from nnlab.console.counting import counted
from nnlab.errors import NnlabError
from nnlab.training.helpers import available_cores, limited_cores

_WORTH = 10.0  # seconds of measuring that are left, of which processes, which take some to start, save enough

_Arms = Mapping[str, Sequence[str]]
_Round = Sequence[tuple[str, int]]  # an arm and a seed each


def measured_arms(
    claim: Claim, arms: _Arms, seeds: Mapping[str, Sequence[int]], console: Console
) -> Iterator[Measured]:
    """Yield what the study measures of each arm and seed, as soon as it has.

    Raises:
        ConfigurationError: it fails, or does not measure what the claim is about.
        NnlabError: a process was lost.
    """
    load_study(claim)
    rounds = _rounds(claim, seeds)
    return counted(_measured(claim, arms, rounds), "measuring", console, sum(map(len, rounds)))


def _rounds(claim: Claim, seeds: Mapping[str, Sequence[int]]) -> list[_Round]:
    """Return the arms and seeds, those together that have the same place among the seeds of their arms."""
    first = {arm: claim.seeds(arm, 1)[0] for arm in seeds}
    places = sorted({seed - first[arm] for arm in seeds for seed in seeds[arm]})
    return [[(arm, first[arm] + place) for arm in seeds if first[arm] + place in seeds[arm]] for place in places]


def _measured(claim: Claim, arms: _Arms, rounds: Sequence[_Round]) -> Iterator[Measured]:
    cores = 1 if must_be_alone(claim) else available_cores()
    for number, each in enumerate(rounds, start=1):
        start = time.perf_counter()
        for arm, seed in each:
            yield measured_seed(claim, arm, arms[arm], seed)
        left = rounds[number:]
        workers = min(cores, len(left))
        is_told = number > 1  # the first one has compiled kernels, or worked out what serves all
        if is_told and workers > 1 and (time.perf_counter() - start) * len(left) > _WORTH:
            yield from _side_by_side(claim, arms, left, workers, cores // workers)
            return


def _side_by_side(claim: Claim, arms: _Arms, rounds: Sequence[_Round], workers: int, cores: int) -> Iterator[Measured]:
    """Yield what processes measure, each with so many cores.

    Those of joblib are no use here: one whose memory grows as a study loads its data stops, with a warning that, where
    warnings are errors, ends the thread that would start the next.
    """
    others = active_children()
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=belong_to_parent)
    try:
        for done in as_completed([pool.submit(_measured_beside, claim, arms, each, cores) for each in rounds]):
            yield from done.result()
    except BrokenExecutor as error:
        words = "a process that measured was lost, as happens where memory is short: give the command again"
        raise NnlabError(f"{claim.study}: {words}") from error
    except BaseException:
        for process in set(active_children()).difference(others):
            process.terminate()  # nobody wants what it would measure
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _measured_beside(claim: Claim, arms: _Arms, each: _Round, cores: int) -> list[Measured]:
    with limited_cores(cores):
        return [measured_seed(claim, arm, arms[arm], seed) for arm, seed in each]
