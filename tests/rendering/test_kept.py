"""What a rendering leaves: cut where it is too much, plain where it was coloured, JSON that every reader takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from jupyter_viz.models import RenderRequest
from jupyter_viz.rendering.bundles import MIME
from jupyter_viz.rendering.kept import collect, dump, first_error, headline
from jupyter_viz.rendering.notebook import build_notebook


def _executed(*outputs: Any) -> NotebookNode:
    notebook = build_notebook(RenderRequest("custom", None, {}, "1"), {})
    notebook.cells[-1].outputs = list(outputs)
    return notebook


def test_a_flood_of_output_is_cut_and_that_is_said() -> None:
    """One hundred megabytes of print don't reach a browser; what is small enough does."""
    flood = new_output("stream", name="stdout", text="x" * (25 * 1024 * 1024))
    small = new_output("stream", name="stdout", text="small")
    kept = collect(_executed(flood, small))
    assert kept.truncated
    assert [output["text"] for output in kept.outputs] == ["small"]
    assert not collect(_executed(small)).truncated


def test_tracebacks_are_plain_text() -> None:
    error = new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[31mred\x1b[0m \x1b[1;32mgreen"])
    [kept] = collect(_executed(error)).outputs
    assert kept["traceback"] == ["red green"]


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("MissingColumn", "missing_column", "no"),
        ("ValueError", "code_failed", "ValueError: no"),
        ("did_you_mean", "code_failed", "did_you_mean: no"),
        ("Exception", "code_failed", "Exception: no"),
    ],
)
def test_an_error_of_ours_keeps_its_code(name: str, code: str, message: str) -> None:
    """A missing column is `missing_column`, whether it was noticed before the kernel or in it."""
    failure = first_error(collect(_executed(new_output("error", ename=name, evalue="no", traceback=["t"]))).outputs)
    assert failure is not None
    assert (failure.code, failure.message, failure.traceback) == (code, message, "t")
    assert first_error(()) is None


@pytest.mark.parametrize("own", [None, 5, {}, {"metrics": 5}, {"metrics": {"a": "x", "b": float("inf")}}])
def test_headlines_of_any_shape_are_no_crash(own: Any) -> None:
    assert headline(collect(_executed(new_output("display_data", data={MIME: own}))).outputs) == {}


def test_json_for_every_reader() -> None:
    assert json.loads(dump({"a": [float("nan"), 1, (float("inf"),)]})) == {"a": [None, 1, [None]]}


def test_running_out_of_memory_names_the_setting() -> None:
    error = new_output("error", ename="MemoryError", evalue="", traceback=["t"])
    failure = first_error(collect(_executed(error)).outputs)
    assert failure is not None
    assert failure.code == "memory_limit"
    assert "memory_limit" in failure.message
