"""The real `mlflow ui`, seen through headless Chromium: the runs, and a chart of their curves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import requests
from browsing import browsing, needs_chromium, webdriver
from mlflow import MlflowClient
from mlflow.entities import RunInfo
from recording import recording
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from nnlab.tracking import RunFacts

TRAINING = "?workflowType=machine_learning"  # else the menu is the one for chat models
NAMES = ("activation=relu", "activation=sigmoid")
PATIENCE_SECONDS = 60
USUAL_COMPLAINTS = ("/users/current", "ResizeObserver loop")

pytestmark = needs_chromium


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with browsing(tmp_path) as driver:
        yield driver


@pytest.fixture
def run(uri: str, facts: RunFacts) -> RunInfo:
    """Return the first of two runs, as a user's multirun leaves them."""
    for rate, name in enumerate(NAMES, start=1):
        record(uri, replace(facts, name=name), rate)
    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name("digits")
    [first] = client.search_runs([experiment.experiment_id], f"run_name = '{NAMES[0]}'")
    return first.info


def record(uri: str, facts: RunFacts, rate: int) -> None:
    rows = [
        {"seed": seed, "epoch": epoch, "train_loss": 1 / (1 + rate * epoch) + 0.1 * seed}
        for seed in range(2)
        for epoch in range(1, 21)
    ]
    with recording(uri, "digits", facts) as recorder:
        for row in rows:
            recorder.log_epoch(int(row["seed"]), int(row["epoch"]), {"train_loss": row["train_loss"]})
        recorder.log_mean_curves(pd.DataFrame(rows))
        recorder.log_summary(pd.DataFrame({"seed": [0, 1], "test_accuracy": [0.9, 0.95]}))


def see(browser: webdriver.Chrome, url: str, what: str, is_seen: Callable[[webdriver.Chrome], bool]) -> None:
    """Open a page and wait until something is on it."""
    browser.get(url)
    WebDriverWait(browser, PATIENCE_SECONDS).until(is_seen, f"{what} not seen at {url}")


def shows_both_names(browser: webdriver.Chrome) -> bool:
    text = browser.find_element(By.TAG_NAME, "body").text
    return all(name in text for name in NAMES)


def shows_a_chart(browser: webdriver.Chrome) -> bool:
    """Tell whether a line of plotly, drawn as SVG or on a canvas, is on the page."""
    lines = browser.find_elements(By.CSS_SELECTOR, ".js-plotly-plot .scatterlayer path.js-line, canvas")
    return any(line.is_displayed() for line in lines)


def complaints(browser: webdriver.Chrome) -> list[str]:
    """Return the console's severe messages, but for those that MLflow's UI gives for any data.

    It asks outside for news, and a server without logins for the current user; it lays out charts twice.
    """
    messages = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    local = [message for message in messages if "127.0.0.1" in message]
    return [message for message in local if not any(usual in message for usual in USUAL_COMPLAINTS)]


def test_a_plain_mlflow_ui_shows_runs_a_chart_and_artifacts(
    serve: Callable[..., AbstractContextManager[str]],
    run: RunInfo,
    browser: webdriver.Chrome,
    tmp_path: Path,
) -> None:
    with serve(tmp_path, "ui", "--workers", "1") as url:
        experiment = f"{url}/#/experiments/{run.experiment_id}"
        see(browser, f"{experiment}/runs{TRAINING}", "both names", shows_both_names)
        browser.save_screenshot(tmp_path / "runs.png")
        see(browser, f"{experiment}/runs/{run.run_id}/model-metrics{TRAINING}", "a chart", shows_a_chart)
        browser.save_screenshot(tmp_path / "metrics.png")
        query = {"path": "config.yaml", "run_uuid": run.run_id}
        assert requests.get(f"{url}/get-artifact", query, timeout=10).text == "depth: 4\n"
    assert complaints(browser) == []
