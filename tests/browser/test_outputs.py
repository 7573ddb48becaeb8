"""What can be done with a result where it is shown: tables searched and sorted, pages and pictures alive in frames."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from browser.lab import Lab, open_lab
from browser.notebook import cell, execute, trust, write_notebook
from nbformat.v4 import new_output
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, expect

NAME = "outputs.ipynb"
CELLS = [
    "%load_ext jupyter_viz",
    "%viz table scores.csv",
    "%viz image_gallery steps/*.png --per-page 8",
    "%viz image_gallery steps/*.png --per-page 8 --page 2",
    "%viz html one.html two.html",
    "%viz markdown one.md two.md",
    "%viz roc_curve curve.csv --target 'is gone' --score 'the probability of leaving'",
]
TABLE, GALLERY, SECOND_PAGE, PAGES, MARKDOWN, CURVE = range(1, 7)
# What a page would do if it could, and what became of it.
REACHING = """
const tried = name => document.body.dataset.reached = (document.body.dataset.reached ?? '') + name;
try { parent.document.body; tried('parent') } catch {}
try { localStorage.length; tried('storage') } catch {}
fetch('SERVERapi').then(() => tried('server')).catch(() => document.body.dataset.ran = 'yes');
"""


@pytest.fixture(scope="module")
def executed(lab: Lab) -> Path:
    rows = [f"run-{number},{number / 20},{'late' if number > 14 else 'early'}" for number in range(20)]
    (lab.root / "scores.csv").write_text("\n".join(["name,score,when", *rows]))
    (lab.root / "steps").mkdir()
    for step in range(10):
        Image.new("RGB", (32, 32), (25 * step, 0, 0)).save(lab.root / "steps" / f"step-{step}.png")
    (lab.root / "curve.csv").write_text("is gone,the probability of leaving\n0,0.1\n1,0.9\n0,0.6\n1,0.5\n")
    for name in ("one", "two"):
        (lab.root / f"{name}.md").write_text(f"# Of {name}\n\n- *first*\n- second\n")
        script = REACHING.replace("SERVER", lab.url)
        (lab.root / f"{name}.html").write_text(f"<title>Report</title><h1>{name}</h1><script>{script}</script>")
    notebook = write_notebook(lab, NAME, CELLS)
    execute(lab, notebook)
    return notebook


def signed(lab: Lab, notebook: Path) -> str:
    """The name of one like it that Lab trusts: not the same, because what is trusted is the content."""
    path = lab.root / "trusted.ipynb"
    copy = nbformat.read(notebook, 4)
    copy.metadata.title = "Trusted"
    nbformat.write(copy, path)
    trust(lab, path)
    return path.name


def opened(page: Page, lab: Lab, number: int, name: str = NAME) -> Locator:
    """A cell of the notebook, in Lab."""
    # In a workspace of its own: nothing that was open before comes back.
    open_lab(page, lab.url, f"lab/workspaces/{name.partition('.')[0]}/tree/{name}")
    page.wait_for_function("name => window.jupyterapp.shell.currentWidget?.context?.path === name", arg=name)
    page.evaluate(
        """async number => {
            const panel = window.jupyterapp.shell.currentWidget;
            await panel.revealed;
            await panel.content.scrollToItem(number, 'start');
        }""",
        number,
    )
    return cell(page, number)


def first_cells(table: Locator) -> list[str]:
    return table.locator("tbody tr td:first-child").all_inner_texts()


def test_a_table_is_searched_as_it_is_typed(page: Page, lab: Lab, executed: Path) -> None:
    """Words, columns and comparisons leave the rows they name; what is typed is no shortcut of the notebook's."""
    shown = opened(page, lab, TABLE)
    search = shown.get_by_role("searchbox", name="Search rows")
    rows, caption = shown.locator("tbody tr"), shown.locator("caption")
    expect(rows).to_have_count(20)
    search.press_sequentially("score>=0.9")
    expect(caption).to_have_text("2 of 20 rows match")
    assert first_cells(shown) == ["run-18", "run-19"]
    search.fill("when:early name:run-1")
    expect(caption).to_have_text("6 of 20 rows match")
    assert first_cells(shown) == ["run-1", "run-10", "run-11", "run-12", "run-13", "run-14"]
    search.fill("")
    search.press_sequentially("dd")  # in the notebook's command mode it deletes the cell
    expect(caption).to_have_text("0 of 20 rows match")
    expect(rows).to_have_count(0)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(CELLS))
    search.fill("")
    expect(rows).to_have_count(20)


def test_a_table_is_sorted_by_its_headers(page: Page, lab: Lab, executed: Path) -> None:
    """By mouse and by keyboard: up, down, and as it was; numbers in texts by their value, and a search stays."""
    shown = opened(page, lab, TABLE)
    header = shown.get_by_role("columnheader", name="name")
    button = header.get_by_role("button")
    button.click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert first_cells(shown)[:3] == ["run-0", "run-1", "run-2"]
    button.press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    assert first_cells(shown)[:3] == ["run-19", "run-18", "run-17"]
    shown.get_by_role("searchbox").fill("score<0.2")
    expect(shown.locator("tbody tr")).to_have_count(4)
    assert first_cells(shown) == ["run-3", "run-2", "run-1", "run-0"]
    button.press("Enter")
    expect(header).not_to_have_attribute("aria-sort", re.compile(".*"))
    assert first_cells(shown) == ["run-0", "run-1", "run-2", "run-3"]


@pytest.mark.parametrize("trusted", [False, True])
def test_a_gallery_is_gone_through_by_its_slider(page: Page, lab: Lab, executed: Path, trusted: bool) -> None:
    """Below the pictures of the page one large picture, chosen by mouse or keyboard, trusted or not."""
    shown = opened(page, lab, GALLERY, signed(lab, executed) if trusted else NAME)
    expect(shown.locator("figure img")).to_have_count(8)
    expect(shown).to_contain_text("Page 1 of 2")
    frame = shown.frame_locator("iframe")
    assert_alone(shown.locator("iframe"))
    slider, picture = frame.get_by_role("slider", name="Step"), frame.locator("img:visible")
    expect(picture).to_have_attribute("alt", "step-0.png")
    expect(slider).to_be_in_viewport()
    assert picture.evaluate("image => image.naturalWidth") == 32
    shown.locator("iframe").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(picture).to_have_attribute("alt", "step-2.png")
    expect(frame.locator("#name")).to_have_text("step-2.png")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    expect(picture).to_have_attribute("alt", "step-7.png")
    expect(cell(page, SECOND_PAGE).locator("figure figcaption")).to_contain_text(["step-8.png", "step-9.png"])


@pytest.mark.parametrize("trusted", [False, True])
def test_several_pages_stand_below_their_names(page: Page, lab: Lab, executed: Path, trusted: bool) -> None:
    """Each is alive in a frame of its own, and reaches neither Lab nor the server."""
    shown = opened(page, lab, PAGES, signed(lab, executed) if trusted else NAME)
    assert shown.locator("h4").all_inner_texts() == ["one.html", "two.html"]
    expect(shown.locator("iframe")).to_have_count(2)
    for at, name in enumerate(("one", "two")):
        assert_alone(shown.locator("iframe").nth(at))
        frame = shown.frame_locator("iframe").nth(at)
        expect(frame.locator("h1")).to_have_text(name)
        assert_reached_nothing(frame)


def test_markdown_of_several_files_is_formatted(page: Page, lab: Lab, executed: Path) -> None:
    shown = opened(page, lab, MARKDOWN)
    for name in ("one", "two"):
        expect(shown.get_by_role("heading", name=f"{name}.md")).to_be_visible()
        expect(shown.get_by_role("heading", name=f"Of {name}")).to_be_visible()
    expect(shown.locator("li em")).to_have_count(2)


def test_a_long_title_is_broken_while_the_plot_is_narrow(page: Page, lab: Lab, executed: Path) -> None:
    """Rather than cut at its edge, and above the plot rather than on it."""
    shown = opened(page, lab, CURVE)
    title, lines = shown.locator(".gtitle"), shown.locator(".gtitle tspan")
    expect(title).to_be_visible()
    expect(lines).to_have_count(0)
    page.set_viewport_size({"width": 700, "height": 900})
    shown.scroll_into_view_if_needed()
    expect(lines).to_have_count(2)
    whole, text, plot = (
        shown.locator(selector).bounding_box() for selector in (".js-plotly-plot", ".gtitle", ".nsewdrag")
    )
    assert whole is not None
    assert text is not None
    assert plot is not None
    assert text["x"] + text["width"] <= whole["x"] + whole["width"]
    assert text["y"] + text["height"] <= plot["y"]
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(lines).to_have_count(0)


@pytest.mark.parametrize("trusted", [False, True])
def test_a_frame_that_a_notebook_brings_along_is_none_of_its_making(page: Page, lab: Lab, trusted: bool) -> None:
    """Whoever writes the notebook writes its frames too: whatever they ask for, and wherever they stand."""
    script = REACHING.replace("SERVER", lab.url).replace('"', "&quot;")
    html = (
        '<section class="jp-viz-Frame-place0"><p>Before<iframe sandbox="allow-scripts allow-same-origin" title="a<b>" '
        f'srcdoc="<h1>in</h1><script>{script}</script>"></iframe>after</p></section>'
    )
    own = {"version": 1, "kind": "document", "title": "T", "alt": "A."}
    data = {"application/vnd.jupyter-viz.v1+json": own, "text/html": html, "text/plain": "T"}
    path = write_notebook(lab, f"foreign-{trusted}.ipynb", [""])
    notebook = nbformat.read(path, 4)
    notebook.cells[0].outputs = [new_output("display_data", data=data)]
    nbformat.write(notebook, path)
    if trusted:
        trust(lab, path)
    shown = opened(page, lab, 0, path.name)
    expect(shown.locator("iframe")).to_have_count(1)
    assert_alone(shown.locator("iframe"))
    frame = shown.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("in")
    assert_reached_nothing(frame)


def assert_alone(frame: Locator) -> None:
    expect(frame).to_have_attribute("sandbox", "allow-scripts")
    expect(frame).to_have_attribute("referrerpolicy", "no-referrer")
    expect(frame).to_have_attribute(
        "srcdoc", re.compile('^<meta http-equiv="Content-Security-Policy" content="default-src \'none\'')
    )


def assert_reached_nothing(frame: FrameLocator) -> None:
    expect(frame.locator("body")).to_have_attribute("data-ran", "yes")
    expect(frame.locator("body")).not_to_have_attribute("data-reached", re.compile(".*"))
