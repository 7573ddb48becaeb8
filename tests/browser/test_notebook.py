"""What a user does in a notebook, in a real JupyterLab: magics, and results that last."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import numpy as np
import pytest
from browser.court import Recorded
from browser.curve import drawn_curve
from browser.lab import Lab, open_lab
from browser.notebook import cell, execute, run_cells, save, write_notebook
from playwright.sync_api import Page, expect

SOURCE = "court@seed-12/judge/verdicts"
NAME = "verdicts.ipynb"
CELLS = [
    "%load_ext jupyter_viz",
    f"%viz roc_curve {SOURCE} --target truth --score 'belief <b>'",
    f"%%viz custom {SOURCE}\nimport plotly.express as px\npx.histogram(source.table().to_pandas(), x='truth')",
    f"from jupyter_viz import load\nload('{SOURCE}').shape, list(load('{SOURCE}').columns)",
    f"%viz roc_curve {SOURCE} --target trut",
]
ROC, CUSTOM, LOAD, WRONG = range(1, 5)


@pytest.fixture
def notebook(lab: Lab, runs: list[Recorded]) -> Path:
    return write_notebook(lab, NAME, CELLS)


def test_a_notebook_shows_keeps_and_survives(page: Page, address: str, lab: Lab, notebook: Path) -> None:
    """Magics and `load` each do their work, and what they drew is in the saved file."""
    open_lab(page, address, f"lab/tree/{NAME}")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    run_cells(page, [0, ROC, CUSTOM, LOAD, WRONG])
    auc = next(run.area for run in _runs(lab) if run.name == "seed-12")

    curve = drawn_curve(page, cell(page, ROC).get_by_role("figure"))
    assert abs(np.trapezoid(curve[:, 1], curve[:, 0]) - auc) < 0.01
    expect(cell(page, CUSTOM).locator(".js-plotly-plot .bars").first).to_be_attached()
    expect(cell(page, LOAD).locator(".jp-OutputArea-output")).to_contain_text("((400, 2), ['truth', 'belief <b>'])")
    expect(cell(page, WRONG).locator(".jp-OutputArea-output")).to_contain_text("Did you mean 'truth'?")

    save(page)
    saved = nbformat.read(notebook, 4)
    bundles = [output.data for output in saved.cells[ROC].outputs if "data" in output]
    assert any("data:image/svg+xml" in str(bundle.get("text/html")) for bundle in bundles)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.reload()
    expect(cell(page, ROC).get_by_role("figure")).to_be_visible()


def test_tab_offers_what_there_is(page: Page, address: str, lab: Lab, notebook: Path) -> None:
    """In Lab's own popup: an address grows by Tab, and what is taken stands there whole."""
    write_notebook(lab, NAME, ["%load_ext jupyter_viz", "%viz roc_curve court@seed-12/", "%viz recipes"])
    open_lab(page, address, f"lab/tree/{NAME}")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    run_cells(page, [0, 2])  # what Tab needs is imported
    line = cell(page, 1).locator(".cm-content")
    line.click()
    line.press("End")
    for written, whole in (("", "court@seed-12/judge/verdicts"), (" --targ", "--target"), (" tr", "truth")):
        line.press_sequentially(written)
        popup = page.locator(".jp-Completer:not(.lm-mod-hidden)")
        for look in range(180):
            if look % 20 == 0:  # one that finds nothing in time leaves it to the next, and one too early takes it away
                line.press("Tab")
            page.wait_for_timeout(250)
            if popup.is_visible():
                popup.locator("li", has_text=whole).first.click()
            if line.inner_text().strip().endswith(whole):
                break
    expect(line).to_have_text("%viz roc_curve court@seed-12/judge/verdicts --target truth")


def test_an_untrusted_notebook_without_our_extension_still_shows_the_picture(
    page: Page, lab: Lab, notebook: Path, tmp_path: Path
) -> None:
    """Sent to a colleague who has neither jupyter_viz nor plotly in Lab, and whose Lab trusts nothing of it."""
    document = nbformat.read(notebook, 4)
    del document.cells[WRONG]
    nbformat.write(document, notebook)
    execute(lab, notebook)
    other = Lab(tmp_path, base="/")
    other.root.mkdir()
    (other.root / NAME).write_bytes(notebook.read_bytes())
    config = tmp_path / "home" / ".jupyter" / "labconfig"
    config.mkdir(parents=True)
    disabled = {"disabledExtensions": {"jupyter-viz": True, "@jupyterlab/plotly-extension:factory": True}}
    (config / "page_config.json").write_text(json.dumps(disabled))
    other.start()
    try:
        open_lab(page, other.url, f"lab/tree/{NAME}")
        picture = cell(page, ROC).locator("img[src^='data:image/svg+xml']")
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
        assert "AUC" in (picture.get_attribute("alt") or "")
        assert page.locator(".js-plotly-plot").count() == 0
    finally:
        other.stop()


def _runs(lab: Lab) -> list[Recorded]:
    script = """
import json
from jupyter_viz.client import Client
metrics = lambda run: {name: metric.value for name, metric in run.metrics.items()}
print(json.dumps([{"name": run.name, **metrics(run)} for run in Client().list_pipeline_runs("court") if run.metrics]))
"""
    return [Recorded(**run) for run in json.loads(lab.run(script))]
