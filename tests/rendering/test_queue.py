"""The queue: bounded, fair, cancellable; equal requests are rendered once; what it leaves in the catalog is true."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from jupyter_viz.artifacts.store import ArtifactStore
from jupyter_viz.catalog import Catalog, open_catalog
from jupyter_viz.config import Configuration, load_configuration
from jupyter_viz.enums import VisualizationStatus
from jupyter_viz.errors import BytesGone, CatalogUnavailable, QueueFull, TimeLimitExceeded, TooManyRenderings
from jupyter_viz.models import Principal, RenderRequest, Visualization
from jupyter_viz.rendering.bundles import MIME
from jupyter_viz.rendering.kept import NOTEBOOK, collect, read_notebook
from jupyter_viz.rendering.kernels import Kernels
from jupyter_viz.rendering.notebook import build_notebook
from jupyter_viz.rendering.queue import Job, RenderQueue

ANN, BOB = Principal("ann"), Principal("bob")


class Held(Kernels):
    """Kernels that end when the test says so: the queue is looked at while it is in every state.

    Real kernels go through the same queue in `tests/api`.
    """

    def __init__(self, config: Configuration) -> None:
        super().__init__(config, {})
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.go_on = asyncio.Event()
        self.now = self.most = self.renewed = 0
        self.outputs: list[Any] = []
        self.error: Exception | None = None
        self.closed = False

    async def execute(
        self, notebook: NotebookNode, before: Sequence[str] = (), kernel_name: str | None = None
    ) -> dict[str, Any]:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.begun.put(notebook.metadata["jupyter_viz"]["key"])
            await self.go_on.wait()
            if self.error:
                raise self.error
            notebook.cells[-1].outputs = self.outputs
            return {"id": "k", "name": "held"}
        finally:
            self.now -= 1

    async def call(self, function: str, argument: Any) -> Any:
        return argument

    def renew(self) -> None:
        self.renewed += 1

    async def close(self) -> None:
        self.closed = True


class Room:
    """A queue with its catalog and store."""

    def __init__(self, config: Configuration) -> None:
        self.catalog: Catalog = open_catalog(config.catalog)
        self.store = ArtifactStore(config.artifacts)
        self.kernels = Held(config)
        self.queue = RenderQueue(config, self.catalog, self.store, self.kernels)

    async def submit(self, key: str, who: Principal = ANN, **provenance: Any) -> str:
        request = RenderRequest("custom", None, {"key": key}, "1")
        row, _ = self.catalog.visualizations.queue(who, request, key=key, title="t", artifact_id=None, provenance={})
        notebook = build_notebook(request, {"key": key})
        await self.queue.submit(Job(key, who.name, notebook, {"recipe": "custom", **provenance}), row.id)
        return row.id

    def row(self, visualization_id: str, who: Principal = ANN) -> Visualization:
        return self.catalog.visualizations.get(who, visualization_id)

    def status(self, visualization_id: str, who: Principal = ANN) -> VisualizationStatus:
        return self.row(visualization_id, who).status

    async def running(self, visualization_id: str) -> None:
        """Return when its row says so, which is written beside the rendering."""
        while self.status(visualization_id) is not VisualizationStatus.RUNNING:
            await asyncio.sleep(0.01)


@pytest.fixture
def room() -> Room:
    return Room(load_configuration(overrides={"concurrency": 2, "queue_limit": 2, "user_limit": 5, "time_limit": 7}))


async def test_a_few_at_a_time_and_the_rest_waits(room: Room) -> None:
    ids = [await room.submit(key) for key in "abcd"]
    for each in ids[:2]:
        await room.running(each)
    assert (room.queue.running, room.queue.queued) == (2, 2)
    assert [room.status(each) for each in ids[2:]] == [VisualizationStatus.QUEUED] * 2
    assert [room.queue.position(each) for each in ids] == [None, None, 0, 1]
    room.kernels.go_on.set()
    for each in ids:
        await room.queue.wait(each, 30)
    assert [room.status(each) for each in ids] == [VisualizationStatus.COMPLETED] * 4
    assert room.kernels.most == 2
    assert (room.queue.running, room.queue.queued) == (0, 0)
    assert room.queue.position(ids[0]) is None


async def test_a_full_queue_refuses(room: Room) -> None:
    """A flood is answered with "try again" and when, and a place is free as soon as one has ended."""
    for key in "ab":
        await room.submit(key)
    room.queue.require_room("ann")
    waiting = [await room.submit(key) for key in "cd"]
    with pytest.raises(QueueFull, match="2 renderings are waiting already") as refused:
        room.queue.require_room("bob")
    assert 1 <= refused.value.retry_after <= 60
    assert await room.queue.cancel(waiting[0])
    room.queue.require_room("bob")
    with pytest.raises(QueueFull):
        room.queue.require_room("bob", coming=1)
    await room.queue.close()


async def test_one_user_does_not_fill_the_queue_for_all() -> None:
    room = Room(load_configuration(overrides={"concurrency": 1, "user_limit": 2}))
    for key in "ab":
        await room.submit(key)
    with pytest.raises(TooManyRenderings, match="2 renderings of yours"):
        room.queue.require_room("ann")
    room.queue.require_room("bob")
    await room.queue.close()


async def test_users_take_turns() -> None:
    """Who asks for one picture does not wait for another's fifty."""
    room = Room(load_configuration(overrides={"concurrency": 1}))
    for key in ("a1", "a2", "a3"):
        await room.submit(key)
    last = await room.submit("b1", BOB)
    assert room.queue.position(last) == 1
    room.kernels.go_on.set()
    await asyncio.sleep(0)
    assert [await room.kernels.begun.get() for _ in range(4)] == ["a1", "a2", "b1", "a3"]
    await room.queue.close()


async def test_equal_requests_are_rendered_once(room: Room) -> None:
    """Ten colleagues open the same link: one kernel, and each has a visualization of their own."""
    mine = await room.submit("same")
    others = [Principal(f"user{number}") for number in range(9)]
    ids = [await room.submit("same", who) for who in others]
    await room.running(mine)
    assert room.status(ids[0], others[0]) is VisualizationStatus.RUNNING
    room.kernels.go_on.set()
    await room.queue.wait(ids[-1], 30)
    rows = [room.row(mine), *(room.row(each, who) for each, who in zip(ids, others, strict=True))]
    assert {row.status for row in rows} == {VisualizationStatus.COMPLETED}
    assert len({row.id for row in rows}) == 10
    assert {row.uri for row in rows} == {room.store.rendering_folder(row.id) for row in rows}
    assert room.kernels.begun.qsize() == 1


async def test_cancelling_stops_the_kernel_only_when_nobody_else_waits(room: Room) -> None:
    mine, bobs = await room.submit("same"), await room.submit("same", BOB)
    await room.running(mine)
    assert await room.queue.cancel(mine)
    assert room.status(mine) is VisualizationStatus.CANCELLED
    assert room.kernels.now == 1
    assert await room.queue.cancel(bobs)
    assert room.kernels.now == 0
    assert room.status(bobs, BOB) is VisualizationStatus.CANCELLED
    assert (room.queue.running, room.queue.queued) == (0, 0)


async def test_cancelling_what_waits_and_what_runs(room: Room) -> None:
    ids = [await room.submit(key) for key in "abc"]
    for each in ids[:2]:
        await room.running(each)
    running, waiting = ids[0], ids[2]
    assert await room.queue.cancel(waiting)
    assert await room.queue.cancel(running)
    assert [room.status(each) for each in (running, waiting)] == [VisualizationStatus.CANCELLED] * 2
    assert room.kernels.now == 1
    assert not await room.queue.cancel(running)
    room.kernels.go_on.set()
    await room.queue.wait(ids[1], 30)
    assert room.status(ids[1]) is VisualizationStatus.COMPLETED
    assert room.row(running).uri is None


async def test_cancelling_before_it_began(room: Room) -> None:
    """Cancel in the very moment of submitting: it is cancelled, not queued for ever."""
    each = await room.submit("a")
    assert await room.queue.cancel(each)
    assert room.status(each) is VisualizationStatus.CANCELLED


async def test_waiting_ends_when_its_time_is_up(room: Room) -> None:
    each = await room.submit("a")
    await room.running(each)
    await room.queue.wait(each, 0.01)
    assert room.status(each) is VisualizationStatus.RUNNING
    await room.queue.wait("no such id", 30)
    await room.queue.close()


async def test_new_code_is_not_rendered_by_kernels_that_know_the_old(room: Room) -> None:
    room.kernels.go_on.set()
    for key, environment in (("a", {"recipes": "1"}), ("b", {"recipes": "1"}), ("c", {"recipes": "2"})):
        await room.queue.wait(await room.submit(key, environment=environment), 30)
    assert room.kernels.renewed == 1


async def test_what_is_stored_is_what_was_shown(room: Room) -> None:
    own = {"metrics": {"auc": 0.5, "bad": float("nan"), "text": "x"}, "version": 1}
    room.kernels.outputs = [
        new_output("stream", name="stdout", text="hello"),
        new_output("display_data", data={MIME: own, "text/plain": "x"}),
    ]
    room.kernels.outputs[1].data["x"] = [float("inf")]
    room.kernels.go_on.set()
    each = await room.submit("a")
    await room.queue.wait(each, 30)
    found = room.row(each)
    assert found.status is VisualizationStatus.COMPLETED
    assert found.metrics == {"auc": 0.5}
    assert found.provenance["kernel"] == {"id": "k", "name": "held"}
    assert found.provenance["seconds"] >= 0
    assert found.uri is not None
    notebook = read_notebook(room.store, found.uri)
    outputs = collect(notebook).outputs
    assert [output["output_type"] for output in outputs] == ["stream", "display_data"]
    assert outputs[1]["data"]["x"] == [None]
    assert notebook["metadata"]["jupyter_viz"] == found.provenance
    (Path(found.uri) / NOTEBOOK).unlink()
    with pytest.raises(BytesGone):
        read_notebook(room.store, found.uri)


@pytest.mark.parametrize(
    ("error", "code"), [(TimeLimitExceeded("Too long."), "time_limit"), (RuntimeError(), "rendering_failed")]
)
async def test_a_kernel_that_fails_is_a_failed_rendering(room: Room, error: Exception, code: str) -> None:
    """Whatever goes wrong, nothing says "running" for ever."""
    room.kernels.error = error
    room.kernels.go_on.set()
    each = await room.submit("a")
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
    each = await room.submit("a")
    await room.queue.wait(each, 30)
    assert room.status(each) is VisualizationStatus.FAILED


async def test_the_end_of_the_server_ends_everything(room: Room) -> None:
    ids = [await room.submit(key) for key in "abc"]
    await room.kernels.begun.get()
    await room.queue.close()
    assert room.kernels.now == 0
    assert room.kernels.closed
    assert (room.queue.running, room.queue.queued) == (0, 0)
    assert not any(room.row(each).uri for each in ids)


async def test_a_catalog_that_cannot_be_written_for_a_moment_is_tried_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or a database that restarts: the row says how it ended as soon as it can be written."""
    ended, failures = room.catalog.visualizations.ended, [CatalogUnavailable("No room.")] * 2

    def sometimes(*args: Any, **kwargs: Any) -> None:
        if failures:
            raise failures.pop()
        ended(*args, **kwargs)

    monkeypatch.setattr(room.catalog.visualizations, "ended", sometimes)
    monkeypatch.setattr("jupyter_viz.rendering.queue._PAUSES", (0.01,))
    room.kernels.go_on.set()
    each = await room.submit("a")
    await room.queue.wait(each, 30)
    assert room.row(each).error is not None
    assert room.row(each).error.code == "catalog_unavailable"  # type: ignore[union-attr]
