"""What a user sees before there is anything, when a part is missing, and after coming back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.court import Recorded
from browser.lab import Lab, open_lab
from browser.sidebar import artifact_row, open_sidebar
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Lab]:
    """A Lab that nobody used yet; not started."""
    lab = Lab(tmp_path / "fresh", base="/")
    yield lab
    lab.stop()


def test_the_first_time_shows_how_to_record_and_the_run_appears(page: Page, fresh: Lab) -> None:
    """An empty sidebar says what to do; doing exactly that fills it, without a reload."""
    fresh.start()
    open_lab(page, fresh.url)
    panel = open_sidebar(page)
    empty = panel.locator("[data-viz-empty]")
    expect(empty).to_be_visible()
    code = empty.locator("pre").inner_text()
    fresh.run(code)
    expect(panel.locator("[data-viz-run]")).to_have_count(1, timeout=90_000)
    expect(panel.locator('[data-viz-run] [data-viz-status="completed"]')).to_be_visible()


def test_without_the_server_side_the_sidebar_says_what_to_install(page: Page, fresh: Lab) -> None:
    """Lab's extension alone: one sentence and one line to run, not an endless spinner."""
    fresh.start("--ServerApp.jpserver_extensions=jupyter_viz=False")
    open_lab(page, fresh.url)
    problem = open_sidebar(page).locator('[data-viz-problem="absent"]')
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("pip install jupyter_viz")


def test_a_catalog_of_a_newer_version_is_named(page: Page, fresh: Lab) -> None:
    """After a downgrade the sidebar names the reason and the way out, and the catalog is not touched."""
    fresh.run("from jupyter_viz.client import Client; Client().list_pipeline_runs()")
    catalog = fresh.folder / "viz" / "catalog.db"
    with sqlite3.connect(catalog) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of-tomorrow'")
    connection.close()
    fresh.start()
    open_lab(page, fresh.url)
    problem = open_sidebar(page).locator('[data-viz-problem="broken"]')
    expect(problem).to_contain_text("newer jupyter_viz")
    expect(problem).to_contain_text("pip install --upgrade jupyter_viz")


def test_tabs_and_sidebar_come_back_after_a_reload(page: Page, lab: Lab, runs: list[Recorded]) -> None:
    """What was open is open again."""
    open_lab(page, lab.url)
    artifact_row(page, runs[0].name, "note").dblclick()
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel", has_text="note")).to_be_visible()
    page.evaluate("() => window.jupyterapp.serviceManager.workspaces && new Promise(done => setTimeout(done, 2000))")
    page.reload()
    page.wait_for_selector("#jp-main-dock-panel")
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel", has_text="note")).to_be_visible()
    expect(page.locator("#jupyter-viz-sidebar")).to_be_visible()


def test_an_artifact_whose_bytes_are_gone_says_so(page: Page, lab: Lab, runs: list[Recorded]) -> None:
    """A file that somebody removed is a sentence in its tab, and its run is listed all the same."""
    address = "court@seed-13/judge/verdicts"
    look = f"from jupyter_viz.client import Client; print(Client().get_artifact_version({address!r}).uri)"
    folder = lab.run(look).strip()
    shutil.rmtree(folder)
    open_lab(page, lab.url)
    artifact_row(page, "seed-13", "verdicts").click()
    main = page.locator("#jp-main-dock-panel")
    expect(main.get_by_text("removed").or_(main.get_by_text("gone")).first).to_be_visible()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_control_of_the_panel_has_a_name_and_the_keyboard_reaches_a_run(
    browser: Browser, page: Page, lab: Lab, runs: list[Recorded], theme: str
) -> None:
    """Without a mouse: arrows move through the tree and open it; without eyes: each button says what it does."""
    open_lab(page, lab.url)
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    light = "true" if theme.endswith("Light") else "false"
    # The command answers before the theme is there; its arrival takes the focus away.
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)
    expect(page.locator("#jupyterlab-splash")).to_have_count(0)
    panel = open_sidebar(page)
    row = panel.locator(f'[data-viz-run="{runs[0].name}"]')
    row.focus()
    row.press("ArrowRight")
    expect(row).to_have_attribute("aria-expanded", "true")
    row.press("ArrowDown")
    expect(panel.locator("[role=treeitem]:focus")).to_have_count(1)
    expect(row).not_to_be_focused()
    nameless = panel.locator("button, select, input").evaluate_all(
        "all => all.filter(c => !(c.ariaLabel || c.innerText || c.title)).map(c => c.outerHTML)"
    )
    assert nameless == []
