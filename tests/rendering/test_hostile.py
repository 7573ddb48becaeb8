"""Cells that mean harm or do it by mistake: a clear error, nothing left alive, and the next rendering as ever."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import psutil
import pytest

from jupyter_viz.errors import RenderingFailed, TimeLimitExceeded, VizError
from jupyter_viz.rendering.kept import first_error
from jupyter_viz.rendering.pool import ForkedKernels

from .conftest import Running, eventually, gone
from .hostile import HOSTILE, Hostile


@pytest.fixture(scope="module")
def limited(start: Callable[..., Running]) -> Running:
    return start(ForkedKernels, time_limit=30, memory_limit=3 * 2**30, process_limit=64, file_limit=2**26)


@pytest.fixture(scope="module")
def hurried(start: Callable[..., Running]) -> Running:
    return start(ForkedKernels, time_limit=2)


def family(running: Running) -> list[psutil.Process]:
    """All that the engine has running, but its parent."""
    assert isinstance(running.kernels, ForkedKernels)
    link = running.kernels._link
    return psutil.Process(link.process.pid).children(recursive=True) if link and not link.ended else []


@pytest.mark.parametrize("cell", HOSTILE, ids=lambda cell: cell.name)
def test_a_hostile_cell_harms_nobody(limited: Running, hurried: Running, cell: Hostile) -> None:
    running = hurried if "time_limit" in cell.errors else limited
    code, printed = None, ""
    try:
        [executed] = running.execute(cell.code).cells
        failure = first_error(executed.outputs)
        code = failure.code if failure else None
        printed = "".join(output.text for output in executed.outputs if output.output_type == "stream")
    except VizError as error:
        code, printed = error.code, str(error)
    assert code in cell.errors, printed
    if None in cell.errors and printed.strip().isdigit():
        assert eventually(lambda: gone(int(printed)))
    # The kernels that wait, and no other process.
    assert eventually(lambda: len(family(running)) <= running.kernels.config.waiting_kernels)
    assert running.execute("6 * 7").cells[0].outputs[0].data["text/plain"] == "42"


def test_cpu_is_limited_by_itself(start: Callable[..., Running]) -> None:
    """Who waits for a slow source is left alone; who burns a core is not."""
    running = start(ForkedKernels, time_limit=60, cpu_limit=2)
    assert running.execute("import time; time.sleep(4)").cells[0].outputs == []
    with pytest.raises(TimeLimitExceeded, match=r"more than 2 seconds of CPU.*`cpu_limit`"):
        running.execute("while True: pass")


def test_the_parent_killed_fails_what_was_running_and_nothing_else(limited: Running) -> None:
    assert isinstance(limited.kernels, ForkedKernels)
    limited.execute("1")
    assert limited.kernels._link is not None
    old = limited.kernels._link.process.pid
    others = family(limited)
    with pytest.raises(RenderingFailed, match="ended while this was running"):
        limited.execute(f"import os; os.kill({old}, {int(signal.SIGKILL)}); import time; time.sleep(60)")
    assert eventually(lambda: all(gone(each.pid) for each in others))
    assert limited.execute("6 * 7").cells[0].outputs[0].data["text/plain"] == "42"
    assert limited.kernels._link.process.pid != old


def test_nothing_outlives_a_process_that_was_killed(tmp_path: object, python: Callable[..., str]) -> None:
    """`kill -9` of the server leaves no parent, no kernel, no daemon of a cell, no folder."""
    pids = [int(word) for word in python(KILLED).split()]
    assert len(pids) == 3
    assert eventually(lambda: all(map(gone, pids)))


KILLED = """if True:
    import asyncio, os, signal, subprocess, sys
    code = '''if True:
        import asyncio, os, signal
        from jupyter_viz.config import load_configuration
        from jupyter_viz.rendering.pool import ForkedKernels
        from nbformat.v4 import new_code_cell, new_notebook
        async def main():
            kernels = ForkedKernels(load_configuration(), os.environ)
            spawn = "import os, subprocess, sys; " \\
                "child = subprocess.Popen(['sleep', '600'], start_new_session=True); print(os.getpid(), child.pid)"
            notebook = new_notebook(cells=[new_code_cell(spawn), new_code_cell("import time; time.sleep(600)")])
            asyncio.ensure_future(kernels.execute(notebook))
            while not notebook.cells[0].get("outputs"):
                await asyncio.sleep(0.01)
            print(kernels._link.process.pid, notebook.cells[0].outputs[0].text, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        asyncio.run(main())
    '''
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    print(done.stdout)
"""


def test_the_engine_is_a_library_that_leaves_nothing(start: Callable[..., Running]) -> None:
    """A notebook that asks for a kernel of its own starts an engine; closed, no process and no folder is left."""
    running = start(ForkedKernels)
    running.execute("1")
    assert isinstance(running.kernels, ForkedKernels)
    link = running.kernels._link
    assert link is not None
    alive = [link.process.pid, *(each.pid for each in family(running))]
    running.loop(running.kernels.close())
    assert eventually(lambda: all(map(gone, alive)))
    assert not os.path.exists(link.folder)
