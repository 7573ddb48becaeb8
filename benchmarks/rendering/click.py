"""From the click on "Generate Visualization" to the painted ROC curve, in Chromium.

    python -m benchmarks.rendering.click [--warm 30] [--cold 5] [-- LAB OPTIONS]

Each click is on an artifact, columns and arguments that were never seen before. Cold: the first click after a server
start, in a browser that has drawn nothing yet. Warm: the clicks after it. The clock is the page's own, from the click's
event until two animation frames after the curve stands in the DOM; the curve is then read back and its area compared
with scikit-learn's AUC.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys

import numpy as np
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.curve import drawn_curve
from tests.browser.lab import open_lab
from tests.browser.sidebar import open_sidebar

from .server import Server, running
from .tables import machine, markdown, milliseconds
from .work import Work, new_work

PATIENCE_MS = 120_000
RUN = "clicked"

# One run with a csv for each click.
RECORD = """
import sys
from pathlib import Path
from typing import Annotated
from jupyter_viz import pipeline, step

files = sorted(Path(sys.argv[1]).glob("*.csv"))

def evaluate():
    return tuple(files)

evaluate.__annotations__["return"] = tuple[tuple(Annotated[Path, file.stem] for file in files)]
evaluate = step(evaluate)

@pipeline(enable_artifact_visualization=False)
def churn():
    evaluate()

churn.with_options(run_name=sys.argv[2])()
"""

# The recipe draws two lines, chance and the curve.
_WATCH = """button => {
  window.benchmark = new Promise(resolve => button.addEventListener('click', () => {
    const clicked = performance.now();
    const plots = () => [...document.querySelectorAll('.js-plotly-plot')];
    const before = new Set(plots());
    const drawn = plot => [...plot.querySelectorAll('.scatterlayer path.js-line')]
      .filter(path => path.getAttribute('d')).length > 1;
    const observer = new MutationObserver(() => {
      if (plots().some(plot => !before.has(plot) && drawn(plot))) {
        observer.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - clicked)));
      }
    });
    observer.observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['d']});
  }, {capture: true, once: true}));
}"""


def choose(field: Locator, column: str) -> None:
    """Chosen from a list where the columns of an artifact are recorded, else typed."""
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(column)
    else:
        field.fill(column)


def click(page: Page, work: Work) -> float:
    """Seconds from click to curve. The artifact's row is in sight, and its tab not yet open."""
    row = page.locator(f'#jupyter-viz-sidebar [data-viz-artifact="{work.path.stem}"]')
    row.hover()
    row.get_by_role("button", name="Visualize").click()
    form = page.get_by_role("form", name="Visualization Creator")
    form.get_by_label("Type").select_option("roc_curve")
    choose(form.get_by_label("target", exact=True), work.label)
    choose(form.get_by_label("score", exact=True), work.score)
    button = form.get_by_role("button", name="Generate Visualization")
    button.evaluate(_WATCH)
    button.click()
    seconds = float(page.evaluate("() => window.benchmark")) / 1000
    figure = page.get_by_role("figure").filter(has=page.locator(".js-plotly-plot")).first
    curve = drawn_curve(page, figure)
    area = float(np.trapezoid(curve[:, 1], curve[:, 0]))
    assert abs(area - work.auc) < 0.01, f"area {area}, scikit-learn says {work.auc}"
    page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")
    return seconds


def clicks(browser: Browser, server: Server, works: list[Work]) -> list[float]:
    """Seconds of a click for each work, in a browser with nothing in its cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    open_lab(page, server.url)
    panel = open_sidebar(page)
    panel.locator(f'[data-viz-run="{RUN}"]').click()
    step = panel.get_by_role("treeitem", name="evaluate")
    if step.get_attribute("aria-expanded") != "true":  # a step with many artifacts comes folded
        step.click()
    found = []
    for work in works:
        found.append(click(page, work))
        print(f"{1000 * found[-1]:.0f} ms", file=sys.stderr)
    context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--warm", type=int, default=30, help="clicks after the cold one of the last start")
    parser.add_argument("--cold", type=int, default=5, help="server starts")
    parser.add_argument("options", nargs="*", help="for JupyterLab, after --")
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        parser.error("Chromium is missing: `make system` installs it.")
    cold: list[float] = []
    warm: list[float] = []
    with running(given.options) as server, sync_playwright() as playwright:
        csvs = server.folder / "csv"
        csvs.mkdir()
        works = [new_work(csvs) for _ in range(given.cold + given.warm)]
        server.run(RECORD, str(csvs), RUN)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        version = browser.version
        for number in range(given.cold):
            server.stop()
            server.start()
            # The clicks after the last cold one are the warm ones.
            following = works[given.cold :] if number == given.cold - 1 else []
            first, *others = clicks(browser, server, [works[number], *following])
            cold.append(first)
            warm += others
        browser.close()
    print(f"Click → painted ROC curve of a 10,000-row csv, Chromium {version}. {machine()}\n")
    rows = [[name, str(len(found)), *milliseconds(found)] for name, found in (("cold", cold), ("warm", warm)) if found]
    print(markdown(["", "n", "p50 ms", "p95", "p99"], rows))


if __name__ == "__main__":
    main()
