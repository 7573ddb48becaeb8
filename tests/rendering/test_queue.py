"""The queue: bounded, cancellable, and what it leaves in the catalog is true."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from jupyter_viz.artifacts.store import ArtifactStore
from jupyter_viz.catalog import Catalog, open_catalog
from jupyter_viz.config import Configuration, load_configuration
from jupyter_viz.enums import VisualizationStatus
from jupyter_viz.errors import BytesGone, QueueFull, TimeLimitExceeded
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.rendering.kernels import Kernels
from jupyter_viz.rendering.notebook import build_notebook
from jupyter_viz.rendering.queue import (
    NOTEBOOK,
    RESULT,
    Job,
    RenderQueue,
    collect,
    dump,
    first_error,
    headline,
    read_outputs,
)
from jupyter_viz.rendering.results import MIME

ANN = Principal("ann")


class Held(Kernels):
    """Kernels that end when the test says so: the queue is looked at while it is in every state.

    Real kernels go through the same queue in `tests/api`.
    """

    def __init__(self) -> None:
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.go_on = asyncio.Event()
        self.now = self.most = 0
        self.outputs: list[Any] = []
        self.error: Exception | None = None
        self.closed = False

    async def execute(self, notebook: NotebookNode, environment: Mapping[str, str], seconds: float) -> dict[str, Any]:
        self.now += 1
        self.most = max(self.most, self.now)
        self.environment, self.seconds = environment, seconds
        try:
            await self.begun.put("")
            await self.go_on.wait()
            if self.error:
                raise self.error
            notebook.cells[-1].outputs = self.outputs
            return {"id": "k", "name": "held"}
        finally:
            self.now -= 1

    async def close(self) -> None:
        self.closed = True


class Room:
    """A queue with its catalog and store."""

    def __init__(self, config: Configuration) -> None:
        self.catalog: Catalog = open_catalog(config.catalog)
        self.store = ArtifactStore(config.artifacts)
        self.kernels = Held()
        self.queue = RenderQueue(config, self.catalog, self.store, self.kernels)

    def submit(self, key: str) -> str:
        request = RenderRequest("custom", None, {"key": key}, "1")
        row, _ = self.catalog.visualizations.queue(ANN, request, key=key, title="t", artifact_id=None, provenance={})
        self.queue.submit(Job(row.id, build_notebook(request, {}), {"recipe": "custom"}))
        return row.id

    def status(self, visualization_id: str) -> VisualizationStatus:
        return self.catalog.visualizations.get(ANN, visualization_id).status

    def folder(self, visualization_id: str) -> Path:
        return Path(self.store.rendering_folder(visualization_id))


@pytest.fixture
def room() -> Room:
    return Room(load_configuration(overrides={"concurrency": 2, "queue_limit": 2, "time_limit": 7}))


async def test_a_few_at_a_time_and_the_rest_waits(room: Room) -> None:
    ids = [room.submit(key) for key in "abcd"]
    for _ in range(2):
        await room.kernels.begun.get()
    assert (room.queue.running, room.queue.queued) == (2, 2)
    assert [room.status(each) for each in ids] == [VisualizationStatus.RUNNING] * 2 + [VisualizationStatus.QUEUED] * 2
    room.kernels.go_on.set()
    for each in ids:
        await room.queue.wait(each, 30)
    assert [room.status(each) for each in ids] == [VisualizationStatus.COMPLETED] * 4
    assert room.kernels.most == 2
    assert (room.queue.running, room.queue.queued) == (0, 0)


async def test_a_full_queue_refuses(room: Room) -> None:
    """A flood is answered with "try again", and a place is free as soon as one has ended."""
    for key in "ab":
        room.submit(key)
    for _ in range(2):
        await room.kernels.begun.get()
    room.queue.require_room()
    waiting = [room.submit(key) for key in "cd"]
    with pytest.raises(QueueFull, match="2 renderings are waiting already"):
        room.queue.require_room()
    assert await room.queue.cancel(waiting[0])
    room.queue.require_room()
    await room.queue.close()


async def test_cancelling_what_waits_and_what_runs(room: Room) -> None:
    ids = [room.submit(key) for key in "abc"]
    for _ in range(2):
        await room.kernels.begun.get()
    running, waiting = ids[0], ids[2]
    assert await room.queue.cancel(waiting)
    assert await room.queue.cancel(running)
    assert [room.status(each) for each in (running, waiting)] == [VisualizationStatus.CANCELLED] * 2
    assert room.kernels.now == 1
    assert not await room.queue.cancel(running)
    room.kernels.go_on.set()
    await room.queue.wait(ids[1], 30)
    assert room.status(ids[1]) is VisualizationStatus.COMPLETED
    assert not room.folder(running).exists()


async def test_cancelling_before_it_began(room: Room) -> None:
    """Cancel in the very moment of submitting: it is cancelled, not queued for ever."""
    each = room.submit("a")
    assert await room.queue.cancel(each)
    assert room.status(each) is VisualizationStatus.CANCELLED


async def test_waiting_ends_when_its_time_is_up(room: Room) -> None:
    each = room.submit("a")
    await room.kernels.begun.get()
    await room.queue.wait(each, 0.01)
    assert room.status(each) is VisualizationStatus.RUNNING
    await room.queue.wait("no such id", 30)
    await room.queue.close()


async def test_what_is_stored_is_what_was_shown(room: Room) -> None:
    own = {"metrics": {"auc": 0.5, "bad": float("nan"), "text": "x"}, "version": 1}
    room.kernels.outputs = [
        new_output("stream", name="stdout", text="hello"),
        new_output("display_data", data={MIME: own, "text/plain": "x"}),
    ]
    room.kernels.outputs[1].data["x"] = [float("inf")]
    room.kernels.go_on.set()
    each = room.submit("a")
    await room.queue.wait(each, 30)
    found = room.catalog.visualizations.get(ANN, each)
    assert found.status is VisualizationStatus.COMPLETED
    assert found.metrics == {"auc": 0.5}
    assert found.provenance["kernel"] == {"id": "k", "name": "held"}
    assert found.provenance["seconds"] >= 0
    assert found.uri is not None
    outputs = read_outputs(room.store, found.uri).outputs
    assert [output["output_type"] for output in outputs] == ["stream", "display_data"]
    assert outputs[1]["data"]["x"] == [None]
    assert sorted(path.name for path in room.folder(each).iterdir()) == sorted([RESULT, NOTEBOOK])
    notebook = json.loads(room.store.read_compressed(f"{found.uri}/{NOTEBOOK}"))
    assert notebook["metadata"]["jupyter_viz"] == found.provenance
    assert room.kernels.environment["JUPYTER_VIZ_TIME_LIMIT"] == "7.0"
    assert room.kernels.seconds == 7
    (room.folder(each) / RESULT).unlink()
    with pytest.raises(BytesGone):
        read_outputs(room.store, found.uri)


@pytest.mark.parametrize(
    ("error", "code"), [(TimeLimitExceeded("Too long."), "time_limit"), (RuntimeError(), "rendering_failed")]
)
async def test_a_kernel_that_fails_is_a_failed_rendering(room: Room, error: Exception, code: str) -> None:
    """Whatever goes wrong, nothing says "running" for ever."""
    room.kernels.error = error
    room.kernels.go_on.set()
    each = room.submit("a")
    await room.queue.wait(each, 30)
    found = room.catalog.visualizations.get(ANN, each)
    assert found.status is VisualizationStatus.FAILED
    assert found.error is not None
    assert found.error.code == code
    assert found.error.message


async def test_a_store_that_cannot_be_written_is_a_failed_rendering(room: Room) -> None:
    Path(room.store.root).parent.mkdir(parents=True, exist_ok=True)
    Path(room.store.root).touch()  # a file where the folder should be
    room.kernels.go_on.set()
    each = room.submit("a")
    await room.queue.wait(each, 30)
    assert room.status(each) is VisualizationStatus.FAILED


async def test_the_end_of_the_server_ends_everything(room: Room) -> None:
    ids = [room.submit(key) for key in "abc"]
    await room.kernels.begun.get()
    await room.queue.close()
    assert room.kernels.now == 0
    assert room.kernels.closed
    assert (room.queue.running, room.queue.queued) == (0, 0)
    assert not any(room.folder(each).exists() for each in ids)


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
