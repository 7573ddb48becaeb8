"""The notebook of a rendering: parameters as data, then the recipe or the user's code. A pure function."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..models import RenderRequest

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARAMETERS, OURS = "parameters", "jupyter-viz"
"""Tags of cells: the one with the parameters, which papermill finds by it; and each that is no code of the user's."""
METADATA = "jupyter_viz"

_RECIPE = """\
from jupyter_viz import visualize

visualize(parameters["recipe"], parameters["source"], **parameters["arguments"])"""

_CUSTOM = """\
from jupyter_viz.client import open_source

source = parameters["source"] and open_source(parameters["source"])
arguments = parameters["arguments"]"""
_CUSTOM_SEVERAL = """\
from jupyter_viz.client import open_sources
from jupyter_viz.rendering.headings import show_heading

sources = open_sources(parameters["source"])
arguments = parameters["arguments"]"""
_EACH = """\
source = sources[{number}]
show_heading(*parameters["headings"][{number}])"""


def build_notebook(
    request: RenderRequest, provenance: Mapping[str, Any], headings: Sequence[tuple[str, str | None]] = ()
) -> NotebookNode:
    """The notebook that renders `request`; run anywhere with the same configuration it gives the same picture.

    The user's code runs once for each of several sources, below its heading. Values reach the kernel as JSON inside one
    string literal, whatever they hold: they are never source text. Only `request.code` is code, in a cell of its own.

    Args:
        headings: Of each of several sources its label, and why it is absent, None where it is there.
    """
    from nbformat.v4 import new_code_cell, new_notebook  # imports jsonschema, which may take seconds

    several = isinstance(request.source, tuple)
    values: dict[str, Any] = {"recipe": request.recipe, "source": request.source, "arguments": dict(request.arguments)}
    values |= {"headings": list(headings)} if several and request.code is not None else {}
    # ASCII JSON of ASCII JSON: every backslash is doubled, so the literal means the same to Python as to JSON.
    literal = json.dumps(json.dumps(values, allow_nan=False))
    ours = {"tags": [OURS]}
    parameters = new_code_cell(
        f"import json\n\nparameters = json.loads(\n    {literal}\n)", metadata={"tags": [PARAMETERS, OURS]}
    )
    if request.code is None:
        cells = [parameters, new_code_cell(_RECIPE, metadata=ours)]
    elif not several:
        cells = [parameters, new_code_cell(_CUSTOM, metadata=ours), new_code_cell(request.code)]
    else:
        cells = [parameters, new_code_cell(_CUSTOM_SEVERAL, metadata=ours)]
        for number, (_, absent) in enumerate(headings):
            cells.append(new_code_cell(_EACH.format(number=number), metadata=ours))
            cells += [] if absent else [new_code_cell(request.code)]
    # Cell ids that do not change from one rendering to the next: the notebook is a function of the request.
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"viz-{number}"
        cell["execution_count"] = number
    notebook: NotebookNode = new_notebook(cells=cells)
    kernel = request.kernel or "python3"
    shown = "Python 3" if request.kernel is None else kernel
    notebook.metadata["kernelspec"] = {"name": kernel, "display_name": shown, "language": "python"}
    notebook.metadata[METADATA] = dict(provenance)
    return notebook


def executed_notebook(
    request: RenderRequest, provenance: Mapping[str, Any], bundle: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> NotebookNode:
    """The notebook of a recipe that ran in this process, with what it showed: a bundle that says its provenance."""
    from nbformat.v4 import new_output

    notebook = build_notebook(request, provenance)
    last = notebook.cells[-1]
    last.outputs = [
        new_output("execute_result", dict(bundle(provenance)), metadata={}, execution_count=last.execution_count)
    ]
    return notebook
