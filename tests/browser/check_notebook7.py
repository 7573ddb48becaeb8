"""In Notebook 7, which has our extension but no sidebar: the magic, the panel, and what the buttons do.

`make test-integrations` runs it once there is an environment with Notebook 7; SHOWN_IN names its interpreter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from browser.court import RECORD
from browser.lab import TOKEN, Lab
from browser.notebook import cell, run_cells, taken_note_of, write_notebook
from playwright.sync_api import Locator, Page, expect

NAME = "simple.ipynb"
SOURCE = "court@latest/judge/verdicts"


@pytest.fixture(scope="module")
def notebook7(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    python = os.environ["SHOWN_IN"]
    made = Lab(tmp_path_factory.mktemp("notebook7"), python=python, module="notebook", app="JupyterNotebookApp")
    made.start()
    made.run(RECORD, "1")
    yield made
    made.stop()


@pytest.fixture
def panel(page: Page, notebook7: Lab) -> Locator:
    write_notebook(
        notebook7,
        NAME,
        ["%load_ext jupyter_viz", f"%viz roc_curve {SOURCE} --target truth --score 'belief <b>'", "%viz"],
    )
    page.goto(f"{notebook7.url}notebooks/{NAME}?token={TOKEN}")
    page.wait_for_function("name => window.jupyterapp?.shell.currentWidget?.context?.path === name", arg=NAME)
    run_cells(page, [0, 1, 2])
    return cell(page, 2)


def test_magic_and_panel_work(page: Page, panel: Locator) -> None:
    """A plot that can be read as a table; a result that is inserted as the cell that makes it."""
    figure = cell(page, 1).get_by_role("figure")
    expect(figure.locator(".js-plotly-plot")).to_be_visible()
    cell(page, 1).get_by_role("button", name="Table").click()
    expect(cell(page, 1).locator("table")).to_be_visible()

    panel.get_by_label("Type", exact=True).select_option(label="Table")
    panel.get_by_label("Source", exact=True).fill(SOURCE)
    taken_note_of(page)
    button = panel.get_by_role("button", name="Generate Visualization")
    expect(button).to_be_enabled()
    button.click()
    expect(panel.locator("table")).to_be_visible()
    panel.get_by_role("button", name="Insert as cell").click()
    expect(panel.get_by_text("Inserted below.")).to_be_visible()
    script = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(c => c.getSource())"
    [inserted] = page.evaluate(script)[3:]
    assert inserted.startswith(f"%%viz table {SOURCE}\n")


def test_cancel_is_heard_even_while_a_cell_runs(page: Page, panel: Locator) -> None:
    panel.get_by_label("Type", exact=True).select_option(label="Custom")
    panel.get_by_label("Code", exact=True).fill("import time\ntime.sleep(60)")
    taken_note_of(page)
    button = panel.get_by_role("button", name="Generate Visualization")
    expect(button).to_be_enabled()
    button.click()
    expect(panel.get_by_role("status").filter(has_text="Rendering for")).to_be_visible()
    page.evaluate(
        """() => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.model.sharedModel.cells[0].setSource('import time; time.sleep(50)');
            content.activeCellIndex = 0;
            void window.jupyterapp.commands.execute('notebook:run-cell');
        }"""
    )
    expect(cell(page, 0).locator(".jp-InputPrompt")).to_have_text("[*]:")
    panel.get_by_role("button", name="Cancel").click()
    expect(panel.get_by_text("It was cancelled.")).to_be_visible()
    expect(cell(page, 0).locator(".jp-InputPrompt")).to_have_text("[*]:")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    expect(cell(page, 0).locator(".jp-InputPrompt")).not_to_have_text("[*]:")
