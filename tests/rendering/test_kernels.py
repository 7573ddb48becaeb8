"""A fresh kernel for each notebook: with what it may have, for as long as it may, and nothing of it stays.

What holds for every kind of kernels is tried with each.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz.errors import OutputLimitExceeded, RenderingFailed, TimeLimitExceeded
from jupyter_viz.rendering.kernels import allowed_environment
from jupyter_viz.rendering.notebook import OURS
from jupyter_viz.rendering.outputs import KEPT_OUTPUTS, KEPT_STREAM, OutputCollector
from jupyter_viz.rendering.plain import PlainKernels

from .conftest import Running, eventually, gone, notebook_of

SPAWN = """\
import os, pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session={session})
pathlib.Path({path!r}).write_text(f"{{os.getpid()}} {{child.pid}}")
"""
LOOK = """\
import json, os, sys
print(json.dumps({
    "environment": dict(os.environ), "folder": os.getcwd(), "files": os.listdir(), "pid": os.getpid(),
    "interpreter": sys.executable, "group": os.getpgid(0), "tmp": __import__("tempfile").mkdtemp(),
}))
"""


def test_what_a_kernel_has(either: Running, start: Callable[..., Running]) -> None:
    """Its result, an empty folder, its own group; none of the server's secrets; and after it nothing is left."""
    secret = {"JUPYTER_TOKEN", "SECRET", "DATABASE_PASSWORD", "JUPYTERHUB_API_TOKEN", "PGPASSWORD"}
    environ = {**os.environ, **dict.fromkeys(secret, "geheim"), "AWS_ACCESS_KEY_ID": "mine"}
    running = start(type(either.kernels), environ)
    notebook = running.execute("x = 6 * 7", LOOK, "x", "raise ValueError('no')", "print('never')")
    seen = json.loads(notebook.cells[1].outputs[0].text)
    assert "geheim" not in json.dumps(seen["environment"])
    assert seen["environment"]["AWS_ACCESS_KEY_ID"] == "mine"
    assert seen["environment"]["JUPYTER_VIZ_HOME"] == running.kernels.config.home
    assert seen["files"] == []
    assert seen["group"] != os.getpgid(0)
    assert notebook.cells[2].outputs[0].data["text/plain"] == "42"
    assert notebook.cells[3].outputs[0].ename == "ValueError"
    assert not notebook.cells[4].outputs
    assert notebook.metadata["kernel"]["name"] == "python3"
    assert notebook.metadata["kernel"]["id"]
    assert eventually(lambda: gone(seen["pid"]))
    assert eventually(lambda: not Path(seen["folder"]).exists())


def test_nothing_of_one_rendering_is_seen_by_the_next(either: Running) -> None:
    """Kubeflow's shared kernel leaks variables, modules and environment from one user's code to the next."""
    either.execute("left = 1; import os, json; os.environ['LEFT'] = '1'; json.left = 1; open('left', 'w').close()")
    [cell] = either.execute(
        "import os, json; print('left' in dir(), 'LEFT' in os.environ, hasattr(json, 'left'))"
    ).cells
    assert cell.outputs[0].text == "False False False\n"


def test_every_kernel_draws_its_own_random_numbers(either: Running) -> None:
    code = "import random, numpy; print(random.random(), numpy.random.rand())"
    assert either.execute(code).cells[0].outputs != either.execute(code).cells[0].outputs


def test_the_environment_is_an_allowlist() -> None:
    """What nobody thought of stays out."""
    given = {"PATH": "p", "HOME": "h", "HTTPS_PROXY": "x", "GOOGLE_APPLICATION_CREDENTIALS": "g", "LC_ALL": "C"}
    secret = {"JUPYTER_TOKEN": "t", "SECRET": "s", "JUPYTER_VIZ_CATALOG": "c", "MY_AWS_": "m", "path": "p", "": "x"}
    assert allowed_environment({**given, **secret}) == given


def test_what_runs_before_leaves_nothing_in_the_notebook(either: Running) -> None:
    notebook = either.execute("given", before=["given = 5"])
    assert notebook.cells[0].source == "given"
    assert [output.data["text/plain"] for output in notebook.cells[0].outputs] == ["5"]


def test_cells_of_ours_go_together_and_one_that_fails_is_the_last(either: Running) -> None:
    """What a source can't be read for is told before the user's own code is run."""
    notebook = notebook_of("x = 1", "raise ValueError('no')", "print('never')")
    for cell in notebook.cells[:2]:
        cell.metadata["tags"] = [OURS]
    either.loop(either.kernels.execute(notebook))
    assert [[output.output_type for output in cell.outputs] for cell in notebook.cells] == [[], ["error"], []]


def test_the_time_limit_ends_the_kernel_and_its_children(
    either: Running, start: Callable[..., Running], tmp_path: Path, pids: Callable[[], list[int]]
) -> None:
    """An endless loop, with a child of its own, that ignores being asked to stop."""
    ignoring = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    )
    limited = start(type(either.kernels), time_limit=3)
    with pytest.raises(TimeLimitExceeded, match="longer than 3 seconds"):
        limited.execute(ignoring, SPAWN.format(path=str(tmp_path / "pids"), session=False), "while True: pass")
    assert eventually(lambda: all(map(gone, pids())))


def test_a_cancelled_rendering_ends_the_kernel_and_its_children(
    either: Running, tmp_path: Path, pids: Callable[[], list[int]]
) -> None:
    notebook = notebook_of(SPAWN.format(path=str(tmp_path / "pids"), session=True), "while True: pass")
    work = asyncio.run_coroutine_threadsafe(either.kernels.execute(notebook), either.loop.loop)
    assert len(pids()) == 2
    work.cancel()
    assert eventually(lambda: all(map(gone, pids())))


def test_what_a_kernel_starts_ends_with_it(either: Running, tmp_path: Path, pids: Callable[[], list[int]]) -> None:
    """A daemon in a session of its own must not be there when its picture is."""
    either.execute(SPAWN.format(path=str(tmp_path / "pids"), session=True))
    assert eventually(lambda: all(map(gone, pids())))


def test_a_kernel_that_ends_itself_is_a_clear_error(
    either: Running, tmp_path: Path, pids: Callable[[], list[int]]
) -> None:
    with pytest.raises(RenderingFailed, match=r"died|ended its process"):
        either.execute(SPAWN.format(path=str(tmp_path / "pids"), session=False), "os._exit(1)", "print('never')")
    assert eventually(lambda: all(map(gone, pids())))


def test_an_endless_flood_is_stopped_by_its_size(either: Running) -> None:
    """A print in a loop must end the rendering, not the server's memory."""
    with pytest.raises(OutputLimitExceeded, match="show less"):
        either.execute("while True: print('x' * 1_000_000)")


def test_a_long_output_is_cut_and_says_so(either: Running) -> None:
    """Of 4 MB of text and 900 displays the beginning is kept."""
    notebook = either.execute(f"print('y' * {4 * KEPT_STREAM})\nfor number in range(900): display(number)")
    outputs = notebook.cells[0].outputs
    assert len(outputs[0].text) == KEPT_STREAM
    assert len(outputs) <= KEPT_OUTPUTS
    assert notebook.metadata["truncated"] is True


def test_a_busy_server_reads_a_long_output_to_its_end(either: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel is done long before: that is no flood."""
    take = OutputCollector.take

    def slowly(*args: Any) -> None:
        time.sleep(0.01)
        take(*args)

    monkeypatch.setattr(OutputCollector, "take", slowly)
    notebook = either.execute("for number in range(300): display(number)")
    assert len(notebook.cells[0].outputs) == 300


def test_a_call_gives_what_the_function_gives(either: Running) -> None:
    """Pictures are drawn and notebooks exported outside the server's process."""
    value = either.loop(either.kernels.call("os.path:basename", "a/ü.csv"))
    assert value == "ü.csv"
    with pytest.raises(RenderingFailed, match="TypeError"):
        either.loop(either.kernels.call("os.path:basename", 5))


def test_a_named_kernel_is_used(either: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another environment's kernelspec, here one that is told apart by a variable."""
    argv = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    _kernelspec(tmp_path, {"argv": argv, "display_name": "Other", "language": "python", "env": {"OTHER": "yes"}})
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    notebook = either.execute("import os; os.environ['OTHER']", kernel="other")
    assert notebook.cells[0].outputs[0].data["text/plain"] == "'yes'"
    assert notebook.metadata["kernel"]["name"] == "other"


def test_a_temporary_folder_of_a_long_path(
    either: Running, start: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As clusters have: a socket's path has about a hundred bytes; a kernel that can't open its own dies at once."""
    long = tmp_path / "scratch" / ("x" * 120)
    long.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    notebook = start(type(either.kernels)).execute("6 * 7")
    assert notebook.cells[0].outputs[0].data["text/plain"] == "42"


@pytest.mark.parametrize("name", ["absent", "other"])
def test_a_kernel_that_does_not_start_is_a_clear_error(
    start: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _kernelspec(tmp_path, {"argv": ["/no/such/python", "{connection_file}"], "display_name": "Broken"})
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    with pytest.raises(RenderingFailed, match="No kernel could be started"):
        start(PlainKernels).execute("1", kernel=name)


def _kernelspec(folder: Path, spec: dict[str, Any]) -> None:
    home = folder / "jupyter" / "kernels" / "other"
    home.mkdir(parents=True)
    (home / "kernel.json").write_text(json.dumps(spec))
