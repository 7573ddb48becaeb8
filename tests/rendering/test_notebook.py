"""Whatever is fed in stays data: it reaches the kernel byte for byte, and never as code."""

from __future__ import annotations

import ast
import json
import random
from typing import Any

import nbformat
import pytest

from jupyter_viz.models import RenderRequest
from jupyter_viz.rendering.notebook import METADATA, PARAMETERS, build_notebook

TEXTS = [
    "plain",
    "'", '"', "'''", '"""', "\\", "\\\\", "\\'", '\\"', "\\n", "\n", "\r", "\r\n", "\t",
    "{x}", "{{x}}", "$HOME", "${HOME}", "%run x", "%%bash", "!ls", "?x",
    "'); import os; os.system('x') #", '"); raise SystemExit #', "\\u0027", "\\x27", "\\N{APOSTROPHE}",
    "é", "日本", "🚀", "\ud800", "\udfff\ud83d", "\u2028\u2029\x85\x0b\x0c", "\0", "\x1b[31m", "\ufeff", "\u202e",
    "-" * 10_000, "</script><script>alert(1)</script>", "None", "parameters",
]  # fmt: skip


def _received(source: str) -> Any:
    """What a kernel has after it ran the cell."""
    names: dict[str, Any] = {}
    exec(compile(source, "cell", "exec"), names)
    return names["parameters"]


def _sent(request: RenderRequest) -> str:
    notebook = build_notebook(request, {})
    cell = notebook.cells[0]
    assert PARAMETERS in cell.metadata.tags
    assert cell.source.isascii()
    # Nothing but an import and one call with one literal.
    call = ast.parse(cell.source).body[1].value  # type: ignore[attr-defined]
    assert [type(argument) for argument in call.args] == [ast.Constant]
    for other in notebook.cells[1:]:
        assert (
            request.source is None
            or request.source in ("plain", "None", "parameters")
            or (request.source not in other.source or len(request.source) < 3)
        )
    return str(cell.source)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_any_text_arrives_byte_for_byte(text: str) -> None:
    request = RenderRequest(text, text, {text: text, "deep": [{"a": [text]}]})
    received = _received(_sent(request))
    assert received == {"recipe": text, "source": text, "arguments": {text: text, "deep": [{"a": [text]}]}}


def test_random_texts_arrive() -> None:
    draw = random.Random(5)
    for _ in range(500):
        text = "".join(chr(draw.choice([draw.randrange(128), draw.randrange(0x110000)])) for _ in range(30))
        assert _received(_sent(RenderRequest("r", "s" + text, {"a": text})))["arguments"] == {"a": text}


@pytest.mark.parametrize("value", [None, True, 0, -1, 2**80, 0.1 + 0.2, 1e308, [], {}, [1, [2, {"a": None}]]])
def test_any_value_arrives(value: Any) -> None:
    received = _received(_sent(RenderRequest("r", None, {"value": value})))["arguments"]["value"]
    assert received == value
    assert type(received) is type(value)


def test_only_code_is_code() -> None:
    code = 'print("""\\\n{x}""")\n%matplotlib inline'
    notebook = build_notebook(RenderRequest("custom", None, {}, code), {})
    assert [cell.cell_type for cell in notebook.cells] == ["code"] * 3
    assert notebook.cells[2].source == code
    assert code not in notebook.cells[0].source + notebook.cells[1].source


def test_the_notebook_is_valid_and_the_same_every_time() -> None:
    """Open it, Run All, get the same picture; two renderings of one wish are one notebook."""
    request, provenance = RenderRequest("table", "a.csv", {"rows": 3}), {"recipe": "table", "arguments": {"rows": 3}}
    first, second = build_notebook(request, provenance), build_notebook(request, provenance)
    nbformat.validate(first)
    assert nbformat.writes(first) == nbformat.writes(second)
    assert first.metadata[METADATA] == provenance
    assert first.metadata.kernelspec.name == "python3"
    assert json.loads(nbformat.writes(first))
