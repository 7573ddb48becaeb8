"""A notebook as a user runs it: magics, the panel, and pictures that stay."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_viz.config import load_configuration
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.service import Service

CELLS = [
    "%load_ext jupyter_viz",
    "%viz roc_curve churn@latest/scores --score p",
    "from jupyter_viz import Creator\npanel = Creator('churn@latest/scores', 'roc_curve')\npanel",
    "panel.arguments.value = {'score': 'nope'}\npanel.wait()\nmaking = panel.making\n"
    "print(making.button.disabled, making.progress.value)",
    "panel.arguments.value = {'score': 'p'}\npanel.generate()\npanel.wait()\nprint(repr(panel.making.message.value))",
    "%viz table churn@latest/scores --rows 3",
    "%viz status",
    "%%viz custom churn@latest/scores\nimport matplotlib.pyplot as plt\n_ = plt.hist(source.table().to_pandas()['p'])",
    "%viz",
]


@pytest.fixture(scope="module")
def notebook(recorded: Any, tmp_path_factory: pytest.TempPathFactory, at_home: Any) -> NotebookNode:
    """A notebook as a user runs it, in a kernel whose HOME is another than the server's."""
    folder = tmp_path_factory.mktemp("kernel")
    with at_home(recorded.home):
        config = load_configuration()
        identity = Service(config).catalog.id
        own = {"HOME": str(folder), "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_VIZ_SERVER_CATALOG": identity}
        environment = {**os.environ, **config.environment(), **own}
    made = new_notebook(cells=[new_code_cell(cell) for cell in CELLS])
    client = NotebookClient(made, timeout=100, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    return made


def _data(notebook: NotebookNode, cell: int) -> list[Any]:
    return [output.data for output in notebook.cells[cell].outputs if "data" in output]


def test_a_result_is_a_bundle_richest_first(notebook: NotebookNode) -> None:
    [figure] = _data(notebook, 1)
    assert list(figure) == [MIME, PLOTLY, "text/html", "text/plain"]
    [table] = _data(notebook, 5)
    assert list(table) == [MIME, "text/html", "text/plain"]
    assert not any("stderr" in output.get("name", "") for cell in notebook.cells for output in cell.outputs)


def test_the_panel_shows_its_result_below_itself(notebook: NotebookNode) -> None:
    """As an output of the cell that shows it: there after a reload, without a kernel."""
    widget, result = _data(notebook, 2)
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert list(result) == [MIME, PLOTLY, "text/html", "text/plain"]
    assert "no column &#x27;nope&#x27;" in notebook.cells[3].outputs[0].text
    assert notebook.cells[4].outputs[0].text == "''\n"
    assert len(notebook.cells[4].outputs) == 1


def test_a_kernel_with_another_home_sees_the_servers_catalog(notebook: NotebookNode, recorded: Any) -> None:
    status = notebook.cells[6].outputs[0].text
    assert str(recorded.home) in status
    assert "problem" not in status


def test_a_plot_of_ones_own_is_shown(notebook: NotebookNode) -> None:
    assert any("image/png" in data for data in _data(notebook, 7))


def test_alone_the_magic_opens_the_panel(notebook: NotebookNode) -> None:
    assert "application/vnd.jupyter.widget-view+json" in _data(notebook, 8)[0]


def test_the_picture_is_in_a_page_made_of_the_notebook(notebook: NotebookNode, tmp_path: Path) -> None:
    """A saved notebook stays readable with no kernel, no extension, no trust, and through nbconvert."""
    saved = nbformat.reads(nbformat.writes(notebook), as_version=4)
    for cell in saved.cells:
        for output in cell.outputs:
            for mime in (MIME, PLOTLY):
                output.get("data", {}).pop(mime, None)  # a front end that knows neither of us
    page, _ = HTMLExporter(exclude_input=True).from_notebook_node(saved)
    picture = _data(notebook, 1)[0]["text/html"].partition('src="')[2].partition('"')[0]
    assert picture.startswith("data:image/svg+xml;base64,")
    assert page.count(picture) == 2  # of the magic and of the panel
    assert "AUC 0." in page
    full, _ = HTMLExporter(exclude_input=True).from_notebook_node(notebook)
    assert picture in full
