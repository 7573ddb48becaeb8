"""Runs, steps and artifacts as their user meets them: completed, printed, shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from jupyter_viz import log_metrics, pipeline, step
from jupyter_viz.client import Client
from jupyter_viz.errors import NotFound
from jupyter_viz.types import HTMLString


@pytest.fixture
def completed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., set[str]]]:
    """What a fresh IPython offers after a text, as its Tab key does."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False

    def complete(text: str, **names: Any) -> set[str]:
        shell.user_ns.update(names)
        with provisionalcompleter():
            return {found.text.strip("'\"]") for found in shell.Completer.completions(text, len(text))}

    yield complete
    shell.history_manager.end_session()
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


def test_everything_completes(recorded_home: Any, completed: Callable[..., set[str]]) -> None:
    """Nobody types a step's name or an output's; the runs of a list, which are read later, too."""
    client = Client()
    for run in (recorded_home.run, client.get_pipeline_run("churn@latest"), client.list_pipeline_runs()[0]):
        assert {"output", "outputs"} <= {name.rpartition(".")[2] for name in completed("run.ou", run=run)}
        assert {"metrics", "model"} <= {name.rpartition(".")[2] for name in completed("run.m", run=run)}
        assert "evaluate" in completed('run.steps["', run=run)
        assert {"scores", "report"} <= completed('run.outputs["', run=run)
        assert {"scores", "report"} <= completed('run.steps["evaluate"].outputs["', run=run)
        assert "roc_auc" in completed('run.metrics["', run=run) or run is not recorded_home.run
        found = completed('run.outputs["scores"].', run=run)
        assert {"load", "visualize", "visualizations", "address"} <= {name.rpartition(".")[2] for name in found}


@step
def evaluate(note: str) -> tuple[Annotated[HTMLString, "<i>report</i>"], Annotated[int, "n"]]:
    log_metrics({"auc": 0.5})
    print("<b>printed</b>")
    return HTMLString("<h1>Report</h1>"), 5


@pipeline(tags=["<u>"], experiment="<s>")
def churn(note: str = "<img src=x onerror=alert(1)>") -> None:
    evaluate(note)


def test_html_forms_show_what_matters_and_are_escaped() -> None:
    run = churn()
    step_, artifact = run.steps["evaluate"], run.outputs["n"]
    pages = [each._repr_html_() for each in (run, step_, artifact, run.snapshot, Client().list_pipeline_runs())]
    for page in pages:
        for tag in ("<i>", "<b>printed", "<u>", "<s>", "<img", "<h1>"):
            assert tag not in page
    for text in ("completed", "auc", "0.500", "&lt;u&gt;", "evaluate", "&lt;i&gt;report&lt;/i&gt;, n"):
        assert text in pages[0]
    assert "int" in pages[2]
    for each, text in (
        (run, "completed; auc 0.500"),
        (step_, "outputs"),
        (artifact, "version 1"),
        (run.snapshot, "1:"),
    ):
        assert text in repr(each)


def test_a_run_is_the_same_object_from_every_hand() -> None:
    """What a pipeline returns is what the Client gives: its steps by name, its outputs, its logs."""
    run = churn()
    for each in (run, Client().get_pipeline_run(run), Client().list_pipeline_runs()[0]):
        assert each.steps["evaluate"].logs == "<b>printed</b>\n"
        assert each.outputs["n"].load() == each.output["n"].load() == each.steps["evaluate"].outputs["n"][0].load() == 5
        assert each.steps.get("nope") is None
        with pytest.raises(NotFound, match=r"has no 'evalute'\. Did you mean 'evaluate'"):
            each.steps["evalute"]
    with pytest.raises(NotFound, match="has not one output"):
        _ = run.steps["evaluate"].output


def test_outside_a_notebook_a_visualization_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    run = churn()
    capsys.readouterr()
    run.outputs["<i>report</i>"].visualize(title="The report")
    assert capsys.readouterr().out.startswith("The report\n")
    [shown] = run.outputs["<i>report</i>"].visualizations
    assert "sandbox" in shown._repr_mimebundle_()["text/html"]


def test_what_was_removed_is_said_where_it_would_be_shown() -> None:
    from pathlib import Path

    run = churn()
    [shown] = run.outputs["<i>report</i>"].visualizations
    Path(str(shown.uri)).unlink()
    assert "removed" in shown._repr_mimebundle_()["text/plain"]
