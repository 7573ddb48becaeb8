"""The peers, each in a process of its own: notebooks come in as lines of JSON, what they took goes out.

    python peers.py WAY         WAY: shared, fresh or papermill

Stands alone: it is also run by interpreters that have no jupyter_viz. In: `{"cells": [source, …]}`. Out:
`{"execute": seconds, "export": seconds, "outputs": [MIME bundle, …]}`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# The modules beside this one are not for the libraries of others: papermill imports a `click`.
sys.path.remove(str(Path(__file__).parent))
# In the peers' favour: pages that refer to plotly.js are made faster than pages that hold it.
os.environ["PLOTLY_RENDERER"] = "plotly_mimetype+notebook_connected"

Answer = tuple[Any, float, float]


def new_notebook(cells: list[str]) -> Any:
    from nbformat import v4

    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def shared() -> Callable[[list[str]], Answer]:
    """As Kubeflow's visualization service does it: one kernel for all, nbconvert's ExecutePreprocessor, a page of HTML.

    But for one thing, in its favour: it makes a new HTMLExporter for each page, and here one is used again.
    """
    from jupyter_client.manager import start_new_kernel
    from nbconvert import HTMLExporter
    from nbconvert.preprocessors import ExecutePreprocessor

    manager, client = start_new_kernel(kernel_name="python3")
    client.stop_channels()
    executor = ExecutePreprocessor(timeout=100, allow_errors=True)
    exporter = HTMLExporter()

    def execute(cells: list[str]) -> Answer:
        began = time.perf_counter()
        notebook = new_notebook(cells)
        executor.preprocess(notebook, {"metadata": {"path": os.getcwd()}}, manager)
        executed = time.perf_counter()
        exporter.from_notebook_node(notebook)
        return notebook, executed - began, time.perf_counter() - executed

    return execute


def fresh() -> Callable[[list[str]], Answer]:
    """nbclient with a kernel of its own for each notebook."""
    from nbclient import NotebookClient

    def execute(cells: list[str]) -> Answer:
        began = time.perf_counter()
        notebook = new_notebook(cells)
        NotebookClient(notebook, timeout=100, kernel_name="python3").execute()
        return notebook, time.perf_counter() - began, 0.0

    return execute


def papermill() -> Callable[[list[str]], Answer]:
    """papermill, from a file to a file."""
    import nbformat
    from papermill import execute_notebook

    def execute(cells: list[str]) -> Answer:
        with tempfile.TemporaryDirectory() as folder:
            given, made = Path(folder, "in.ipynb"), Path(folder, "out.ipynb")
            nbformat.write(new_notebook(cells), given)
            began = time.perf_counter()
            notebook = execute_notebook(str(given), str(made), kernel_name="python3", progress_bar=False)
            return notebook, time.perf_counter() - began, 0.0

    return execute


def main() -> None:
    ways = {"shared": shared, "fresh": fresh, "papermill": papermill}
    # What a library prints must not be taken for an answer.
    with contextlib.redirect_stdout(sys.stderr):
        execute = ways[sys.argv[1]]()
        for line in sys.stdin:
            notebook, seconds, export = execute(json.loads(line)["cells"])
            outputs = [output for cell in notebook.cells for output in cell.outputs]
            text = json.dumps({"execute": seconds, "export": export, "outputs": outputs})
            print(text, file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    main()
