"""The pool of forked kernels as a neighbour: it comes at the first rendering, goes when idle, and knows new code."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable

import psutil
import pytest

from jupyter_viz.rendering.pool import ForkedKernels

from .conftest import Running, eventually, gone


def _pool(running: Running) -> ForkedKernels:
    assert isinstance(running.kernels, ForkedKernels)
    return running.kernels


def test_nothing_runs_before_the_first_rendering_nor_long_after_the_last(start: Callable[..., Running]) -> None:
    running = start(ForkedKernels, idle_seconds=1)
    assert _pool(running)._link is None
    running.execute("1")
    link = _pool(running)._link
    assert link is not None
    assert eventually(lambda: gone(link.process.pid), 30)
    assert eventually(lambda: not os.path.exists(link.folder))
    assert running.execute("6 * 7").cells[0].outputs[0].data["text/plain"] == "42"


def test_kernels_wait_and_each_is_used_once(start: Callable[..., Running]) -> None:
    """A click finds a kernel that has its imports; what is taken is made up for."""
    running = start(ForkedKernels, waiting_kernels=2)
    pid = "import os, sys; print(os.getpid(), 'ibis' in sys.modules)"
    first = running.execute(pid).cells[0].outputs[0].text.split()
    link = _pool(running)._link
    assert link is not None
    parent = psutil.Process(link.process.pid)
    assert eventually(lambda: len(parent.children()) == 2, 30)
    waiting = {str(child.pid) for child in parent.children()}
    second = running.execute(pid).cells[0].outputs[0].text.split()
    assert second[0] in waiting
    assert first[0] not in waiting
    assert [first[1], second[1]] == ["True", "True"]


def test_what_is_made_ready_is_there_for_the_first_rendering(start: Callable[..., Running]) -> None:
    running = start(ForkedKernels, waiting_kernels=1)
    running.loop(running.kernels.warm())
    link = _pool(running)._link
    assert link is not None
    assert link.up.done()
    kernel = running.execute("1").metadata["kernel"]["id"]
    assert kernel.startswith(f"{link.process.pid}.")


def test_figures_are_shown_by_kernels_that_found_matplotlib_imported(start: Callable[..., Running]) -> None:
    """The parent has imported it where there is no shell yet; the kernel after the first begins with that."""
    running = start(ForkedKernels, waiting_kernels=1)
    running.execute("1")
    link = _pool(running)._link
    assert link is not None
    assert eventually(lambda: link.prepared, 30)
    shown = "import sys\nprint('matplotlib' in sys.modules)", "import matplotlib.pyplot as plt\nplt.plot([1]);"
    for _ in range(3):  # one may have waited since before
        known, figure, frame = running.execute(*shown, "import pandas\npandas.Series([1, 2]).plot();").cells
        assert "image/png" in figure.outputs[-1].data
        assert "image/png" in frame.outputs[-1].data
    assert known.outputs[0].text == "True\n"


@pytest.mark.parametrize("seconds", [0, 0.002, 0.02, 0.5])
def test_a_server_that_stops_while_it_makes_ready_leaves_nothing(start: Callable[..., Running], seconds: float) -> None:
    running = start(ForkedKernels)
    before = set(psutil.Process().children())

    async def stopped() -> None:
        warming = asyncio.create_task(running.kernels.warm())
        await asyncio.sleep(seconds)
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await running.kernels.close()

    running.loop(stopped())
    assert set(psutil.Process().children()) <= before
    gc.collect()  # a socket that nobody closed is an error here


def test_new_code_is_imported_anew_while_the_old_may_end(start: Callable[..., Running]) -> None:
    running = start(ForkedKernels)
    running.execute("1")
    old = _pool(running)._link
    assert old is not None
    running.loop.loop.call_soon_threadsafe(running.kernels.renew)
    assert eventually(lambda: gone(old.process.pid), 30)
    running.execute("1")
    assert _pool(running)._link is not old


def test_a_parent_that_cannot_fork_safely_is_gone_around(start: Callable[..., Running]) -> None:
    """A preloaded module starts a thread, which a fork would not survive: renderings take seconds, and are right."""
    running = start(ForkedKernels, preload=["tests_threaded"])
    environment = running.kernels.environment
    environment["PYTHONPATH"] = os.pathsep.join([os.path.dirname(__file__), environment.get("PYTHONPATH", "")])
    forked = running.execute("6 * 7").metadata["kernel"]["id"]
    link = _pool(running)._link
    assert link is not None
    assert forked.startswith(f"{link.process.pid}.")
    assert eventually(lambda: link.prepared)
    plain = running.execute("6 * 7")
    assert not plain.metadata["kernel"]["id"].startswith(f"{link.process.pid}.")
    assert plain.cells[0].outputs[0].data["text/plain"] == "42"
    assert running.loop(running.kernels.call("os.path:basename", "a/b")) == "b"
