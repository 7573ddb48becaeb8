"""An artifact: what it is, what there is to see of it, its bytes."""

from __future__ import annotations

import io
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jupyter_viz.client import load

Ask = Callable[..., Awaitable[Any]]


async def test_an_artifact_with_its_columns(ask: Ask, recorded: Any) -> None:
    scores = recorded.artifacts["scores"]
    found = (await ask("GET", f"artifacts/{scores.id}")).json()
    assert found["address"] == scores.address
    assert found["run"] == {"id": recorded.run.id, "name": recorded.run.name}
    assert found["columns"] == [{"name": "label", "type": "int64"}, {"name": "p", "type": "float64"}]
    assert found["available"] is True


async def test_what_there_is_to_see(ask: Ask, recorded: Any) -> None:
    """First what the materializer made, then the owner's renderings; nobody else's."""
    found = (await ask("GET", f"artifacts/{recorded.artifacts['scores'].id}/visualizations")).json()["visualizations"]
    saved = [each for name, each in recorded.shown.items() if name.startswith("scores/")]
    assert len(saved) > 1
    assert [each["id"] for each in found[: len(saved)]] == [each.id for each in saved]
    assert recorded.rendering.id in [each["id"] for each in found[len(saved) :]]
    assert recorded.of_ann.id not in [each["id"] for each in found]
    assert {each["format"] for each in found[len(saved) :]} == {"notebook"}


@pytest.mark.parametrize("name", ["scores", "report", "model"])
async def test_the_bytes_are_an_attachment_that_can_do_nothing(ask: Ask, recorded: Any, name: str) -> None:
    answer = await ask("GET", f"artifacts/{recorded.artifacts[name].id}/content")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox allow-scripts; default-src 'none'" in answer.headers["Content-Security-Policy"]
    if name == "scores":
        stored = pd.read_parquet(io.BytesIO(answer.body))
        pd.testing.assert_frame_equal(stored, load(recorded.scores))


async def test_bytes_that_are_gone_are_said_to_be(ask: Ask, service: Any, recorded: Any, jp_fetch: Any) -> None:
    """The catalog still shows the artifact, the download and a rendering say 410, nothing is stored."""
    rows = recorded.artifacts["rows"]
    kept = Path(f"{rows.uri}-kept")
    shutil.move(rows.uri, kept)
    try:
        assert (await ask("GET", f"artifacts/{rows.id}")).json()["available"] is False
        download = await ask("GET", f"artifacts/{rows.id}/content")
        assert (download.status, download.json()["code"]) == (410, "bytes_gone")
        rendering = await ask("POST", "visualizations", {"recipe": "table", "source": rows.address})
        assert (rendering.status, rendering.json()["code"]) == (410, "bytes_gone")
        shown = recorded.shown["rows/rows"].id
        for path in (f"visualizations/{shown}", f"visualizations/{shown}/content"):
            answer = await ask("GET", path)
            assert (answer.status, answer.json()["code"]) == (410, "bytes_gone")
        assert len((await ask("GET", f"artifacts/{rows.id}/visualizations")).json()["visualizations"]) == 1
    finally:
        shutil.move(kept, rows.uri)
