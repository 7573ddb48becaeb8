"""What a user does in a notebook, in a real JupyterLab: magics, the Creator, and results that last."""

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
    "from jupyter_viz import Creator\nCreator()",
]
ROC, CUSTOM, LOAD, WRONG, CREATOR = range(1, 6)


@pytest.fixture
def notebook(lab: Lab, runs: list[Recorded]) -> Path:
    return write_notebook(lab, NAME, CELLS)


def test_a_notebook_shows_keeps_and_survives(page: Page, address: str, lab: Lab, notebook: Path) -> None:
    """Magics, `load` and the Creator each do their work, and what they drew is in the saved file."""
    open_lab(page, address, f"lab/tree/{NAME}")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    run_cells(page, [0, ROC, CUSTOM, LOAD, WRONG, CREATOR])
    auc = next(run.area for run in _runs(lab) if run.name == "seed-12")

    curve = drawn_curve(page, cell(page, ROC).get_by_role("figure"))
    assert abs(np.trapezoid(curve[:, 1], curve[:, 0]) - auc) < 0.01
    expect(cell(page, CUSTOM).locator(".js-plotly-plot .bars").first).to_be_attached()
    expect(cell(page, LOAD).locator(".jp-OutputArea-output")).to_contain_text("((400, 2), ['truth', 'belief <b>'])")
    expect(cell(page, WRONG).locator(".jp-OutputArea-output")).to_contain_text("Did you mean 'truth'?")

    creator = cell(page, CREATOR)
    creator.scroll_into_view_if_needed()
    button = creator.get_by_role("button", name="Generate Visualization")
    expect(button).to_be_disabled()
    creator.get_by_label("Type").select_option(label="ROC curve")
    creator.get_by_label("Source").fill(SOURCE)
    creator.get_by_label("Arguments").fill("target: nothing")
    expect(button).to_be_enabled()
    button.click()
    expect(creator.get_by_role("alert")).to_contain_text("There is: belief <b>, truth")
    creator.get_by_label("Arguments").fill("target: truth\nscore: belief <b>")
    creator.get_by_label("Arguments").press("Tab")
    button.click()
    curve = drawn_curve(page, creator.get_by_role("figure"))
    assert abs(np.trapezoid(curve[:, 1], curve[:, 0]) - auc) < 0.01

    save(page)
    saved = nbformat.read(notebook, 4)
    for number in (ROC, CREATOR):
        bundles = [output.data for output in saved.cells[number].outputs if "data" in output]
        assert any("data:image/svg+xml" in str(bundle.get("text/html")) for bundle in bundles), number
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.reload()
    expect(cell(page, CREATOR).get_by_role("figure")).to_be_visible()


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
