"""The panel: three fields, a button that works exactly when it can, and a picture that stays in the notebook."""

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

from jupyter_viz import Creator
from jupyter_viz.config import load_configuration
from jupyter_viz.rendering.results import MIME, PLOTLY
from jupyter_viz.service import Service


@pytest.fixture
def panel(recorded_home: Any) -> Creator:
    return Creator()


def test_the_button_is_enabled_exactly_when_it_can_work(panel: Creator) -> None:
    assert panel.button.disabled
    panel.type.value = "roc_curve"
    assert panel.button.disabled
    panel.source.value = "churn@latest/scores"
    assert not panel.button.disabled
    panel.source.value = "   "
    assert panel.button.disabled
    panel.source.value = "x.csv"
    panel.type.value = None
    assert panel.button.disabled


def test_a_source_and_a_type_may_be_given(recorded_home: Any) -> None:
    panel = Creator(source="churn@latest/scores", recipe="table")
    assert (panel.source.value, panel.type.value, panel.button.disabled) == ("churn@latest/scores", "table", False)


def test_choosing_a_type_shows_its_arguments(panel: Creator) -> None:
    panel.type.value = "roc_curve"
    assert "# target: " in panel.arguments.placeholder
    assert "rate" in panel.about.value
    panel.type.value = "table"
    assert "rows" in panel.arguments.placeholder


def test_it_offers_recipes_by_title_and_tables_by_address(panel: Creator, recorded: Any) -> None:
    assert ("ROC curve", "roc_curve") in panel.type.options
    assert "custom" not in dict(panel.type.options).values()  # its code has no field here
    assert recorded.scores in panel.source.options
    assert recorded.artifacts["rows"].address in panel.source.options
    assert recorded.artifacts["report"].address not in panel.source.options


@pytest.mark.parametrize(
    ("source", "arguments", "said"),
    [
        ("churn@latest/score", "", "no artifact &#x27;score&#x27;"),
        ("absent.csv", "", "There is no file"),
        ("churn@latest/scores", "", "There is: label, p."),
        ("churn@latest/scores", "scor: p", "Did you mean &#x27;score&#x27;"),
        ("churn@latest/scores", "score: [", "is not YAML"),
        ("<img src=x onerror=alert(1)>", "", "&lt;img src=x"),
    ],
)
def test_an_error_is_shown_in_place(panel: Creator, source: str, arguments: str, said: str) -> None:
    """As a sentence, escaped; and the panel is ready for the next try."""
    panel.type.value, panel.source.value, panel.arguments.value = "roc_curve", source, arguments
    panel.generate()
    assert said in panel.message.value
    assert 'role="alert"' in panel.message.value
    assert "<img" not in panel.message.value
    assert (panel.button.disabled, panel.button.description) == (False, "Generate Visualization")


@pytest.mark.parametrize(
    ("recipe", "source", "shown"),
    [
        ("metric_trend", "churn", "over"),
        ("diff", "'old file.csv' new.csv", "new.csv"),
        ("table", "old file.csv", "x"),
        ("text", "*.txt", "two.txt"),
    ],
)
def test_a_source_means_what_it_means_in_the_magic(
    panel: Creator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recipe: str, source: str, shown: str
) -> None:
    """A pipeline's name for recipes over runs, two sources where they are compared, all files of a pattern."""
    monkeypatch.chdir(tmp_path)
    for name in ("old file.csv", "new.csv", "one.txt", "two.txt"):
        (tmp_path / name).write_text("x\n1\n")
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(panel, "_show", bundles.append)
    panel.type.value, panel.source.value = recipe, source
    panel.generate()
    assert panel.message.value == ""
    assert shown in str(bundles)


def test_an_empty_catalog_is_no_reason_not_to_open() -> None:
    assert Creator().source.options == ()


CELLS = [
    "%load_ext jupyter_viz",
    "%viz roc_curve churn@latest/scores --score p",
    "from jupyter_viz import Creator\npanel = Creator('churn@latest/scores', 'roc_curve')\npanel",
    "panel.arguments.value = 'score: nope'\npanel.generate()\nprint(panel.message.value)",
    "panel.arguments.value = 'score: p'\npanel.generate()\nprint(repr(panel.message.value))",
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
