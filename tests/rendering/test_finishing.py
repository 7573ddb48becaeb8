"""Pictures are drawn after the answer, while the result may be deleted or rendered anew: it is never undone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_viz.artifacts.store import ArtifactStore
from jupyter_viz.config import load_configuration
from jupyter_viz.errors import BytesGone
from jupyter_viz.rendering.finishing import Finishing
from jupyter_viz.rendering.kept import read_notebook, write_notebook
from jupyter_viz.rendering.kernels import Kernels


class Drawing(Kernels):
    """Draws when the test says so. Real pictures are drawn in `tests/recipes` and `tests/api`."""

    def __init__(self) -> None:
        super().__init__(load_configuration(), {})
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def execute(
        self, notebook: NotebookNode, before: Sequence[str] = (), kernel_name: str | None = None
    ) -> dict[str, Any]:
        raise AssertionError("nothing is rendered here")

    async def call(self, function: str, argument: Any) -> Any:
        self.begun.set()
        await self.go_on.wait()
        return {**argument, "metadata": {**argument["metadata"], "drawn": True}}

    def renew(self) -> None: ...

    async def close(self) -> None: ...


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    store = ArtifactStore(str(tmp_path))
    store.claim("catalog")
    return store


def rendered(store: ArtifactStore, code: str) -> str:
    folder = store.rendering_folder("one")
    write_notebook(store, folder, new_notebook(cells=[new_code_cell(code)]))
    return folder


async def drawing(store: ArtifactStore, folder: str) -> tuple[Drawing, asyncio.Task[dict[str, Any]]]:
    kernels = Drawing()
    task = asyncio.create_task(Finishing(store, kernels)._drawn(folder))
    await kernels.begun.wait()
    return kernels, task


async def test_what_is_drawn_is_kept(store: ArtifactStore) -> None:
    folder = rendered(store, "old")
    kernels, task = await drawing(store, folder)
    kernels.go_on.set()
    assert (await task)["metadata"]["drawn"]
    assert read_notebook(store, folder) == await task


async def test_what_was_deleted_meanwhile_stays_deleted(store: ArtifactStore) -> None:
    folder = rendered(store, "old")
    kernels, task = await drawing(store, folder)
    store.remove(folder)
    kernels.go_on.set()
    await task
    with pytest.raises(BytesGone):
        read_notebook(store, folder)


async def test_what_was_rendered_anew_meanwhile_stays_new(store: ArtifactStore) -> None:
    folder = rendered(store, "old")
    kernels, task = await drawing(store, folder)
    rendered(store, "new")
    kernels.go_on.set()
    await task
    kept = read_notebook(store, folder)
    assert [cell["source"] for cell in kept["cells"]] == ["new"]
    assert "drawn" not in kept["metadata"]
