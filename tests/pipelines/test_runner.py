"""What a run did until it ended, however it ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import pytest

from jupyter_viz import log_metrics, pipeline, step, visualize
from jupyter_viz.catalog import open_catalog
from jupyter_viz.client import Client, load
from jupyter_viz.config import load_configuration
from jupyter_viz.enums import RunStatus, VisualizationStatus, VisualizationType
from jupyter_viz.errors import BytesGone, CatalogUnavailable, InvalidOutput
from jupyter_viz.io import fileio
from jupyter_viz.materializers import BaseMaterializer, registered
from jupyter_viz.materializers.registered import qualified_name
from jupyter_viz.models import Run
from jupyter_viz.types import HTMLString, MarkdownString


@step
def prepare() -> tuple[Annotated[pd.DataFrame, "data"], Annotated[HTMLString, "report"]]:
    return pd.DataFrame({"label": [0, 1]}), HTMLString("<h1>Report</h1>")


def _newest() -> Run:
    return open_catalog(load_configuration().catalog).runs.find_run("churn@newest")


def test_a_run_is_recorded_whole() -> None:
    @pipeline
    def churn() -> None:
        prepare()
        log_metrics({"auc": 0.5})

    run = churn()
    assert run.id == _newest().id
    assert run.status is RunStatus.COMPLETED
    assert run.ended_at is not None
    data, report = run.steps["prepare"].artifacts
    assert (data.name, data.kind.value, data.rows) == ("data", "table", 2)
    assert data.python_type == qualified_name(pd.DataFrame)  # pandas 3 has moved it
    assert [column.name for column in data.columns] == ["label"]
    assert report.kind.value == "html"
    assert data.visualization_count == 3
    assert Path(data.uri).is_dir()
    assert len(data.digest) == 64
    pd.testing.assert_frame_equal(load("churn@latest/prepare/data"), pd.DataFrame({"label": [0, 1]}))
    assert load("churn@latest/report") == "<h1>Report</h1>"
    assert type(load("churn@latest/report")) is HTMLString


def test_a_run_is_recorded_in_any_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One setting moves the catalog to PostgreSQL; the pipeline stays as it is."""
    monkeypatch.setenv("JUPYTER_VIZ_CATALOG", url)

    @pipeline
    def churn() -> None:
        prepare()
        log_metrics({"auc": 0.5})
        raise ValueError("nul \0 half \ud800")

    with pytest.raises(ValueError, match="nul"):
        churn()
    run = _newest()
    assert (run.status, run.metrics["auc"].value) == (RunStatus.FAILED, 0.5)
    assert load("churn@newest/prepare/data").label.tolist() == [0, 1]
    assert visualize("table", "churn@newest/data").metrics["rows"] == 2


def test_a_failing_step_fails_the_run_and_keeps_what_was_saved(tmp_path: Path) -> None:
    """The evening after a crash, everything up to it is there, with the traceback."""

    @step
    def evaluate() -> tuple[Annotated[int, "n"], Annotated[Any, "lock"]]:
        log_metrics({"auc": 0.5})
        return 5, threading.Lock()

    @step
    def explode() -> None:
        raise ValueError("first line: no é\udcff\nsecond line")

    @pipeline
    def churn() -> None:
        prepare()
        with pytest.raises(InvalidOutput, match=r"Output 'lock' of step 'evaluate': A _thread\.lock can't be stored"):
            evaluate()
        explode()

    with pytest.raises(ValueError, match="second line"):
        churn()
    run = _newest()
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    assert run.error.startswith("ValueError: first line: no é")
    assert [(each.name, each.status) for each in run.steps] == [
        ("prepare", RunStatus.COMPLETED),
        ("evaluate", RunStatus.FAILED),
        ("explode", RunStatus.FAILED),
    ]
    assert load("churn@newest/prepare/data").label.tolist() == [0, 1]
    assert load("churn@newest/evaluate/n") == 5
    assert run.metrics["auc"].value == 0.5
    assert "raise ValueError" in (run.steps[2].traceback or "")
    assert run.steps[0].error is None


@pytest.mark.parametrize("where", ["step", "pipeline"])
def test_the_users_exception_reaches_the_user(where: str) -> None:
    """Recording never stands between a caller and what was raised."""

    class Mine(Exception):
        pass

    @step
    def explode() -> None:
        raise Mine

    @pipeline
    def churn() -> None:
        if where == "pipeline":
            raise Mine
        explode()

    with pytest.raises(Mine):
        churn()
    assert _newest().status is RunStatus.FAILED
    assert "Mine" in (_newest().error or "")


def test_a_run_is_visible_while_it_runs(python: Callable[..., str]) -> None:
    """Another process (the server) sees step, artifact and metric before the run has ended."""
    seen: dict[str, Any] = {}
    code = """if True:
        import json
        from jupyter_viz.client import Client
        run = Client().get_pipeline_run("churn@newest")
        steps = [[step.name, step.status.value, [a.name for a in step.artifacts]] for step in run.steps.values()]
        print(json.dumps({"status": run.status.value, "steps": steps, "metrics": list(run.metrics)}))
    """

    @step
    def look() -> None:
        log_metrics({"auc": 1})
        seen.update(json.loads(python(code)))

    @pipeline
    def churn() -> None:
        prepare()
        look()

    churn()
    assert seen == {
        "status": "running",
        "steps": [["prepare", "completed", ["data", "report"]], ["look", "running", []]],
        "metrics": ["auc"],
    }


def test_ctrl_c_is_an_interruption_not_a_failure() -> None:
    code = """if True:
        import signal, time
        from jupyter_viz import pipeline, step
        # Tests that a shell runs in its background inherit that it is ignored, and so would their processes.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        @step
        def wait() -> None:
            print("waiting", flush=True)
            time.sleep(60)
        @pipeline
        def churn() -> None:
            wait()
        churn()
    """
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], text=True, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert "KeyboardInterrupt" in errors
    run = _newest()
    assert run.status is RunStatus.INTERRUPTED
    assert run.ended_at is not None
    assert [each.status for each in run.steps] == [RunStatus.INTERRUPTED]


class Picture:
    pass


@pytest.fixture
def picture(monkeypatch: pytest.MonkeyPatch) -> type[BaseMaterializer]:
    monkeypatch.setattr(registered, "_defined", dict(registered._defined))

    class PictureMaterializer(BaseMaterializer):
        ASSOCIATED_TYPES = (Picture,)

        def save(self, data: Any) -> None:
            with fileio.open(self.path("data.txt"), "w") as file:
                file.write("picture")

    return PictureMaterializer


def _shown_of_picture() -> list[Any]:
    @step
    def draw() -> Annotated[Picture, "picture"]:
        return Picture()

    @pipeline
    def churn() -> None:
        draw()

    run = churn()
    assert run.status is RunStatus.COMPLETED
    return run.steps["draw"].output.visualizations


def test_a_picture_that_fails_is_shown_as_failed_and_harms_nothing(
    picture: type[BaseMaterializer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in `save_visualizations` costs the picture, never the run."""

    def save_visualizations(self: Any, data: Any) -> dict[str, VisualizationType]:
        with fileio.open(self.path("a.html"), "w") as file:
            file.write("<p>")
        raise RuntimeError("no display \0")

    monkeypatch.setattr(picture, "save_visualizations", save_visualizations)
    [shown] = _shown_of_picture()
    assert shown.status is VisualizationStatus.FAILED
    assert shown.error is not None
    assert shown.error.code == "save_visualizations_failed"
    assert shown.error.message.startswith("RuntimeError: no display")
    assert "in save_visualizations" in (shown.error.traceback or "")


@pytest.mark.parametrize("kind", ["outside", "missing", "format", "no dict"])
def test_what_a_materializer_shows_must_be_its_own(
    picture: type[BaseMaterializer], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    """A materializer can't put somebody else's file on a page, nor one that isn't there."""
    (tmp_path / "secret.html").write_text("secret")

    def save_visualizations(self: Any, data: Any) -> Any:
        return {
            "outside": {str(tmp_path / "secret.html"): VisualizationType.HTML},
            "missing": {self.path("absent.html"): VisualizationType.HTML},
            "format": {self.path("data.txt"): "hologram"},
            "no dict": None,
        }[kind]

    monkeypatch.setattr(picture, "save_visualizations", save_visualizations)
    [shown] = _shown_of_picture()
    assert shown.status is VisualizationStatus.FAILED
    assert shown.uri is None


def test_a_format_may_be_given_as_text(picture: type[BaseMaterializer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "save_visualizations", lambda self, data: {self.path("data.txt"): "markdown"})
    [shown] = _shown_of_picture()
    assert (shown.name, shown.format, shown.size) == ("picture", VisualizationType.MARKDOWN, 7)


def test_bytes_that_were_removed_are_said_to_be_gone() -> None:
    @pipeline
    def churn() -> None:
        prepare()

    Path(churn().steps["prepare"].artifacts[0].uri, "data.parquet").unlink()
    with pytest.raises(BytesGone, match="removed"):
        load("churn@latest/prepare/data")


def test_a_catalog_that_is_not_there_stops_the_run_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody trains for hours to learn at the end that nothing was recorded."""
    called = []

    @pipeline
    def churn() -> None:
        called.append(1)

    monkeypatch.setenv("JUPYTER_VIZ_CATALOG", "postgresql://127.0.0.1:1/viz")
    with pytest.raises(CatalogUnavailable):
        churn()
    assert not called


def test_runs_in_threads_do_not_mix() -> None:
    @step
    def make(number: int) -> Annotated[int, "number"]:
        log_metrics({"number": number})
        return number

    @pipeline
    def churn(number: int) -> None:
        barrier.wait()
        make(number)

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=churn, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runs = Client().list_pipeline_runs("churn")
    assert len(runs) == 4
    for run in runs:
        assert load(f"{run.address}/make/number") == run.parameters["number"] == run.metrics["number"].value


def test_nothing_of_a_run_goes_on_after_it() -> None:
    """No thread keeps beating for a run that has ended."""
    before = set(threading.enumerate())

    @pipeline
    def churn() -> None:
        assert len(set(threading.enumerate()) - before) == 1

    churn()
    for thread in set(threading.enumerate()) - before:
        thread.join()


def test_special_strings_from_the_demo_forms(home: Path) -> None:
    @step
    def summary() -> Annotated[MarkdownString, "summary"]:
        return MarkdownString("**good**")

    @pipeline
    def churn() -> None:
        summary()

    artifact = churn().steps["summary"].output
    assert artifact.uri.startswith(f"{home}{os.sep}artifacts")
    assert artifact.kind.value == "markdown"
    assert artifact.visualization_count == 1
