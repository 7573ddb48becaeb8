"""A fresh kernel for each notebook: with what it may have, for as long as it may, and nothing of it stays."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_viz.errors import RenderingFailed, TimeLimitExceeded
from jupyter_viz.rendering.kernels import PlainKernels, allowed_environment

SPAWN = """\
import os, pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({path!r}).write_text(f"{{os.getpid()}} {{child.pid}}")
"""


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own, its path short enough for a socket in it."""
    folder = tempfile.mkdtemp()
    monkeypatch.setattr(tempfile, "tempdir", folder)
    yield Path(folder)
    shutil.rmtree(folder)


def _notebook(*cells: str) -> NotebookNode:
    return new_notebook(cells=[new_code_cell(cell) for cell in cells])


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def _both_gone(path: Path) -> bool:
    pids = [int(pid) for pid in path.read_text().split()]
    while not all(map(_gone, pids)):  # a signal takes a moment to arrive
        await asyncio.sleep(0.01)
    return True


LOOK = """\
import json, os, sys
print(json.dumps({
    "environment": dict(os.environ), "folder": os.getcwd(), "files": os.listdir(), "pid": os.getpid(),
    "interpreter": sys.executable, "group": os.getpgid(0),
}))
"""


async def test_what_a_kernel_has(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its result, an empty folder, its own group; none of the server's secrets; and after it nothing is left."""
    for name in ("JUPYTER_TOKEN", "SECRET", "DATABASE_PASSWORD", "JUPYTERHUB_API_TOKEN", "PGPASSWORD"):
        monkeypatch.setenv(name, "geheim")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    notebook = _notebook("x = 6 * 7", LOOK, "x", "raise ValueError('no')", "print('never')")
    environment = allowed_environment(os.environ) | {"JUPYTER_VIZ_HOME": "/h"}
    known = await PlainKernels().execute(notebook, environment, 60)
    seen = json.loads(notebook.cells[1].outputs[0].text)
    assert "geheim" not in json.dumps(seen["environment"])
    assert seen["environment"]["AWS_ACCESS_KEY_ID"] == "mine"
    assert seen["environment"]["JUPYTER_VIZ_HOME"] == "/h"
    assert seen["files"] == []
    assert Path(seen["folder"]).is_relative_to(temporary)
    assert seen["group"] != os.getpgid(0)
    assert notebook.cells[2].outputs[0].data["text/plain"] == "42"
    assert notebook.cells[3].outputs[0].ename == "ValueError"
    assert not notebook.cells[4].outputs
    assert known["name"] == "python3"
    assert known["id"]
    assert _gone(seen["pid"])
    assert list(temporary.iterdir()) == []


def test_the_environment_is_an_allowlist() -> None:
    """What nobody thought of stays out."""
    given = {"PATH": "p", "HOME": "h", "HTTPS_PROXY": "x", "GOOGLE_APPLICATION_CREDENTIALS": "g", "LC_ALL": "C"}
    secret = {"JUPYTER_TOKEN": "t", "SECRET": "s", "JUPYTER_VIZ_CATALOG": "c", "MY_AWS_": "m", "path": "p", "": "x"}
    assert allowed_environment({**given, **secret}) == given


async def test_the_time_limit_ends_the_kernel_and_its_children(temporary: Path, tmp_path: Path) -> None:
    """An endless loop, with a child of its own, that ignores being asked to stop."""
    ignoring = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    )
    notebook = _notebook(ignoring, SPAWN.format(path=str(tmp_path / "pids")), "while True: pass")
    began = time.monotonic()
    await PlainKernels().execute(_notebook("1"), allowed_environment(os.environ), 60)
    limit = 1 + 3 * (time.monotonic() - began)  # enough for the kernel to come as far as the loop on this machine
    with pytest.raises(TimeLimitExceeded, match=r"longer than [\d.]+ seconds"):
        await PlainKernels().execute(notebook, allowed_environment(os.environ), limit)
    assert await _both_gone(tmp_path / "pids")
    assert list(temporary.iterdir()) == []


async def test_a_cancelled_rendering_ends_the_kernel_and_its_children(temporary: Path, tmp_path: Path) -> None:
    notebook = _notebook(SPAWN.format(path=str(tmp_path / "pids")), "while True: pass")
    task = asyncio.create_task(PlainKernels().execute(notebook, allowed_environment(os.environ), 60))
    while not (tmp_path / "pids").exists() or not (tmp_path / "pids").read_text():
        await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _both_gone(tmp_path / "pids")
    assert list(temporary.iterdir()) == []


async def test_a_kernel_that_ends_itself_is_a_clear_error(temporary: Path, tmp_path: Path) -> None:
    notebook = _notebook(SPAWN.format(path=str(tmp_path / "pids")), "os._exit(1)", "print('never')")
    with pytest.raises(RenderingFailed, match="The kernel died"):
        await PlainKernels().execute(notebook, allowed_environment(os.environ), 60)
    assert await _both_gone(tmp_path / "pids")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("problem", ["no such kernel", "no interpreter"])
async def test_a_kernel_that_does_not_start_is_a_clear_error(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    folder = tmp_path / "jupyter" / "kernels" / "broken"
    folder.mkdir(parents=True)
    spec: dict[str, Any] = {"argv": ["/no/such/python", "{connection_file}"], "display_name": "Broken"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    name = "absent" if problem == "no such kernel" else "broken"
    with pytest.raises(RenderingFailed, match="No kernel could be started"):
        await PlainKernels(name).execute(_notebook("1"), allowed_environment(os.environ), 30)
    assert list(temporary.iterdir()) == []
