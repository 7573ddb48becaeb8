"""Tab on a `%viz` line, in a real IPython: what there is, as it would be typed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from jupyter_viz.notebook import completion, load_extension, unload_extension
from jupyter_viz.notebook.suggestions import Looking

Complete = Callable[[str], list[str]]


@pytest.fixture
def complete(recorded_home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Complete]:
    """What a cell may go on with at its end: whole words, as they then stand there."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setattr(completion, "_SECONDS", 30)
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    load_extension(shell)
    shell.user_ns.update(
        frame=pd.DataFrame({"age": [1], "income": [2]}), number=5, arrow=pa.table({"of arrow": [1]}), dicts=[{"d": 1}]
    )

    def ask(cell: str) -> list[str]:
        with provisionalcompleter():
            found = list(shell.Completer.completions(cell, len(cell)))
        return [cell[: each.start].rpartition(" ")[2].rpartition("\n")[2] + each.text for each in found]

    yield ask
    unload_extension(shell)
    shell.history_manager.end_session()
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    ("cell", "some"),
    [
        ("%viz ro", ["roc_curve"]),
        ("%viz rec", ["recipes"]),
        ("x = 1\n  %viz hist", ["histogram"]),
        ("%%viz cust", ["custom"]),
        ("%viz help prec", ["precision_recall"]),
        ("%viz runs ", ["churn"]),
        ("%viz roc_curve churn@latest/scores --t", ["--target"]),
        ("%viz roc_curve churn@latest/scores --target label --", ["--score", "--kernel", "--save"]),
        ("%viz roc_curve churn@latest/scores --target ", ["label", "p"]),
        ("%viz roc_curve churn@latest/evaluate/scores --target=l", ["--target=label"]),
        ("%viz histogram frame --column in", ["income"]),
        ("%viz histogram arrow --column of", ["'of arrow'"]),
        ("%viz histogram dicts --column ", ["d"]),
        ("%viz histogram here.csv --column ", ["'in a file'"]),
        ("%viz table here.parquet --columns in", ["in parquet"]),
        ("%viz table churn@latest/scores --columns label,", ["label,label", "label,p"]),
        ("%viz roc_curve churn@latest/scores --kernel f", ["fresh"]),
        ("%viz roc_curve churn@latest/scores --exact ", ["true", "false"]),
        ("%viz slicing_metrics frame --metric a", ["accuracy", "auc"]),
        ("%viz roc_curve chu", ["churn@"]),
        ("%viz roc_curve churn@", ["churn@latest", "churn@latest~4:", "churn@highest("]),
        ("%viz roc_curve churn@highest(ro", ["churn@highest(roc_auc)"]),
        ("%viz roc_curve churn@latest/ev", ["churn@latest/evaluate/scores", "churn@latest/evaluate/report"]),
        ("%viz roc_curve churn@latest/sc", ["churn@latest/scores"]),
        ("%viz roc_curve churn@latest/scores --runs la", ["latest", "latest~4:"]),
        ("%viz table fra", ["frame"]),
        ("%viz table her", ["here.csv", "here.parquet"]),
        ("%%viz roc_curve churn@latest/scores\nta", ["target: "]),
        ("%%viz roc_curve churn@latest/scores\ntarget: l", ["label"]),
    ],
)
def test_what_may_come(complete: Complete, tmp_path: Path, cell: str, some: list[str]) -> None:
    (tmp_path / "here.csv").write_text("in a file,b\n1,2\n")
    pd.DataFrame({"in parquet": [1]}).to_parquet(tmp_path / "here.parquet")
    found = complete(cell)
    assert set(some) <= set(found), found
    begin = cell.rpartition("\n")[2].rpartition(" ")[2]
    assert all(each.strip("'").startswith(begin) for each in found), found


def test_the_runs_that_there_are(complete: Complete, recorded_home: Any) -> None:
    name = recorded_home.run.name
    assert f"churn@{name}" in complete(f"%viz roc_curve churn@{name[:4]}")
    assert complete(f"%viz table churn@{name}/scor") == [f"churn@{name}/scores"]


def test_a_variable_that_is_no_table_is_not_offered(complete: Complete) -> None:
    assert "number" not in complete("%viz table num")


def test_other_lines_complete_as_ever(complete: Complete) -> None:
    assert complete("fra") == ["frame"]
    assert complete("%viz_other ro") == []
    assert complete("%%viz custom churn@latest/scores\nfra") == ["frame"], "its body is Python"


def test_those_who_look_for_python_are_not_asked_first(complete: Complete, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large notebook they take seconds: a Tab that waited for them would come too late."""
    asked: list[str] = []
    completer = InteractiveShell.instance().Completer
    monkeypatch.setattr(type(completer), "_jedi_matches", lambda *_, text, **__: asked.append(text) or [])
    assert "roc_curve" in complete("%viz ro")
    assert asked == []
    complete("fra")
    assert asked == ["fra"]


@pytest.mark.parametrize(
    "cell", ["%viz table 'open", "%viz nothing --", "%viz table nothing@x/", "%viz table a@b@c/", "%viz help "]
)
def test_nothing_is_ever_raised(complete: Complete, capsys: pytest.CaptureFixture[str], cell: str) -> None:
    complete(cell)
    assert capsys.readouterr().err == ""


def test_what_takes_long_is_given_up(complete: Complete, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk or a database that hangs costs a moment; the cell can be run all the while."""
    monkeypatch.setattr(completion, "_SECONDS", 0.01)
    monkeypatch.setattr(Looking, "_first", lambda self: time.sleep(5) or [("roc_curve", "function")])
    began = time.monotonic()
    assert complete("%viz ro") == []
    assert time.monotonic() - began < 5


def test_what_was_late_is_there_at_the_next_tab(complete: Complete, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it took: a machine with much to do would else never show anything."""
    looked: list[str] = []
    sources = Looking.on_line

    def slow(looking: Looking, line: Any) -> Any:
        looked.append(line.begin)
        time.sleep(0.3)
        return sources(looking, line)

    monkeypatch.setattr(Looking, "on_line", slow)
    monkeypatch.setattr(completion, "_SECONDS", 0.01)
    assert complete("%viz roc_curve fra") == []
    time.sleep(1)
    assert complete("%viz roc_curve fra") == ["frame"]
    assert looked == ["fra"]
    assert complete("%viz roc_curve fra") == []  # what was shown is looked for anew


def test_a_tab_makes_no_catalog(complete: Complete, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = tmp_path / "fresh"
    monkeypatch.setenv("JUPYTER_VIZ_HOME", str(fresh))
    assert complete("%viz table fra") == ["frame"]
    assert "churn@latest" not in complete("%viz table churn@")
    assert not fresh.exists()
