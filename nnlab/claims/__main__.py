"""python -m nnlab.claims: put claims to the test: list, show, plan, run, verdict, report."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.claims.reading import BUDGETS, claim_ids, claims_folder, examine_claim, read_claim
from nnlab.console import new_console, show_error
from nnlab.console.commands import one_line_errors
from nnlab.errors import NnlabError, bad_value, unknown_name

if TYPE_CHECKING:
    from nnlab.claims.claim import Budget, Claim

_QUICK = "quick"
_AGAIN = ("rerun=", "retry=")
_ALLOWED = ("hydra/launcher", "hydra.launcher.", "tracking", "workers=", *_AGAIN)


def main() -> None:
    """Run the command line; exit with 2 for bad input, 130 after Ctrl-C. A refuted claim is a result, not an error."""
    arguments, others = _parse()
    with one_line_errors("interrupted; what had finished is kept: give the command again"):
        _check_others(arguments, others)
        arguments.command(arguments, others)


def _parse() -> tuple[argparse.Namespace, list[str]]:
    """Return the arguments, and the overrides among them, which may stand anywhere."""
    arguments, others = _parser().parse_known_args()
    if isinstance(ids := getattr(arguments, "ids", None), list):
        arguments.ids = [name for name in ids if "=" not in name]
        others = [name for name in ids if "=" in name] + others
    return arguments, others


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nnlab.claims", description=__doc__.partition(": ")[2])
    parser.add_argument("--folder", type=Path, help="of the claims (default: experiments)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listed = _command(commands, "list", _list, "all claims, and what has become of them")
    tables = listed.add_mutually_exclusive_group()
    tables.add_argument("--markdown", action="store_true", help="the table that the README has")
    tables.add_argument("--articles", action="store_true", help="the same by the lines of the articles, for notebooks/")
    _command(commands, "show", _show, "what a claim says, its arms and what would count as an answer", ids="one")
    plan = _command(commands, "plan", _plan, "before it is run: what can be found, and what it costs", ids="one")
    plan.add_argument(
        "--pilot", type=int, default=0, metavar="SEEDS", help="train so many first, to see how they scatter"
    )
    run = _command(commands, "run", _run, "train what is missing, and judge; overrides go to the trainings", ids="many")
    several = run.add_mutually_exclusive_group()
    several.add_argument("--all", action="store_true", help="every claim that has the budget")
    several.add_argument("--articles", action="store_true", help="of these, those about lines of the articles")
    run.add_argument("--anew", action="store_true", help="measure all again, what is stored is given up")
    _command(commands, "verdict", _verdict, "judge stored results again, without training", ids="one")
    report = _command(
        commands, "report", _report, "one page of all verdicts; trains the two controls, and nothing else"
    )
    report.add_argument("--output", type=Path, default=Path("report"), help="folder to write to (default: %(default)s)")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    function: Callable[..., None],
    text: str,
    ids: str = "",
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(command=function)
    if ids:
        number = {"metavar": "ID"} if ids == "one" else {"nargs": "*", "metavar": "ID"}
        parser.add_argument("ids", **number)  # type: ignore[arg-type]
    parser.add_argument("--budget", choices=BUDGETS, default=_QUICK, help="default: %(default)s")
    return parser


def _check_others(arguments: argparse.Namespace, others: list[str]) -> None:
    """Refuse what is neither an option nor, of trainings, an override that changes no result: protocols are frozen."""
    for other in others:
        is_training = arguments.command in (_run, _report) or (arguments.command is _plan and arguments.pilot)
        if not is_training or other.startswith("-") or "=" not in other:
            raise NnlabError(f"unknown argument {other}: python -m nnlab.claims --help lists what there is")
        if arguments.command is _report and other.startswith(_AGAIN):
            raise NnlabError(f"{other} is not for a report, which trains its controls anew each time")
        if not other.startswith(_ALLOWED):
            raise NnlabError(
                f"{other} would change what is measured: only {', '.join(_ALLOWED)} may be given to a claim"
            )


def _folder(arguments: argparse.Namespace) -> Path:
    folder: Path = arguments.folder or claims_folder()
    if not folder.is_dir():
        raise bad_value("--folder", folder, "a folder that there is")
    return folder


def _claim_and_budget(arguments: argparse.Namespace, name: str) -> tuple[Claim, Budget]:
    """Read a claim, and check it against what can be trained."""
    from nnlab.claims.protocol_checks import note_problems  # noqa: PLC0415

    claim, problems = examine_claim(_folder(arguments) / name)
    if arguments.budget in claim.budgets:
        note_problems(claim, claim.budgets[arguments.budget], problems)
    else:
        problems.add(str(unknown_name("budget", arguments.budget, claim.budgets)))
    problems.raise_any()
    return claim, claim.budgets[arguments.budget]


def _list(arguments: argparse.Namespace, _: list[str]) -> None:
    folder = _folder(arguments)
    if arguments.articles:
        from nnlab.claims.report.article_table import article_table  # noqa: PLC0415

        print(article_table(folder, folder.parent / "notebooks", arguments.budget))  # noqa: T201
        return
    if arguments.markdown:
        from nnlab.claims.report.verdict_table import verdict_table  # noqa: PLC0415

        print(verdict_table(folder, arguments.budget))  # noqa: T201 - a file's content, not to be folded
        return
    from nnlab.claims.tables import claims_table  # noqa: PLC0415

    new_console().print(claims_table([folder / name for name in claim_ids(folder)], arguments.budget))


def _show(arguments: argparse.Namespace, _: list[str]) -> None:
    from nnlab.claims.tables import show_claim  # noqa: PLC0415

    show_claim(*_claim_and_budget(arguments, arguments.ids), new_console())


def _plan(arguments: argparse.Namespace, others: list[str]) -> None:
    from nnlab.claims.deviations import FEWEST_PILOT_SEEDS  # noqa: PLC0415
    from nnlab.claims.planning import show_plan  # noqa: PLC0415

    if arguments.pilot and arguments.pilot < FEWEST_PILOT_SEEDS:
        raise bad_value("--pilot", arguments.pilot, f"at least {FEWEST_PILOT_SEEDS} seeds")
    show_plan(*_claim_and_budget(arguments, arguments.ids), new_console(), arguments.pilot, others)


def _run(arguments: argparse.Namespace, others: list[str]) -> None:
    from nnlab.claims.page import write_page  # noqa: PLC0415
    from nnlab.claims.recording import record_verdict  # noqa: PLC0415
    from nnlab.claims.results_file import load_results  # noqa: PLC0415
    from nnlab.claims.running import run_claim, stored_outcome  # noqa: PLC0415
    from nnlab.claims.tables import Judged, show_outcome, verdicts_table  # noqa: PLC0415
    from nnlab.console.counting import counted  # noqa: PLC0415

    ids, judged = arguments.ids, []
    if (arguments.all or arguments.articles) == bool(ids):
        raise NnlabError("give the ids of some claims, or --all, or --articles")
    console = new_console()
    names = ids or _several(arguments)
    read = (_claim_and_budget(arguments, name) for name in names)
    for place, (claim, budget) in enumerate(list(counted(read, "checking claims", console, len(names))), start=1):
        if len(names) > 1:
            console.print(f"claim {place} of {len(names)}: {claim.id}", markup=False)
        before, start = load_results(claim, budget), time.monotonic()
        was_missing = run_claim(claim, budget, console, others, anew=arguments.anew)
        results, outcome = stored_outcome(claim, budget)
        page = write_page(claim, budget, results, outcome)
        if was_missing and "tracking=none" not in others:
            record_verdict(claim, budget, results, outcome, page, console)
        show_outcome(claim, budget, results, outcome, console)
        console.print(f"page: {page}", markup=False, soft_wrap=True)
        judged.append(Judged(claim.id, results, before, time.monotonic() - start))
    if len(judged) > 1:
        console.print(verdicts_table(judged))


def _several(arguments: argparse.Namespace) -> list[str]:
    """Return the names of the claims that have the budget: all, or those about lines of the articles."""
    claims = [read_claim(_folder(arguments) / name) for name in claim_ids(_folder(arguments))]
    asked = [claim for claim in claims if arguments.all or "article" in claim.source]
    names = [claim.id for claim in asked if arguments.budget in claim.budgets]
    if not names:
        about = "" if arguments.all else " that is about a line of the articles"
        raise NnlabError(f"{_folder(arguments)} has no claim{about} with the budget {arguments.budget}")
    return names


def _verdict(arguments: argparse.Namespace, _: list[str]) -> None:
    from nnlab.claims.running import stored_outcome  # noqa: PLC0415
    from nnlab.claims.tables import show_outcome  # noqa: PLC0415

    claim = read_claim(_folder(arguments) / arguments.ids)
    budget = claim.budgets.get(arguments.budget)
    if budget is None:
        raise unknown_name("budget", arguments.budget, claim.budgets)
    show_outcome(claim, budget, *stored_outcome(claim, budget), new_console())


def _report(arguments: argparse.Namespace, others: list[str]) -> None:
    from nnlab.claims.report.writing import PAGE, write_report  # noqa: PLC0415

    console = new_console()
    report = write_report(_folder(arguments), arguments.output, arguments.budget, console, others)
    unjudged = f", {len(report.unjudged)} without a verdict" if report.unjudged else ""
    console.print(f"{report.summary}{unjudged}", markup=False)
    console.print(f"report: {arguments.output / PAGE}", markup=False, soft_wrap=True)
    for failed in report.failed_controls:
        name, verdict, allowed = failed.control.name, failed.entry.outcome.verdict, " or ".join(failed.control.allowed)
        show_error(f"{name} is {verdict} and must be {allowed}: no verdict can be relied on")
    if report.failed_controls:
        sys.exit(1)


if __name__ == "__main__":
    main()
