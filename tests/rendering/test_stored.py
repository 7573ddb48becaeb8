"""What a materializer stored is shown without a kernel, however odd it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_viz.clock import now
from jupyter_viz.enums import Origin, VisualizationStatus, VisualizationType
from jupyter_viz.models import Visualization
from jupyter_viz.rendering.bundles import MIME
from jupyter_viz.rendering.stored import stored_outputs


def _bundle(kind: VisualizationType, data: bytes, size: int | None = None) -> tuple[dict[str, Any], bool]:
    visualization = Visualization(
        id="x",
        artifact_id=None,
        name="sample",
        format=kind,
        origin=Origin.MATERIALIZER,
        recipe=None,
        status=VisualizationStatus.COMPLETED,
        freshness=None,
        size=len(data) if size is None else size,
        created_at=now(),
        error=None,
    )
    shown = stored_outputs(visualization, data)
    json.dumps(shown.outputs, allow_nan=False)
    return dict(shown.outputs[0]["data"]) if shown.outputs else {}, shown.truncated


def _table(text: str) -> Any:
    return _bundle(VisualizationType.CSV, text.encode())[0][MIME]["table"]


def test_a_csv_is_a_table_with_numbers_as_numbers() -> None:
    table = _table('n,f,s,e\n1,0.5,"a, b",\n-2,1e3,3,\n')
    assert table["columns"] == [
        {"name": "n", "type": "number"},
        {"name": "f", "type": "number"},
        {"name": "s", "type": "text"},
        {"name": "e", "type": "text"},
    ]
    assert table["rows"] == [[1, 0.5, "a, b", None], [-2, 1000, "3", None]]
    assert table["total"] == 2


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a,b\n", []),
        ("a,b\n1\n", [[1, None]]),
        ("a,b\n1,2,3\n", [[1, 2]]),
        ("a,b\n\n1,2\n\n", [[1, 2]]),
        ("a\nnan\n", [["nan"]]),
        ("a\ninf\n", [["inf"]]),
        ("a\n007\n", [[7]]),
        ('a\n"open', [["open"]]),
        ("a,a\n1,2\n", [[1, 2]]),
        ("a\n\0\n", [["\ufffd"]]),
    ],
)
def test_odd_csv_files_are_shown_as_well_as_they_can_be(text: str, rows: list[Any]) -> None:
    assert _table(text)["rows"] == rows


def test_many_rows_are_cut_and_that_is_said() -> None:
    bundle, _ = _bundle(VisualizationType.CSV, ("a\n" + "1\n" * 1500).encode())
    own = bundle[MIME]
    assert (len(own["table"]["rows"]), own["table"]["total"]) == (1000, 1500)
    assert own["note"] == "Shows the first 1,000 rows."


def test_bytes_that_were_not_all_read_are_said_to_be_cut() -> None:
    bundle, truncated = _bundle(VisualizationType.CSV, b"a\n1\n", size=1000)
    assert truncated
    assert bundle[MIME]["note"] is not None


def test_a_huge_field_ends_the_table_and_not_the_page() -> None:
    bundle, _ = _bundle(VisualizationType.CSV, b"a,b\n1,2\n" + b"x" * 200_000 + b",3\n")
    assert bundle[MIME]["table"]["rows"] == [[1, 2]]
    assert bundle[MIME]["note"] is not None


def test_a_huge_header_is_no_crash() -> None:
    assert _bundle(VisualizationType.CSV, b"x" * 200_000 + b",b\n1,2\n")[0]["text/plain"]


def test_markdown_is_markdown_and_json_is_indented() -> None:
    assert _bundle(VisualizationType.MARKDOWN, "# é".encode())[0]["text/markdown"] == "# é"
    assert _bundle(VisualizationType.JSON, b'{"a":[1]}')[0]["text/plain"] == '{\n  "a": [\n    1\n  ]\n}'


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"\xff\xfe", b'{"a": NaN}'])
def test_json_that_is_none_is_shown_as_text(data: bytes) -> None:
    assert _bundle(VisualizationType.JSON, data)[0]["text/plain"]


@pytest.mark.parametrize("kind", [VisualizationType.HTML, VisualizationType.IMAGE])
def test_pages_and_pictures_are_never_in_the_answer(kind: VisualizationType) -> None:
    """They are framed from their own route, where they can reach nothing."""
    assert _bundle(kind, b"<script>") == ({}, False)
