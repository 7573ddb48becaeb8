"""What a user does in the sidebar, in a real JupyterLab, straight and behind a proxy.

The pipeline is one that nobody here has seen before: seeded random data, columns of its own, recorded by another
process. The numbers the page shows are compared with scikit-learn's.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.lab import Lab, open_lab

RECORD = """
import json, sys
from typing import Annotated
import numpy as np, pandas as pd
from sklearn.metrics import accuracy_score, roc_auc_score
from jupyter_viz import log_metrics, pipeline, step
from jupyter_viz.types import HTMLString, MarkdownString

@step
def judge(seed: int) -> tuple[
    Annotated[pd.DataFrame, "verdicts"], Annotated[HTMLString, "page"], Annotated[MarkdownString, "note"]
]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 400)
    belief = np.round(truth * rng.uniform(0.2, 1.2) + rng.normal(size=400), 2)
    auc, right = roc_auc_score(truth, belief), accuracy_score(truth, belief > 0.5)
    log_metrics({"hit_rate": right}, format="PERCENTAGE")
    log_metrics({"area": auc})
    page = "<h1>Seen</h1><script>document.body.dataset.ran = 'yes'; fetch('/api').catch(() => {})</script>"
    return (pd.DataFrame({"truth": truth, "belief <b>": belief}), HTMLString(page), MarkdownString(f"**{auc:.3f}**"))

@pipeline
def court(seed: int):
    judge(seed)

runs = []
for seed in map(int, sys.argv[1:]):
    if seed < 0:
        try:
            court(seed)
        except ValueError:
            continue
    run = court.with_options(run_name=f"seed-{seed}")(seed)
    runs.append({"name": run.name, "hit_rate": run.metrics["hit_rate"].value, "area": run.metrics["area"].value})
print(json.dumps(runs))
"""


@dataclass
class Recorded:
    name: str
    hit_rate: float
    area: float


@pytest.fixture(scope="module")
def runs(lab: Lab) -> list[Recorded]:
    return [Recorded(**run) for run in json.loads(lab.run(RECORD, "11", "12", "13"))]


def open_sidebar(page: Page) -> Locator:
    panel = page.locator("#jupyter-viz-sidebar")
    if not panel.is_visible():
        page.click('li.lm-TabBar-tab[data-id="jupyter-viz-sidebar"]')
    expect(panel).to_be_visible()
    return panel


def artifact_row(page: Page, run: str, artifact: str) -> Locator:
    """Unfold a run in the sidebar until the artifact shows. Runs are closed when this begins."""
    panel = open_sidebar(page)
    panel.locator(f'[data-viz-run="{run}"]').click()
    row = panel.locator(f'[data-viz-artifact="{artifact}"]')
    expect(row).to_be_visible()
    return row


def drawn_curve(page: Page, figure: Locator) -> np.ndarray:
    """The (x, y) data coordinates of the longest line on a plot, read from its SVG path and its axes."""
    path = figure.locator(".scatterlayer .trace path.js-line")
    expect(path.nth(1)).to_be_attached()
    lines, axes = figure.evaluate(
        """node => {
            const plot = node.querySelector('.js-plotly-plot') ?? node.closest('.js-plotly-plot');
            const axis = a => ({from: a.range[0], to: a.range[1], length: a._length});
            const paths = [...plot.querySelectorAll('.scatterlayer .trace path.js-line')];
            return [paths.map(p => p.getAttribute('d')),
                    {x: axis(plot._fullLayout.xaxis), y: axis(plot._fullLayout.yaxis)}];
        }"""
    )
    numbers = [np.array(re.findall(r"-?\d+(?:\.\d+)?", line), dtype=float) for line in lines]
    assert all("H" not in line and "V" not in line for line in lines)
    pixels = max(numbers, key=len).reshape(-1, 2)
    x = axes["x"]["from"] + pixels[:, 0] / axes["x"]["length"] * (axes["x"]["to"] - axes["x"]["from"])
    # Pixels count downwards.
    y = axes["y"]["from"] + (1 - pixels[:, 1] / axes["y"]["length"]) * (axes["y"]["to"] - axes["y"]["from"])
    return np.column_stack([x, y])


def test_runs_stand_newest_first_with_their_own_metrics(page: Page, address: str, runs: list[Recorded]) -> None:
    """Somebody reading a metric in a row must be reading that run's."""
    open_lab(page, address)
    panel = open_sidebar(page)
    for run in runs:
        row = panel.locator(f'[data-viz-run="{run.name}"]')
        expect(row.locator('[data-viz-metric="area"]')).to_have_text(f"{run.area:.3f}")
        expect(row.locator('[data-viz-metric="hit_rate"]')).to_have_text(f"{run.hit_rate:.1%}")
        expect(row.locator('[data-viz-status="completed"]')).to_be_visible()
    shown = [name for name in panel.locator("[data-viz-run]").evaluate_all("rows => rows.map(r => r.dataset.vizRun)")]
    assert shown == [run.name for run in reversed(runs)]


def test_visualize_draws_a_roc_curve_that_is_kept(page: Page, address: str, lab: Lab, runs: list[Recorded]) -> None:
    """From an artifact in the sidebar to a curve whose area is the AUC, still there after server and page restart."""
    run = runs[1]
    open_lab(page, address)
    row = artifact_row(page, run.name, "verdicts")
    row.hover()
    row.get_by_role("button", name="Visualize").click()
    form = page.get_by_role("form", name="Visualization Creator")
    form.get_by_label("Type").select_option("roc_curve")
    form.get_by_label("target").select_option("truth")
    form.get_by_label("score", exact=True).select_option("belief <b>")
    form.get_by_role("button", name="Generate Visualization").click()
    figure = page.get_by_role("figure").filter(has=page.locator(".js-plotly-plot")).first
    curve = drawn_curve(page, figure)
    assert abs(np.trapezoid(curve[:, 1], curve[:, 0]) - run.area) < 0.01
    expect(page.locator("#jp-main-dock-panel").get_by_text(f"{run.area:.3f}").first).to_be_visible()
    # Listed under its artifact, and opened again by a server and a page that know nothing of before.
    listed = page.locator("#jupyter-viz-sidebar [data-viz-visualization]").filter(has_text="ROC curve")
    expect(listed.first).to_be_attached()
    lab.stop()
    lab.start()
    open_lab(page, address)
    unfold_artifact(page, run.name, "verdicts")
    page.locator("#jupyter-viz-sidebar [data-viz-visualization]").filter(has_text="ROC curve").first.dblclick()
    again = drawn_curve(page, page.get_by_role("figure").filter(has=page.locator(".js-plotly-plot")).last)
    assert abs(np.trapezoid(again[:, 1], again[:, 0]) - run.area) < 0.01


def unfold_artifact(page: Page, run: str, artifact: str) -> None:
    """Show an artifact's visualizations, whatever of it was open before."""
    panel = open_sidebar(page)
    parent = panel.locator(f'[data-viz-run="{run}"]')
    expect(parent).to_be_visible()
    if parent.get_attribute("aria-expanded") != "true":
        parent.click()
    row = panel.locator(f'[data-viz-artifact="{artifact}"]').first
    expect(row).to_be_visible()
    if row.get_attribute("aria-expanded") != "true":
        row.focus()
        row.press("ArrowRight")


def test_a_users_page_runs_its_script_but_reaches_nothing(page: Page, address: str, runs: list[Recorded]) -> None:
    """An HTML report is alive in its frame, and cannot touch Lab or the server."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_lab(page, address)
    artifact_row(page, runs[0].name, "page").click()
    frame = page.frame_locator('iframe[sandbox="allow-scripts"]')
    expect(frame.locator("h1")).to_have_text("Seen")
    expect(frame.locator("body")).to_have_attribute("data-ran", "yes")
    assert not [url for url in requests if url.endswith("/api")]


def test_a_failed_run_says_why_in_its_row(page: Page, address: str, lab: Lab, runs: list[Recorded]) -> None:
    """The error's last line is one hover away, and no metric of another run stands in the row."""
    lab.run(RECORD, "-1")  # numpy refuses a negative seed
    open_lab(page, address)
    row = open_sidebar(page).locator("[data-viz-run]").first
    status = row.locator('[data-viz-status="failed"]')
    expect(status).to_be_visible()
    expect(status).to_have_attribute("title", re.compile("non-negative"))
    expect(row.locator('[data-viz-metric="area"]')).to_have_text("—")
