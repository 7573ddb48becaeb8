"""Notebooks in a Lab: written, run, looked at."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from browser.lab import Lab
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page


def write_notebook(lab: Lab, name: str, sources: Sequence[str]) -> Path:
    """A notebook of code cells in the Lab's root folder, instead of what is there."""
    path = lab.root / name
    path.unlink(missing_ok=True)
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def execute(lab: Lab, notebook: Path) -> None:
    """Run the notebook without a browser, as a scheduled job would: no Lab trusts what it shows."""
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to=notebook", "--inplace", "--execute", str(notebook)],
        env=lab.environment,
        check=True,
        capture_output=True,
    )


def trust(lab: Lab, notebook: Path) -> None:
    """Sign the notebook, as its author's own Lab does."""
    subprocess.run(
        [sys.executable, "-m", "nbformat.sign", str(notebook)], env=lab.environment, check=True, capture_output=True
    )


def run_cells(page: Page, numbers: list[int]) -> None:
    """Execute cells one by one, as Shift+Enter does, and wait for each."""
    page.evaluate(
        """async numbers => {
            const app = window.jupyterapp;
            const panel = app.shell.currentWidget;
            await panel.sessionContext.ready;
            for (const number of numbers) {
                panel.content.activeCellIndex = number;
                await app.commands.execute('notebook:run-cell');
                while (panel.content.widgets[number].model.executionState === 'running')
                    await new Promise(done => setTimeout(done, 50));
            }
        }""",
        numbers,
    )


def save(page: Page) -> None:
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")


def cell(page: Page, number: int) -> Locator:
    return page.locator(f".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell[data-windowed-list-index='{number}']")


def taken_note_of(page: Page) -> None:
    """The kernel has answered all that was typed: until then a panel's button speaks of what stood there before."""
    page.evaluate(
        """async () => {
            const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
            await kernel.requestExecute({ code: '', silent: true }).done;
        }"""
    )
