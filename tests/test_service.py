"""The use cases across processes: what a server leaves when it ends, and what it never does."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_viz.config import load_configuration
from jupyter_viz.enums import VisualizationStatus
from jupyter_viz.errors import CustomDisabled, InvalidArgument, NotFound, Unprocessable
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.rendering.kernels import Kernels
from jupyter_viz.service import Service

RENDER = """if True:
    import asyncio, sys
    from jupyter_viz.config import load_configuration
    from jupyter_viz.models import Principal, RenderRequest
    from jupyter_viz.service import Service

    async def main():
        service = Service(load_configuration())
        code = sys.argv[1]
        made = await service.render(Principal(), RenderRequest("custom", None, {}, code))
        print(made.id, flush=True)
        await service.wait(made.id, 100)

    asyncio.run(main())
"""


def test_a_killed_server_leaves_no_rendering_that_runs_for_ever(tmp_path: Path) -> None:
    """After kill -9 the rendering says "interrupted", its kernel ends by itself, and asking again renders."""
    path = tmp_path / "pid"
    code = (
        "import os, pathlib, time\n"
        f"pathlib.Path({str(path)!r}).write_text(str(os.getpid()) + '.')\n"
        "while True: time.sleep(0.1)"
    )
    temporary = tempfile.mkdtemp()  # short enough for a socket; nobody tidies up after a kill -9
    process = subprocess.Popen(
        [sys.executable, "-c", RENDER, code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": temporary},
    )
    assert process.stdout is not None
    visualization_id = process.stdout.readline().strip()
    while not (path.exists() and path.read_text().endswith(".")):
        assert process.poll() is None
    rows = Service(load_configuration()).catalog.visualizations
    assert rows.get(Principal(), visualization_id).status is VisualizationStatus.RUNNING
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    while rows.get(Principal(), visualization_id).status is VisualizationStatus.RUNNING:
        pass  # an answer is remembered for half a second
    found = rows.get(Principal(), visualization_id)
    assert found.status is VisualizationStatus.INTERRUPTED
    assert found.error is not None
    assert "Render it again" in found.error.message
    psutil.wait_procs([psutil.Process(int(path.read_text()[:-1]))] if _runs(path) else [], timeout=30)
    assert not _runs(path)
    shutil.rmtree(temporary, ignore_errors=True)  # what ends now removes its own beside us


def _runs(path: Path) -> bool:
    pid = int(path.read_text()[:-1])
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_the_server_imports_no_materializer_and_no_recipe(recorded: Any, python: Callable[..., str]) -> None:
    """It looks up, queues and serves bytes: what a plugin or a pickle does, it does elsewhere."""
    code = """if True:
        import json, sys
        import jupyter_viz.app
        started = sorted(sys.modules)
        from jupyter_viz.config import load_configuration
        from jupyter_viz.models import Principal
        from jupyter_viz.service import Service
        service, who = Service(load_configuration()), Principal()
        service.recipes(who)
        for run in service.runs(who).runs:
            for step in service.run(who, run.id).steps:
                for artifact in step.artifacts:
                    service.artifact(who, artifact.id)
                    service.source(who, artifact.address)
                    for each in service.visualizations_of(who, artifact.id):
                        service.visualization(who, each.id)
        print(json.dumps([started, sorted(sys.modules)]))
    """
    started, used = json.loads(python(code, JUPYTER_VIZ_HOME=str(recorded.home)))
    heavy = {"pandas", "ibis", "duckdb", "plotly", "matplotlib", "cloudpickle", "sklearn", "pyarrow", "IPython"}
    heavy |= {"sqlalchemy", "alembic"}  # JupyterLab opens no later for those who never look at a run
    assert not heavy & {name.partition(".")[0] for name in started}
    assert not {"pandas", "ibis", "duckdb", "plotly", "matplotlib", "cloudpickle"} & {
        name.partition(".")[0] for name in used
    }
    theirs = {"jupyter_viz.recipes.classification", "jupyter_viz.recipes.data", "jupyter_viz.materializers.plain"}
    assert not theirs & set(used)


class Never(Kernels):
    """Kernels that must not be started."""

    async def execute(self, *_: Any) -> dict[str, Any]:
        raise AssertionError("a kernel was started")

    async def call(self, *_: Any) -> Any:
        raise AssertionError("a process was started")

    def renew(self) -> None: ...

    async def close(self) -> None: ...


async def test_custom_code_is_refused_before_any_kernel(recorded_home: Any) -> None:
    service = Service(load_configuration(), Never)
    with pytest.raises(CustomDisabled):
        await service.render(Principal("ann", may_execute=False), RenderRequest("custom", None, {}, "1"))
    assert service.load_of_queue() == (0, 0)
    await service.close()


@pytest.mark.parametrize(
    ("recipe", "others", "said"),
    [
        ("table", 20, "'table' shows at most 20 sources together; 21 are named. Name fewer: a narrower pattern"),
        ("metric_trend", 200, "At most 200 sources are shown together; 201 are named. Name fewer"),
        ("diff", 0, "'diff' compares 2 sources; 1 is named"),
        ("diff", 1, "'diff' needs 2 sources; 'churn@gone-0/scores' can't be read: There is no run 'gone-0'"),
    ],
)
async def test_a_wrong_number_of_sources_is_refused_before_any_kernel(
    recorded_home: Any, recipe: str, others: int, said: str
) -> None:
    """Whoever asks for too much reads at once what to ask for, and no rendering stands in the list as failed."""
    service = Service(load_configuration(), Never)
    named = (*(f"churn@gone-{number}/scores" for number in range(others)), recorded_home.scores)
    with pytest.raises(InvalidArgument, match=re.escape(said)):
        await service.render(Principal(), RenderRequest(recipe, named, {}))
    assert service.load_of_queue() == (0, 0)
    await service.close()


async def test_what_a_materializer_made_is_not_deleted_by_hand(recorded_home: Any) -> None:
    with pytest.raises(Unprocessable, match="belongs to its run"):
        await Service(load_configuration(), Never).delete(Principal(), recorded_home.shown["report/report"].id)


def test_a_catalog_that_cannot_be_opened_is_an_answer(tmp_path: Path) -> None:
    """The sidebar says what is wrong; and when the database is there again, it goes on without a restart."""
    folder = tmp_path / "folder"
    folder.touch()
    service = Service(load_configuration(overrides={"catalog": f"sqlite:///{folder}/catalog.db"}))
    assert (service.catalog_state().state, service.catalog_state().id) == ("unavailable", None)
    assert "can't be made" in (service.catalog_state().message or "")
    folder.unlink()
    assert service.catalog_state().state == "ok"


async def test_a_server_removes_renderings_beyond_their_limits_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to remember `jupyter viz gc`: what was not looked at for `keep_renderings_days` goes."""
    monkeypatch.setattr("jupyter_viz.visualizing._TIDY_AFTER", 0.5)
    service = Service(load_configuration(overrides={"keep_renderings_days": 1e-6}))
    try:
        made = await service.render(Principal(), RenderRequest("custom", None, {"tidy": 1}, "1"))
        await service.wait(made.id, 60)
        folder = Path(service.store.rendering_folder(made.id))
        assert folder.exists()
        service._tidying.cancel()  # type: ignore[union-attr]
        service._tidying = asyncio.create_task(service._tidy())  # as a day later
        while folder.exists():
            await asyncio.sleep(0.05)
        with pytest.raises(NotFound):
            service.catalog.visualizations.get(Principal(), made.id)
    finally:
        await service.close()
