"""A rendering in a kernel of its own, asked for in a notebook: it never holds up the notebook, and can be stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from jupyter_viz import visualize
from jupyter_viz.client import Client
from jupyter_viz.enums import Freshness, VisualizationStatus
from jupyter_viz.errors import InvalidArgument, MissingColumn, UnknownRecipe
from jupyter_viz.models import RenderRequest
from jupyter_viz.notebook import elsewhere, handed

CURVE = {"target": "label", "score": "p"}


@pytest.fixture(autouse=True, scope="module")
def ended() -> Iterator[None]:
    yield
    elsewhere.stop()


def eventually(holds: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def test_what_it_makes_is_what_this_kernel_makes_and_is_kept(recorded_home: Any) -> None:
    """The rows bit by bit, the picture, the numbers; then it is among the artifact's, and there at once."""
    here = visualize("roc_curve", recorded_home.scores, **CURVE)
    request = RenderRequest("roc_curve", recorded_home.scores, CURVE, refresh=True)
    rendering = elsewhere.start(request)
    assert not rendering.done
    result = rendering.result()
    assert result.data.equals(here.data)
    assert result.data.dtypes.equals(here.data.dtypes)
    assert result.figure == here.figure
    assert result.metrics == here.metrics
    assert result.to_html() == here.to_html()
    assert result.provenance["kernel"]["id"] != here.provenance["kernel"]["id"]
    assert result.notebook is not None
    assert result.artifact.address == recorded_home.scores
    assert rendering.progress().status is VisualizationStatus.COMPLETED
    kept = next(each for each in result.artifact.visualizations if each.id == rendering.id)
    assert kept.result().data.equals(here.data)
    assert (
        result.freshness,
        elsewhere.start(RenderRequest("roc_curve", recorded_home.scores, CURVE)).result().freshness,
    ) == (
        Freshness.NEW,
        Freshness.CACHED,
    )


def test_what_is_wrong_is_said_by_the_result(recorded_home: Any) -> None:
    """The same errors as in this kernel, whether they show before a kernel starts or in it."""
    for request, kind in (
        (RenderRequest("roc_curv", recorded_home.scores), UnknownRecipe),
        (RenderRequest("roc_curve", recorded_home.scores, {"score": "nothing"}), MissingColumn),
        (RenderRequest("roc_curve", recorded_home.artifacts["classes"].address), InvalidArgument),
    ):
        rendering = elsewhere.start(request)
        with pytest.raises(kind):
            rendering.result()
        assert rendering.progress().status is VisualizationStatus.FAILED


def test_own_code_that_raises_says_where(recorded_home: Any) -> None:
    rendering = elsewhere.start(RenderRequest("custom", code="first = 1\nraise ValueError('mine')"))
    with pytest.raises(elsewhere.CodeFailed, match="ValueError: mine") as caught:
        rendering.result()
    assert "----> 2 raise ValueError('mine')" in caught.value.traceback


def test_it_can_be_cancelled_while_it_sleeps(recorded_home: Any, tmp_path: Path) -> None:
    """The kernel is gone when the handle says that it has ended, and the next one is not held up."""
    file = tmp_path / "pid"
    code = f"import os, pathlib, time\npathlib.Path({str(file)!r}).write_text(str(os.getpid()))\ntime.sleep(600)"
    rendering = elsewhere.start(RenderRequest("custom", code=code, arguments={"once": str(file)}))
    pid = int(eventually(lambda: file.exists() and file.read_text()))
    assert rendering.progress().status is VisualizationStatus.RUNNING
    assert not rendering.wait(0.01)
    rendering.cancel()
    assert rendering.wait(30)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    with pytest.raises(elsewhere.Cancelled):
        rendering.result()
    assert rendering.progress().status is VisualizationStatus.CANCELLED
    assert Client().get_visualization(str(rendering.id)).status is VisualizationStatus.CANCELLED
    assert elsewhere.start(RenderRequest("custom", code="print('next')", refresh=True)).result() is not None


def test_one_that_has_not_begun_can_be_cancelled(recorded_home: Any) -> None:
    rendering = elsewhere.start(RenderRequest("table", recorded_home.scores, refresh=True))
    rendering.cancel()
    with pytest.raises(elsewhere.Cancelled):
        rendering.result()


def test_a_variable_is_handed_over_as_it_is_now(recorded_home: Any) -> None:
    frame = pd.DataFrame({"label": [0, 1, 1, 0], "p": [0.1, 0.9, 0.4, 0.3], "when": pd.to_datetime(["2024-01-01"] * 4)})
    here = visualize("table", frame)
    rendering = elsewhere.start(RenderRequest("table", "frame"), {"frame": frame})
    frame.loc[0, "p"] = 7.0
    result = rendering.result()
    assert result.provenance["source"] == "frame"
    pd.testing.assert_frame_equal(result.data, here.data)


def test_what_can_not_be_handed_over_is_said_to_be(recorded_home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidArgument, match="'number' is a int"):
        elsewhere.start(RenderRequest("table", "number"), {"number": 5})
    monkeypatch.setattr(handed, "MOST_BYTES", 100)
    with pytest.raises(handed.TooLarge, match="'frame' is too large"):
        elsewhere.start(RenderRequest("table", "frame"), {"frame": pd.DataFrame({"x": range(100)})})


def test_stopping_leaves_no_thread_and_no_process(recorded_home: Any) -> None:
    """What was being rendered is cancelled; the next rendering begins anew."""
    elsewhere.stop()
    others = set(_ours())  # of tests before
    elsewhere.start(RenderRequest("custom", code="1 + 1", refresh=True)).result()
    sleeping = elsewhere.start(RenderRequest("custom", code="import time; time.sleep(601)"))
    eventually(lambda: sleeping.progress().status is VisualizationStatus.RUNNING)
    elsewhere.stop()
    with pytest.raises(elsewhere.Cancelled):
        sleeping.result()
    eventually(lambda: set(_ours()) <= others)
    assert set(_ours()) <= others
    assert elsewhere.start(RenderRequest("custom", code="2 + 2", refresh=True)).result() is not None


def _ours() -> list[str]:
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith(("jupyter_viz", "asyncio_"))]
    processes = [
        each for each in psutil.Process().children(recursive=True) if "jupyter_viz" in " ".join(each.cmdline())
    ]
    return threads + [str(each.pid) for each in processes]


@pytest.mark.parametrize(
    "end", ["pass", "while_it_runs()", "os.kill(os.getpid(), signal.SIGKILL)"], ids=["ended", "ended later", "killed"]
)
def test_the_end_of_the_notebooks_kernel_is_the_end_of_it(
    recorded_home: Any, request: pytest.FixtureRequest, end: str
) -> None:
    """Whether it ends well, at once or in the middle, or is killed: no word, no process and no folder stays."""
    code = f"""if True:
        import os, signal, time
        from jupyter_viz.notebook import elsewhere
        from jupyter_viz.models import RenderRequest
        ask = "import os; print(os.getppid())"
        done = elsewhere.start(RenderRequest("custom", code=ask, refresh=True)).result()
        print(done.shown.before[0]["text"].strip(), flush=True)
        sleeping = elsewhere.start(RenderRequest("custom", code="import time; time.sleep(602)"))
        def while_it_runs():
            while sleeping.progress().status.value != "running":
                time.sleep(0.01)
        {end}
    """
    # Of a short path: with a long one the sockets, and what is with them, are not there.
    temporary = tempfile.mkdtemp(dir="/tmp")
    request.addfinalizer(lambda: os.rmdir(temporary))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": temporary},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == (-9 if "KILL" in end else 0), done.stderr
    assert done.stderr == ""
    assert eventually(lambda: not psutil.pid_exists(int(done.stdout)))
    assert eventually(lambda: not os.listdir(temporary)), os.listdir(temporary)
