"""What a user does in the sidebar, in a real JupyterLab, straight and behind a proxy.

The pipeline is one that nobody here has seen before: seeded random data, columns of its own, recorded by another
process. The numbers the page shows are compared with scikit-learn's.
"""

from __future__ import annotations

import re

import numpy as np
from browser.court import RECORD, Recorded
from browser.curve import drawn_curve
from browser.lab import Lab, open_lab
from browser.sidebar import artifact_row, open_sidebar, unfold_artifact
from playwright.sync_api import Page, expect


def test_runs_stand_newest_first_with_their_own_metrics(page: Page, address: str, runs: list[Recorded]) -> None:
    """Somebody reading a metric in a row must be reading that run's."""
    open_lab(page, address)
    panel = open_sidebar(page)
    for run in runs:
        row = panel.locator(f'[data-viz-run="{run.name}"]')
        expect(row.locator('[data-viz-metric="area"]')).to_have_text(f"{run.area:.3f}")
        expect(row.locator('[data-viz-metric="hit_rate"]')).to_have_text(f"{run.hit_rate:.1%}")
        expect(row.locator('[data-viz-status="completed"]')).to_be_visible()
    shown = panel.locator("[data-viz-run]").evaluate_all("rows => rows.map(row => row.dataset.vizRun)")
    newest_first = [run.name for run in reversed(runs)]
    assert [name for name in shown if name in newest_first] == newest_first


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


def test_a_users_page_runs_its_script_but_reaches_nothing(page: Page, address: str, runs: list[Recorded]) -> None:
    """An HTML report is alive in its frame, and cannot touch Lab or the server."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_lab(page, address)
    artifact_row(page, runs[0].name, "page").click()
    frame = page.frame_locator('iframe[sandbox="allow-scripts"]').last  # what was rendered stands before it
    expect(frame.locator("h1")).to_have_text("Seen")
    expect(frame.locator("body")).to_have_attribute("data-ran", "yes")
    # The same as the result of a recipe, through the notebook's renderers.
    form = page.get_by_role("form", name="Visualization Creator")
    form.get_by_label("Type").select_option("html")
    form.get_by_role("button", name="Generate Visualization").click()
    rendered = page.get_by_role("figure", name=re.compile("^Page ")).first.frame_locator(
        'iframe[sandbox="allow-scripts"]'
    )
    expect(rendered.locator("h1")).to_have_text("Seen")
    expect(rendered.locator("body")).to_have_attribute("data-ran", "yes")
    assert not [url for url in requests if url.endswith("/api")]


def test_a_failed_run_says_why_in_its_row(page: Page, address: str, lab: Lab, runs: list[Recorded]) -> None:
    """The error in a line is one hover away, and no metric of another run stands in the row."""
    lab.run(RECORD, "-1")  # numpy refuses a negative seed
    open_lab(page, address)
    row = open_sidebar(page).locator("[data-viz-run]").first
    status = row.locator('[data-viz-status="failed"]')
    expect(status).to_be_visible()
    expect(status).to_have_attribute("title", re.compile("non-negative"))
    expect(row.locator('[data-viz-metric="area"]')).to_have_text("—")
