"""The magics in a real kernel: what a front end is sent."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_viz.rendering.bundles import MIME, PLOTLY


class Kernel:
    """A kernel with our extension. `run` gives the reply to a cell; `shown` is what came with it."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.shown: list[Any] = []

    def run(self, code: str) -> Any:
        self.shown = []
        content: Any = self.client.execute_interactive(code, timeout=100, output_hook=self.shown.append)["content"]
        return content

    def data(self) -> list[Any]:
        return [each["content"]["data"] for each in self.shown if "data" in each["content"]]

    def error(self) -> str:
        [found] = [each["content"] for each in self.shown if each["msg_type"] == "error"]
        return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(found["traceback"]))


@pytest.fixture(scope="module")
def started(recorded: Any, at_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with at_home(recorded.home):
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("notebooks")))
        kernel = Kernel(client)
        assert kernel.run("%load_ext jupyter_viz")["status"] == "ok"
        kernel.manager = manager  # type: ignore[attr-defined]
        yield kernel
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


@pytest.fixture
def kernel(started: Kernel, recorded_home: Any) -> Kernel:
    return started


def test_a_line_shows_the_bundle_richest_first(kernel: Kernel) -> None:
    assert kernel.run("%viz roc_curve churn@latest/scores --score p")["status"] == "ok"
    [data] = kernel.data()
    assert set(data) == {MIME, PLOTLY, "text/html", "text/plain"}
    assert data[MIME]["provenance"]["kernel"]["name"] == "python3"


def test_own_code_shows_its_last_expression(kernel: Kernel) -> None:
    kernel.run("%%viz custom churn@latest/scores\nprint('first')\nlen(source.table().to_pandas())")
    assert kernel.data() == [{"text/plain": "200"}]
    kernel.run("source")
    assert "name 'source' is not defined" in kernel.error()


@pytest.mark.parametrize("cell", ["%%viz custom churn@latest/scores", "%%viz custom"])
def test_a_traceback_points_at_the_users_line(kernel: Kernel, cell: str) -> None:
    """Theirs, and of their own functions; none of ours."""
    code = "def halve(value):\n    return value / 0\n\nfirst = 1\nhalve(first)"
    assert kernel.run(f"{cell}\n{code}")["status"] == "error"
    shown = kernel.error()
    assert "----> 5 halve(first)" in shown
    assert "----> 2     return value / 0" in shown
    assert "jupyter_viz" not in shown
    assert shown.count("ZeroDivisionError: division by zero") == 1


def test_a_mistake_in_a_line_is_its_sentence(kernel: Kernel) -> None:
    kernel.run("%viz roc_curv churn@latest/scores")
    [said] = [each["content"] for each in kernel.shown if each["msg_type"] in ("stream", "error")]
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.get("text", "") or "\n".join(said.get("traceback", [])))
    assert "Did you mean 'roc_curve'?" in text
    assert "File" not in text


def test_edit_hands_the_cell_to_the_front_end(kernel: Kernel, recorded_home: Any) -> None:
    kernel.run("%%viz custom --n 2 --save-as doubled\narguments['n'] * 2")
    assert kernel.data() == [{"text/plain": "4"}]
    try:
        [payload] = kernel.run("%viz edit doubled")["payload"]
        assert payload["source"] == "set_next_input"
        assert payload["text"] == "%%viz custom --n 2 --save-as doubled\narguments['n'] * 2"
    finally:
        (recorded_home.home / "recipes" / "doubled.yaml").unlink()
        (recorded_home.home / "recipes").rmdir()


def test_an_interrupt_cancels_a_kernel_of_its_own(kernel: Kernel, tmp_path: Path) -> None:
    """The button that stops a cell stops what the cell waits for, and the next cell runs."""
    file = tmp_path / "began"
    code = f"import pathlib, time\npathlib.Path({str(file)!r}).touch()\ntime.sleep(600)"
    request = kernel.client.execute(f"%%viz custom --kernel fresh --refresh\n{code}")
    while not file.exists():
        time.sleep(0.05)
    kernel.manager.interrupt_kernel()  # type: ignore[attr-defined]
    reply = kernel.client.get_shell_msg(timeout=60)
    assert reply["parent_header"]["msg_id"] == request
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    kernel.run("%viz table churn@latest/scores --kernel fresh --rows 3")
    assert kernel.data()[0][MIME]["kind"] == "table"


def test_tab_works_in_the_kernel(kernel: Kernel) -> None:
    for _ in range(50):  # the first Tab of a kernel may come too early for its imports
        reply = kernel.client.complete("%viz roc_curve churn@latest/ev", reply=True, timeout=60)
        if "churn@latest/evaluate/scores" in reply["content"]["matches"]:
            break
        time.sleep(0.2)
    assert "churn@latest/evaluate/scores" in reply["content"]["matches"]
    assert reply["content"]["cursor_start"] == len("%viz roc_curve ")
