"""The report of all claims: what it says, and how it looks in headless Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from browsing import browsing, needs_chromium, webdriver
from claim_files import claim_with, write_claim
from command import run_module
from recording import all_runs

from nnlab.claims.figures.forest import forest_figure
from nnlab.claims.protocol import protocol_of
from nnlab.claims.report import pictures, writing
from nnlab.claims.report.controls import CONTROLS
from nnlab.claims.report.entries import Entry, holm_adjusted
from nnlab.claims.report.links import Links
from nnlab.claims.results_file import Results
from nnlab.claims.verdict import judge
from nnlab.console import new_console

SHIPPED = Path(__file__).parents[2] / "experiments"
WIDTHS = {"desktop": 1280, "phone": 360}


def entry(folder: Path, shift: float, **changes: object) -> Entry:
    """Return a claim of ten seeds whose arms differ by so much."""
    claim = claim_with(folder, **changes)
    budget = claim.budgets["quick"]
    noise = np.random.default_rng(1).normal(0, 1, 10)
    values = {"clean": np.full(10, 5.0), "wrong": 5.0 + shift + noise}
    results = Results(protocol_of(claim, budget))
    for arm, of_arm in values.items():
        results.note(claim.metrics[0], arm, dict(enumerate(of_arm.tolist())))
    return Entry(claim, budget, results, judge(claim, budget.looks, {claim.metrics[0]: values}))


def test_p_values_are_corrected_for_the_claims_that_leave_something_to_chance(tmp_path: Path) -> None:
    exact = [{"kind": "deterministic", "values": {"clean": 5.0}}]
    shifts = (0.25, 3.0, 0.26)
    entries = [*(entry(tmp_path, shift) for shift in shifts), entry(tmp_path, 0.0, criteria=exact)]
    p = sorted(each.outcome.p for each in entries if not np.isnan(each.outcome.p))
    by_hand = np.maximum.accumulate([min(1.0, (3 - place) * value) for place, value in enumerate(p)])
    adjusted = holm_adjusted(entries)
    assert sorted(each.adjusted_p for each in adjusted if not np.isnan(each.adjusted_p)) == pytest.approx(by_hand)
    assert np.isnan(adjusted[3].adjusted_p)
    assert not adjusted[3].is_lost_to_holm
    alone = [each for each in adjusted if each.is_lost_to_holm]
    assert all(each.outcome.p <= 0.05 < each.adjusted_p for each in alone)
    assert alone, "the test needs a claim that is significant alone"


def test_each_forest_plot_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    widths = []

    def drawn(claims: object, width: float, **how: bool) -> object:
        widths.append(width)
        return forest_figure(claims, width, **how)

    monkeypatch.setattr(pictures, "forest_figure", drawn)
    monkeypatch.setattr(writing, "train_controls", lambda *_: [])
    monkeypatch.setattr(writing, "read_entries", lambda *_, **__: ([entry(tmp_path, 3.0)], []))
    monkeypatch.setattr(writing, "links_of", lambda entries: [Links()] * len(entries))
    writing.write_report(tmp_path, tmp_path / "report", "quick", new_console())
    assert len(widths) == len(set(widths)) == 2, "for screens, which is the file, too, and for phones"


def report(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_module("nnlab.claims", folder, "report", *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report of one claim that was run, one that was not, and one that is broken."""
    folder = tmp_path_factory.mktemp("report")
    claims = folder / "experiments"
    published = [{"arm": "wrong", "value": 2.5, "source": "a paper", "note": "<b>other</b> data"}]
    write_claim(claims / "labels", published=published, expected="refuted")
    write_claim(claims / "unknown")
    write_claim(claims / "broken", colour="red", expected="yes")
    ran = run_module("nnlab.claims", folder, "run", "labels")
    assert ran.returncode == 0, ran.stderr
    done = report(folder)
    assert done.returncode == 0, done.stderr
    assert "2 without a verdict" in done.stdout
    assert "report: report/index.html" in done.stdout
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "report" / "index.html").read_text(encoding="utf-8")


def test_the_controls_are_trained_and_come_out_as_they_must(folder: Path, page: str) -> None:
    for control in CONTROLS:
        assert (folder / "report" / "controls" / control.name / "results-quick.json").exists()
        assert f'<section class="claim" id="claim-{control.name}"' in page
    assert "where nothing differs, nothing was found; an effect that was planted was found." in page


def test_every_claim_is_there_with_what_was_asked_for(folder: Path, page: str) -> None:
    for text in ("Wrong labels raise the test error.", "python -m nnlab.claims run labels --budget quick"):
        assert text in page
    assert "results-quick.json does not exist" in page
    assert "unknown key &#39;colour&#39;" in page
    assert "expected=yes is not allowed" in page
    assert "where refuted was expected" in page
    assert "&lt;b&gt;other&lt;/b&gt; data" in page
    results = (folder / "experiments" / "labels" / "results-quick.json").read_text(encoding="utf-8")
    assert re.search(r'"hash": "(\w+)"', results)[1] in page


def test_the_page_needs_nothing_beside_it(page: str) -> None:
    assert not re.findall(r'(?:src|href)="(?!data:|#|http://127\.0\.0\.1:5000/)[^"]*"', page)
    assert "<script" not in page


def test_its_runs_are_linked_where_the_store_has_them(folder: Path, page: str, tmp_path: Path) -> None:
    links = re.findall(r'href="(http://127\.0\.0\.1:5000/[^"]*)"', page)
    runs = [run for run in all_runs(f"sqlite:///{folder / 'mlflow.db'}") if run.data.tags.get("nnlab.sweep")]
    named = [run.info.run_id for run in runs if any(run.info.run_id in link for link in links)]
    assert len(named) == 5, "two arms of the claim, and of each control, of which two are the same"
    (tmp_path / "experiments").symlink_to(folder / "experiments")
    done = run_module("nnlab.claims", tmp_path, "report", "tracking=none")
    assert done.returncode == 0, done.stderr
    assert "Its runs are not in the store of this folder." in (tmp_path / "report" / "index.html").read_text("utf-8")
    assert not (tmp_path / "mlflow.db").exists()


def test_markdown_says_the_same(folder: Path) -> None:
    text = (folder / "report" / "README.md").read_text(encoding="utf-8")
    assert "| [labels](../experiments/labels) | " in text
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert all((folder / "report" / link).exists() for link in links), links
    assert "![" in text
    assert (folder / "report" / "forest.png").stat().st_size > 5000
    assert "## Without a verdict" in text


def test_a_control_that_fails_ends_the_command_with_an_error(folder: Path, tmp_path: Path) -> None:
    content = yaml.safe_load((SHIPPED / "control-planted" / "claim.yaml").read_text(encoding="utf-8"))
    content["arms"]["wrong"] = ["label_noise=0.001"]  # an effect that nobody can find
    write_claim(tmp_path / "experiments" / "control-planted", **content)
    done = report(tmp_path, "tracking=none", "--budget", "smoke")
    assert done.returncode == 1
    assert re.search(r"error: control-planted is \w+ and must be supported: no verdict can be relied on", done.stderr)
    assert "control-same is" not in done.stderr
    assert "nothing in this report can be relied on" in (tmp_path / "report" / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_a_control_that_expects_something_else_is_held_to_what_it_must_be(tmp_path: Path) -> None:
    different = {"arms": {"one": [], "same": ["width=4"]}, "varies": ["width"], "expected": "supported"}
    same = yaml.safe_load((SHIPPED / "control-same" / "claim.yaml").read_text(encoding="utf-8"))
    write_claim(tmp_path / "experiments" / "control-same", **(same | different | {"first_seed": None}))
    done = report(tmp_path, "tracking=none", "--budget", "smoke")
    assert done.returncode == 1
    assert "error: control-same is refuted and must be equivalent or inconclusive" in done.stderr


@pytest.mark.slow
def test_controls_are_trained_though_the_store_has_their_runs(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "again")
    done = report(tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert "had been run before" not in done.stdout
    assert done.stdout.count("learning curves of all jobs") == len(CONTROLS)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--output", "file"], "cannot write a report to file: "),
        (["--output", "/proc/nothing"], "cannot write a report to /proc/nothing: "),
        (["rerun=false"], "rerun=false is not for a report"),
        (["--folder", "experimnts"], "--folder=experimnts is not allowed: --folder must be a folder that there is"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_trained(arguments: list[str], line: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = arguments if "--folder" in arguments else []
    done = run_module("nnlab.claims", tmp_path, *before, "report", *([] if before else arguments))
    assert done.returncode == 2
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_control_that_cannot_decide_is_refused_with_its_file(tmp_path: Path) -> None:
    write_claim(tmp_path / "experiments" / "control-planted", metric="tst_error")
    done = report(tmp_path)
    assert done.returncode == 2
    assert "experiments/control-planted/claim.yaml: unknown metric 'tst_error'" in done.stderr


@pytest.mark.slow
def test_a_store_that_is_down_costs_the_links_alone(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "experiments", tmp_path / "experiments")
    done = run_module("nnlab.claims", tmp_path, "report", "tracking=none", MLFLOW_TRACKING_URI="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert "no links to runs: " in done.stderr
    assert "Wrong labels raise the test error." in (tmp_path / "report" / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_a_claim_that_was_amended_says_so_wherever_its_verdict_stands(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "experiments", tmp_path / "experiments")
    path = tmp_path / "experiments" / "labels" / "claim.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("label_noise=0.2", "label_noise=0.3"), encoding="utf-8")
    assert run_module("nnlab.claims", tmp_path, "run", "labels").returncode == 0
    assert report(tmp_path, "tracking=none").returncode == 0
    note = "Amended once after results were known; before that: supported."
    for name in ("report/index.html", "report/README.md", "experiments/labels/README.md"):
        assert note in (tmp_path / name).read_text(encoding="utf-8")
    assert "(amended)" in run_module("nnlab.claims", tmp_path, "list", "--markdown").stdout


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with browsing(tmp_path) as driver:
        yield driver


def look(browser: webdriver.Chrome, folder: Path, width: int, scheme: str) -> None:
    """Open the page as on a screen of some pixels' width."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get((folder / "report" / "index.html").as_uri())


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_the_page_opens_and_every_image_shows(
    width: int, scheme: str, folder: Path, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    look(browser, folder, width, scheme)
    browser.save_screenshot(tmp_path / "report.png")
    shown = browser.execute_script("return [...document.images].map(i => i.complete && i.naturalWidth > 0)")
    assert len(shown) >= 13
    assert all(shown)
    assert browser.execute_script("return [...document.images].every(i => i.alt.length > 20)")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    ground = browser.execute_script("return getComputedStyle(document.documentElement).backgroundColor")
    assert (int(re.search(r"\d+", ground)[0]) > 128) == (scheme == "light")
    assert browser.get_log("browser") == []


@needs_chromium
def test_the_keyboard_reaches_everything_first_the_overview(folder: Path, browser: webdriver.Chrome) -> None:
    from selenium.webdriver.common.keys import Keys

    look(browser, folder, WIDTHS["desktop"], "light")
    browser.switch_to.active_element.send_keys(Keys.TAB)
    first = browser.switch_to.active_element
    assert first.text == "Skip to the overview"
    assert first.rect["x"] >= 0, "what has the focus must be seen"
    first.send_keys(Keys.ENTER)
    assert browser.current_url.endswith("#overview")
    closed = browser.find_element("css selector", "details")
    closed.find_element("css selector", "summary").send_keys(Keys.ENTER)
    assert closed.get_attribute("open")
