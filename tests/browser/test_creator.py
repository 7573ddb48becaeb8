"""The Visualization Creator as a user drives it, in a real JupyterLab; and what is left where there is less."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser.court import Recorded
from browser.lab import Lab, open_lab
from browser.notebook import cell, run_cells, save, taken_note_of, write_notebook
from playwright.sync_api import Browser, Locator, Page, expect

SOURCE = "court@seed-12/judge/verdicts"
NAME = "panel.ipynb"
CELLS = ["from jupyter_viz import Creator\nCreator()", "'ran'"]
PLACE = """(plot, [x, y]) => {
    const { left, top } = plot.getBoundingClientRect();
    const { xaxis, yaxis } = plot._fullLayout;
    return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
}"""
CUSTOM = "import plotly.express as px\npx.histogram(source.table().to_pandas(), x='truth', title='Mine')"


@pytest.fixture(scope="module")
def wide(browser: Browser, lab: Lab) -> Iterator[Page]:
    """One page for all that happens to one notebook."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(45_000)
    yield context.new_page()
    context.close()


def opened(page: Page, lab: Lab, name: str = NAME) -> Locator:
    open_lab(page, lab.url, f"lab/tree/{name}")
    page.wait_for_function("name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=name)
    return cell(page, 0)


def cells_of(page: Page) -> list[str]:
    script = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(c => c.getSource())"""
    sources: list[str] = page.evaluate(script)
    return sources


def fill(panel: Locator, recipe: str, **fields: str) -> Locator:
    """The button, when the fields say so."""
    panel.get_by_label("Type", exact=True).select_option(label=recipe)
    for label, value in fields.items():
        field = panel.get_by_label(label, exact=True)
        if label in ("Source", "Code", "JSON"):
            field.fill(value)
        else:
            expect(field.locator("option", has_text=value)).not_to_have_count(0)
            field.select_option(label=value)
    taken_note_of(panel.page)
    return panel.get_by_role("button", name="Generate Visualization")


@pytest.fixture(scope="module")
def driven(wide: Page, lab: Lab, runs: list[Recorded]) -> Page:
    """A user chooses, is told what is wrong, generates twice, and cancels."""
    page, _ = wide, write_notebook(lab, NAME, CELLS)
    panel = opened(page, lab)
    run_cells(page, [0])
    button = fill(panel, "ROC curve", Source="court@seed-12/judge/verdict")
    expect(panel.get_by_role("status").filter(has_text="no artifact")).to_be_visible()
    expect(button).to_be_disabled()
    button = fill(panel, "ROC curve", Source=SOURCE, target="truth", score="belief <b>")
    expect(button).to_be_enabled()
    button.click()
    expect(panel.get_by_role("figure")).to_be_visible()
    button = fill(panel, "Custom", Code=CUSTOM)
    expect(button).to_be_enabled()
    button.click()
    expect(panel.locator(".js-plotly-plot")).to_have_count(2)
    return page


def test_results_stand_newest_first(driven: Page) -> None:
    captions = cell(driven, 0).locator(".jp-viz-Renderer-caption")
    expect(captions).to_have_text([re.compile("^2 · Custom"), re.compile("^1 · ROC curve")])


def test_a_result_is_inserted_as_the_cell_that_makes_it(driven: Page) -> None:
    """With what loads the magics, below the panel; and it runs."""
    cell(driven, 0).get_by_role("button", name="Insert as cell").nth(1).click()
    expect(cell(driven, 0).get_by_text("Inserted below.")).to_be_visible()
    wanted = f"%%viz roc_curve {SOURCE}\ntarget: truth\nscore: belief <b>"
    assert cells_of(driven) == [CELLS[0], "%load_ext jupyter_viz", wanted, CELLS[1]]
    run_cells(driven, [1, 2])
    expect(cell(driven, 2).get_by_role("figure")).to_be_visible()


CLICKED = [
    # What is shown, of which file, the point, what the new cell says, and how many rows it gets.
    (
        "confusion_matrix classes.csv",
        "label,predicted\n0,0\n0,1\n1,1\n1,1\n1,0\n0,0\n",
        (1, 1),
        '["predicted"] == 1',
        2,
    ),
    (
        "slicing_metrics slices.csv --by=region",
        "label,predicted,region\n1,1,north\n0,1,south\n0,1,south\n1,1,south\n0,0,north\n",
        (1 / 3, "south"),
        '["region"] == "south"',
        3,
    ),
    (
        "calibration chances.csv --bins=2",
        "label,score\n0,0.1\n1,0.1\n0,0.1\n0,0.1\n1,0.9\n1,0.9\n0,0.9\n",
        (0.1, 0.25),
        '["score"]',
        4,
    ),
]


@pytest.mark.parametrize(("line", "rows", "point", "code", "count"), CLICKED)
def test_a_click_on_a_plot_inserts_the_code_that_gets_its_rows(
    driven: Page, lab: Lab, line: str, rows: str, point: tuple[Any, Any], code: str, count: int
) -> None:
    """Of a cell of a confusion matrix, of a slice, of a bin of scores: as many as are counted there."""
    (lab.root / line.split()[1]).write_text(rows)
    driven.evaluate(
        """line => {
            const { model, widgets } = window.jupyterapp.shell.currentWidget.content;
            const source = `%load_ext jupyter_viz\n%viz ${line}`;
            model.sharedModel.insertCell(widgets.length, { cell_type: 'code', source });
        }""",
        line,
    )
    number = len(cells_of(driven)) - 1
    run_cells(driven, [number])
    # A cell out of view is not even in the page.
    driven.evaluate("n => window.jupyterapp.shell.currentWidget.content.scrollToItem(n, 'center')", number)
    plot = cell(driven, number).locator(".js-plotly-plot")
    plot.scroll_into_view_if_needed()
    for _ in range(50):  # it takes its size a moment after it is there
        x, y = plot.evaluate(PLACE, point)
        driven.mouse.move(x - 2, y)
        driven.mouse.move(x, y)
        driven.wait_for_timeout(300)
        is_still = plot.evaluate(PLACE, point) == [x, y]
        if is_still and cell(driven, number).locator(".hoverlayer .hovertext").count():
            break
    driven.mouse.click(x, y)
    driven.wait_for_function(
        "n => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.length === n", arg=number + 2
    )
    assert code in cells_of(driven)[number + 1]
    run_cells(driven, [number + 1])
    expect(cell(driven, number + 1).locator("table tbody tr")).to_have_count(count)


def test_cancel_is_heard_even_while_a_cell_runs(driven: Page) -> None:
    """The code sleeps for a minute, the kernel is busy too: both end at once, and the next cell runs."""
    panel = cell(driven, 0)
    button = fill(panel, "Custom", Code="import time\ntime.sleep(60)")
    expect(button).to_be_enabled()
    button.click()
    expect(panel.get_by_role("status").filter(has_text="Rendering for")).to_be_visible()
    last = len(cells_of(driven)) - 1
    driven.evaluate(
        """last => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.model.sharedModel.cells[last].setSource('import time; time.sleep(50)');
            content.activeCellIndex = last;
            void window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        last,
    )
    expect(cell(driven, last).locator(".jp-InputPrompt")).to_have_text("[*]:")
    panel.get_by_role("button", name="Cancel").click()
    expect(panel.get_by_text("It was cancelled.")).to_be_visible()
    expect(cell(driven, last).locator(".jp-InputPrompt")).to_have_text("[*]:")
    driven.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    expect(cell(driven, last).locator(".jp-InputPrompt")).not_to_have_text("[*]:")
    run_cells(driven, [3])
    expect(cell(driven, 3).locator(".jp-OutputArea-output")).to_contain_text("ran")


def test_what_must_be_rendered_here_can_be_interrupted(page: Page, lab: Lab) -> None:
    """A relation belongs to its connection, in the notebook's kernel: the button says what stopping it means."""
    made = "import duckdb\nrelation = duckdb.sql('select 1 as x')"
    write_notebook(lab, "here.ipynb", [f"{made}\n{CELLS[0]}", CELLS[1]])
    panel = opened(page, lab, "here.ipynb")
    run_cells(page, [0])
    button = fill(panel, "Custom", Source="relation", Code="import time\ntime.sleep(60)")
    expect(button).to_be_enabled()
    button.click()
    panel.get_by_role("button", name="Interrupt kernel").click()
    expect(panel.get_by_text("It was interrupted.")).to_be_visible()
    expect(button).to_be_enabled()
    run_cells(page, [1])
    expect(cell(page, 1).locator(".jp-OutputArea-output")).to_contain_text("ran")
    fill(panel, "Custom", Source="relation", Code="source.table().count().execute()").click()
    expect(panel.locator(".jp-viz-Renderer-caption")).to_have_text(re.compile("^1 · Custom · relation"))


def test_after_a_reload_of_the_page_the_panel_goes_on(driven: Page, lab: Lab) -> None:
    """The kernel lives: the panel is there again, and what it makes comes into the same output."""
    save(driven)
    driven.goto("about:blank")
    panel = opened(driven, lab)
    expect(panel.locator(".js-plotly-plot")).to_have_count(2)
    button = fill(panel, "Distribution of scores", target="truth", score="belief <b>")
    expect(button).to_be_enabled()
    button.click()
    expect(panel.locator(".jp-viz-Renderer-caption").first).to_have_text(re.compile("^3 · Distribution"))
    expect(panel.locator(".js-plotly-plot")).to_have_count(3)


def test_what_was_saved_is_there_without_a_kernel_an_extension_or_trust(
    driven: Page, page: Page, lab: Lab, tmp_path: Path
) -> None:
    """Next year, in the Lab of somebody who has neither jupyter_viz nor plotly; and in a page made of it."""
    save(driven)
    driven.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    driven.goto("about:blank")
    panel = opened(driven, lab)
    expect(panel.locator(".js-plotly-plot")).to_have_count(3)

    saved = nbformat.read(lab.root / NAME, 4)
    assert "widgets" not in saved.metadata
    exported = tmp_path / "exported.html"
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to=html", f"--output={exported}", str(lab.root / NAME)],
        env=lab.environment,
        check=True,
        capture_output=True,
    )
    assert exported.read_text().count('src="data:image/svg+xml') >= 3

    other = Lab(tmp_path / "other", base="/")
    other.root.mkdir(parents=True)
    (other.root / NAME).write_bytes((lab.root / NAME).read_bytes())
    config = other.folder / "home" / ".jupyter" / "labconfig"
    config.mkdir(parents=True)
    disabled = {"disabledExtensions": {"jupyter-viz": True, "@jupyterlab/plotly-extension:factory": True}}
    (config / "page_config.json").write_text(json.dumps(disabled))
    other.start()
    try:
        pictures = opened(page, other).locator("img[src^='data:image/svg+xml']")
        expect(pictures).to_have_count(3)
        for number in range(3):
            assert pictures.nth(number).evaluate("image => image.complete && image.naturalWidth > 100")
        assert page.locator(".js-plotly-plot").count() == 0
    finally:
        other.stop()
