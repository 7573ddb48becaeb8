"""The queue of renderings: bounded, a few at a time, each cancellable; what they leave is stored."""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from .. import errors
from ..artifacts.store import ArtifactStore
from ..catalog.liveness import BEAT_SECONDS
from ..config import Configuration
from ..enums import VisualizationStatus
from ..errors import QueueFull, VizError, one_line
from ..models import Failure, StoredOutputs
from .kernels import Kernels, allowed_environment
from .results import MIME

if TYPE_CHECKING:
    from ..catalog import Catalog

RESULT, NOTEBOOK = "result.json.gz", "notebook.json.gz"
_MOST_BYTES = 20 * 1024 * 1024
_LONGEST_TRACEBACK = 20_000
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to execute for a visualization whose row is queued already."""

    visualization_id: str
    notebook: NotebookNode
    provenance: Mapping[str, Any]


class RenderQueue:
    """Executes jobs, `config.concurrency` at a time. Lives in one event loop."""

    def __init__(self, config: Configuration, catalog: Catalog, store: ArtifactStore, kernels: Kernels) -> None:
        self._config = config
        self._rows = catalog.visualizations
        self._store = store
        self._kernels = kernels
        self._slots = asyncio.Semaphore(config.concurrency)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._running: set[str] = set()

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def queued(self) -> int:
        return len(self._tasks) - len(self._running)

    def require_room(self, coming: int = 0) -> None:
        """Raise `QueueFull` when one more would be too many, beside `coming` ones that are not submitted yet."""
        if self.queued + coming >= self._config.queue_limit:
            raise QueueFull(f"{self.queued + coming} renderings are waiting already. Try again in a few seconds.")

    def submit(self, job: Job) -> None:
        task = asyncio.create_task(self._render(job), name=f"rendering {job.visualization_id}")
        self._tasks[job.visualization_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.visualization_id, None))

    async def wait(self, visualization_id: str, seconds: float) -> None:
        """Return when the rendering has ended, at the latest after `seconds`."""
        if task := self._tasks.get(visualization_id):
            await asyncio.wait([task], timeout=seconds)

    async def cancel(self, visualization_id: str) -> bool:
        """Stop a rendering with its kernel; False where it is not in this queue."""
        task = self._tasks.get(visualization_id)
        if task is None:
            return False
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        # A task cancelled before it began never came to write this itself; what has ended stays as it is.
        await asyncio.to_thread(self._rows.ended, visualization_id, VisualizationStatus.CANCELLED)
        return True

    async def close(self) -> None:
        for task in tuple(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._kernels.close()

    async def _render(self, job: Job) -> None:
        async with self._slots:
            self._running.add(job.visualization_id)
            beat = asyncio.create_task(self._beat(job.visualization_id))
            try:
                await asyncio.to_thread(self._rows.started, job.visualization_id)
                await self._execute_and_store(job)
            except Exception as error:  # whatever went wrong, the row must say so rather than "running" for ever
                failure = _failure(error)
                await asyncio.to_thread(
                    self._rows.ended, job.visualization_id, VisualizationStatus.FAILED, error=failure
                )
            finally:
                beat.cancel()
                self._running.discard(job.visualization_id)

    async def _beat(self, visualization_id: str) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await asyncio.to_thread(self._rows.beat, visualization_id)

    async def _execute_and_store(self, job: Job) -> None:
        # A rendering reads what the server may read, from where the server stands.
        environment = allowed_environment(os.environ) | self._config.environment()
        loop = asyncio.get_running_loop()
        began = loop.time()
        kernel = await self._kernels.execute(job.notebook, environment, self._config.time_limit)
        provenance = {**job.provenance, "kernel": kernel, "seconds": round(loop.time() - began, 3)}
        await asyncio.to_thread(self._keep, job, provenance)

    def _keep(self, job: Job, provenance: Mapping[str, Any]) -> None:
        """Bytes first, then the row: what the catalog calls completed is there."""
        folder = self._store.rendering_folder(job.visualization_id)
        outputs = collect(job.notebook)
        stored = {"outputs": list(outputs.outputs), "truncated": outputs.truncated}
        job.notebook.metadata["jupyter_viz"] = dict(provenance)
        size = self._store.write_compressed(f"{folder}/{RESULT}", dump(stored))
        self._store.write_compressed(f"{folder}/{NOTEBOOK}", dump(job.notebook))
        failure = first_error(outputs.outputs)
        self._rows.ended(
            job.visualization_id,
            VisualizationStatus.FAILED if failure else VisualizationStatus.COMPLETED,
            error=failure,
            uri=folder,
            size=size,
            metrics=headline(outputs.outputs),
            provenance=provenance,
        )


def _failure(error: Exception) -> Failure:
    if isinstance(error, VizError):
        return Failure(error.code, one_line(str(error)))
    if isinstance(error, OSError):  # its text names a path of the server
        return Failure("storage", f"The result could not be stored: {error.strerror or type(error).__name__}.")
    return Failure("rendering_failed", f"The rendering could not be finished ({type(error).__name__}).")


def collect(notebook: NotebookNode) -> StoredOutputs:
    """The outputs of all cells in order, cut where they are more than a browser can hold."""
    kept: list[Mapping[str, Any]] = []
    left, truncated = _MOST_BYTES, bool(notebook.metadata.pop("truncated", False))
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            size = len(json.dumps(output, default=str))
            if size > left:
                truncated = True
                continue
            left -= size
            kept.append(_without_colours(output) if output["output_type"] == "error" else dict(output))
    return StoredOutputs(tuple(kept), truncated)


def first_error(outputs: tuple[Mapping[str, Any], ...]) -> Failure | None:
    """Why a notebook failed, None where it didn't. An error of ours keeps its code."""
    for output in outputs:
        if output["output_type"] == "error":
            name, message = str(output["ename"]), one_line(str(output["evalue"]))
            known = getattr(errors, name, None)
            ours = isinstance(known, type) and issubclass(known, VizError)
            trace = "\n".join(output["traceback"])[-_LONGEST_TRACEBACK:]
            if ours:
                return Failure(known.code, message, trace)  # type: ignore[union-attr]
            return Failure("code_failed", f"{name}: {message}" if message else name, trace)
    return None


def headline(outputs: tuple[Mapping[str, Any], ...]) -> dict[str, float]:
    """The headline numbers that a recipe's result carries."""
    for output in outputs:
        own = output.get("data", {}).get(MIME) if isinstance(output.get("data"), Mapping) else None
        if isinstance(own, Mapping) and isinstance(own.get("metrics"), Mapping):
            return {
                str(name): float(value)
                for name, value in own["metrics"].items()
                if isinstance(value, (int, float)) and math.isfinite(value)
            }
    return {}


def dump(value: Any) -> bytes:
    """JSON that every reader takes: what is no finite number becomes null."""
    try:
        return json.dumps(value, allow_nan=False).encode()
    except ValueError:
        return json.dumps(_finite(value), allow_nan=False).encode()


def read_outputs(store: ArtifactStore, folder: str) -> StoredOutputs:
    """What a rendering left. Raises `BytesGone` when it was removed."""
    stored = json.loads(store.read_compressed(f"{folder}/{RESULT}"))
    return StoredOutputs(tuple(stored["outputs"]), stored["truncated"])


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _without_colours(output: Mapping[str, Any]) -> dict[str, Any]:
    return {**output, "traceback": [_ANSI.sub("", line) for line in output["traceback"]]}
