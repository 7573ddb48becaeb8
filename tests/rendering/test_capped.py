"""Floods and strays: what no page can show is cut or stopped, and nothing outlives its rendering."""

from __future__ import annotations

import asyncio
import os
import subprocess
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_viz.errors import OutputLimitExceeded
from jupyter_viz.rendering.capped import KEPT_OUTPUTS, KEPT_STREAM
from jupyter_viz.rendering.kernels import PlainKernels, allowed_environment


def execute(code: str) -> Any:
    notebook = new_notebook(cells=[new_code_cell(code)])
    asyncio.run(PlainKernels().execute(notebook, allowed_environment(os.environ), 60))
    return notebook


def test_an_endless_flood_is_stopped_by_its_size() -> None:
    """A print in a loop must end the rendering, not the server's memory."""
    with pytest.raises(OutputLimitExceeded, match="show less"):
        execute("while True: print('x' * 1_000_000)")


def test_a_long_output_is_cut_and_says_so() -> None:
    """Of 4 MB of text and 900 displays the beginning is kept."""
    notebook = execute(f"print('y' * {4 * KEPT_STREAM})\nfor number in range(900): display(number)")
    outputs = notebook.cells[0].outputs
    assert len(outputs[0].text) == KEPT_STREAM
    assert len(outputs) <= KEPT_OUTPUTS
    assert notebook.metadata["truncated"] is True


def test_a_process_in_a_session_of_its_own_ends_too() -> None:
    """A daemon that a cell starts must not be there when its picture is."""
    execute("import subprocess; subprocess.Popen(['sleep', '98765'], start_new_session=True)")
    assert subprocess.run(["pgrep", "-f", "sleep 98765"], capture_output=True, check=False).returncode == 1
