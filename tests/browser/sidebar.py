"""Finding one's way in the sidebar."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def open_sidebar(page: Page) -> Locator:
    panel = page.locator("#jupyter-viz-sidebar")
    # Not a click on its tab: that would close a sidebar which Lab is just restoring.
    page.evaluate("() => window.jupyterapp.shell.activateById('jupyter-viz-sidebar')")
    expect(panel).to_be_visible()
    return panel


def artifact_row(page: Page, run: str, artifact: str) -> Locator:
    """Unfold a run in the sidebar until the artifact shows. Runs are closed when this begins."""
    panel = open_sidebar(page)
    panel.locator(f'[data-viz-run="{run}"]').click()
    row = panel.locator(f'[data-viz-artifact="{artifact}"]')
    expect(row).to_be_visible()
    return row


def unfold_artifact(page: Page, run: str, artifact: str) -> None:
    """Show an artifact's visualizations, whatever of it was open before."""
    panel = open_sidebar(page)
    parent = panel.locator(f'[data-viz-run="{run}"]')
    expect(parent).to_be_visible()
    if parent.get_attribute("aria-expanded") != "true":
        parent.click()
    row = panel.locator(f'[data-viz-artifact="{artifact}"]').first
    expect(row).to_be_visible()
    if row.get_attribute("aria-expanded") != "true":
        row.focus()
        row.press("ArrowRight")
