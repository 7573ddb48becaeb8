"""What is done with a result after it was answered: its still pictures are drawn, it is exported when asked for.

Drawing costs more than many a rendering: it is done in a process of its own, and only while nothing is to be rendered.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections import deque
from collections.abc import Iterable
from typing import Any

from ..artifacts.store import ArtifactStore
from ..errors import BytesGone, VizError
from .kept import read_notebook, write_notebook
from .kernels import Kernels

_MOST = 1000
_QUIET_SECONDS = 2.0  # somebody who looks at one after the other is not slowed down
_EXPORT = "jupyter_viz.rendering.export"


class Finishing:
    """Draws pictures of results one after the other, and exports. Lives in one event loop."""

    def __init__(self, store: ArtifactStore, kernels: Kernels) -> None:
        self._store = store
        self._kernels = kernels
        self._folders: deque[str] = deque(maxlen=_MOST)  # what falls out is drawn when somebody asks for it
        self._task: asyncio.Task[None] | None = None
        self._may = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, ids: Iterable[str]) -> None:
        """Draw the pictures of visualizations when there is time."""
        self._folders.extend(map(self._store.rendering_folder, ids))

    def go_on(self) -> None:
        """Nothing is to be rendered now; nor was there for some seconds when the next picture is drawn."""
        self._timer = asyncio.get_running_loop().call_later(_QUIET_SECONDS, self._start)

    def pause(self) -> None:
        self._may.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _start(self) -> None:
        self._may.set()
        if self._folders and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._draw_all())

    async def stop(self) -> None:
        """Draw no more."""
        self.pause()
        self._folders.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def export(self, folder: str, format: str) -> bytes:
        """The result in a folder as `ipynb`, `html` or `md`."""
        notebook = await self._drawn(folder)
        if format == "ipynb":
            made = await self._kernels.call(f"{_EXPORT}:to_ipynb", notebook)
        else:
            made = await self._kernels.call(f"{_EXPORT}:to_{format}", notebook)
        return base64.b64decode(made)

    async def _draw_all(self) -> None:
        while self._folders:
            await self._may.wait()
            with contextlib.suppress(VizError, OSError):  # it was removed, or can't be drawn: its table remains
                await self._drawn(self._folders.popleft())

    async def _drawn(self, folder: str) -> dict[str, Any]:
        """The notebook in a folder, with a still picture beside each plot."""
        notebook = await asyncio.to_thread(read_notebook, self._store, folder)
        if notebook["metadata"].get("drawn"):
            return notebook
        drawn: dict[str, Any] = await self._kernels.call(f"{_EXPORT}:drawn", notebook)
        await asyncio.to_thread(self._replace, folder, notebook, drawn)
        return drawn

    def _replace(self, folder: str, read: dict[str, Any], drawn: dict[str, Any]) -> None:
        # What was deleted or rendered anew while it was drawn stays as it is.
        with contextlib.suppress(BytesGone):
            if read_notebook(self._store, folder) == read:
                write_notebook(self._store, folder, drawn)
