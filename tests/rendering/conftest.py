"""Kernels in an event loop of their own, so that one parent serves the tests of a file."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_viz.config import load_configuration
from jupyter_viz.rendering.kernels import Kernels
from jupyter_viz.rendering.plain import PlainKernels
from jupyter_viz.rendering.pool import ForkedKernels


def notebook_of(*cells: str) -> NotebookNode:
    return new_notebook(cells=[new_code_cell(cell) for cell in cells])


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def eventually(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """What `holds` gives once it is true; what it gave last where it never was."""
    end = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


@dataclass
class Loop:
    """Runs coroutines in a thread with a loop of its own."""

    loop: asyncio.AbstractEventLoop

    def __call__(self, work: Coroutine[Any, Any, Any], seconds: float = 60) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)


@dataclass
class Running:
    """Kernels, and the loop they live in."""

    kernels: Kernels
    loop: Loop

    def execute(self, *cells: str, before: Sequence[str] = (), kernel: str | None = None) -> NotebookNode:
        notebook = notebook_of(*cells)
        notebook.metadata["kernel"] = self.loop(self.kernels.execute(notebook, before, kernel))
        return notebook


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever, daemon=True)
    thread.start()
    yield Loop(made)
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


@pytest.fixture(scope="module")
def start(
    loop: Loop, at_home: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Running]]:
    """Start kernels of a class under limits; they end with the tests of the file."""
    started: list[Running] = []

    def begin(kind: type[Kernels], environ: dict[str, str] | None = None, **limits: Any) -> Running:
        with at_home(tmp_path_factory.mktemp("home")):
            config = load_configuration(overrides=limits)

        async def make() -> Kernels:
            return kind(config, os.environ if environ is None else environ)

        started.append(Running(loop(make()), loop))
        return started[-1]

    yield begin
    for each in started:
        loop(each.kernels.close())


@pytest.fixture(scope="module")
def forked(start: Callable[..., Running]) -> Running:
    return start(ForkedKernels, time_limit=60)


@pytest.fixture(scope="module", params=[PlainKernels, ForkedKernels])
def either(request: pytest.FixtureRequest, start: Callable[..., Running]) -> Running:
    return start(request.param, time_limit=60)


@pytest.fixture
def pids(tmp_path: Path) -> Callable[[], list[int]]:
    """Process numbers that a cell wrote into `tmp_path / "pids"`, once it did."""
    file = tmp_path / "pids"
    return lambda: [int(pid) for pid in eventually(lambda: file.exists() and file.read_text().split(), 30)]
