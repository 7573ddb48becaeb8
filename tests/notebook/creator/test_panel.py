"""The panel: fields that say what is missing, a button that works exactly when it can, and nothing that blocks."""

from __future__ import annotations

import re
import threading
import time
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from notebook.creator.conftest import choose, generate

from jupyter_viz import Creator, visualize
from jupyter_viz.errors import InvalidArgument
from jupyter_viz.notebook import elsewhere, handed
from jupyter_viz.notebook.creator import looking, work

SCORES = "churn@latest/scores"


def test_the_button_is_enabled_exactly_when_it_can_work(panel: Creator, tmp_path: Path) -> None:
    """And beside it stands what is missing."""
    (tmp_path / "x.csv").write_text("label,score\n1,0.5\n0,0.2\n")
    (tmp_path / "w.csv").write_text("label,weight\n1,0.5\n0,0.2\n")
    (tmp_path / "x.txt").write_text("words")
    for recipe, source, arguments, missing in [
        ("", "", {}, "Choose a type."),
        ("roc_curve", "", {}, "Name a source."),
        ("roc_curve", "   ", {}, "Name a source."),
        ("roc_curve", "w.csv", {}, "Choose score: the source has no column 'score'."),
        ("roc_curve", "w.csv", {"score": "wait"}, "Did you mean 'weight'?"),
        ("roc_curve", SCORES, {"score": "p"}, ""),
        ("roc_curve", "churn@latest/score", {}, "no artifact 'score'"),
        ("roc_curve", "absent.csv", {}, "There is no file 'absent.csv'"),
        ("roc_curve", "x.txt", {}, "reads a table"),
        ("histogram", "absent.csv", {}, "There is no file 'absent.csv'"),  # before it asks for a column of it
        ("histogram", "x.txt", {}, "reads a table"),
        ("roc_curve", "x.csv", {}, ""),
        ("text", "x.txt", {}, ""),
        ("histogram", "x.csv", {}, "Choose column."),
        ("histogram", "x.csv", {"column": "score"}, ""),
        ("diff", "x.csv", {}, "compares 2 sources"),
        ("diff", "x.csv x.csv", {}, ""),
        ("metric_trend", "churn", {}, ""),
        ("custom", "", {}, "Write some Python first."),
        ("table", "s3://bucket/far-away.csv", {}, ""),  # nobody knows before it is read
    ]:
        panel.arguments.value = {}
        choose(panel, recipe, source, **arguments)
        said = unescape(panel.making.progress.value)
        assert missing in said, (recipe, source, said)
        assert panel.making.button.disabled == bool(missing), (recipe, source, said)


def test_a_press_counts_while_the_source_is_still_looked_at(panel: Creator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right behind the last key: a button that went dead for a moment would swallow it without a word."""
    choose(panel, "roc_curve", SCORES, score="p")
    looked, look = threading.Event(), looking.look
    monkeypatch.setattr(looking, "look", lambda *given: looked.wait(60) and look(*given))
    panel.type.value = "table"
    assert "Looking" in panel.making.progress.value
    assert not panel.making.button.disabled
    panel.making.button.click()
    looked.set()
    assert panel.wait(120)
    assert panel.results.newest.result.provenance["recipe"] == "table"
    looked.clear()
    panel.source.value = "absent.csv"
    panel.making.button.click()
    looked.set()
    assert panel.wait(120)
    assert "absent.csv" in panel.making.message.value
    assert panel.making.button.disabled


def test_a_source_and_a_type_may_be_given(recorded_home: Any) -> None:
    panel = Creator(source=SCORES, recipe="table")
    assert panel.wait()
    assert (panel.source.value, panel.type.value, panel.making.button.disabled) == (SCORES, "table", False)
    with pytest.raises(InvalidArgument, match="Did you mean 'table'"):
        Creator(recipe="tabel")


def test_types_are_listed_by_title_with_what_they_are_for(panel: Creator) -> None:
    assert ("ROC curve", "roc_curve") in panel.type.options
    assert panel.type.options[-1] == ("Custom", "custom")  # the way out when nothing else suits
    choose(panel, "roc_curve")
    assert "rate" in panel.about.value


def test_choosing_a_type_makes_the_engine_ready(panel: Creator) -> None:
    """The first rendering finds the process that its kernel is forked from."""
    elsewhere.stop()
    panel.type.value = "table"
    end = time.monotonic() + 60
    while not (ready := _is_ready()) and time.monotonic() < end:
        time.sleep(0.02)
    assert ready


def _is_ready() -> bool:
    engine = elsewhere._engine
    warming = engine.service._warming if engine is not None else None
    return warming is not None and warming.done() and warming.exception() is None


def test_a_source_is_completed_as_it_is_typed(panel: Creator, recorded: Any, tmp_path: Path) -> None:
    (tmp_path / "chur.csv").write_text("x\n1\n")
    for typed, offered in [("chu", {"churn@", "chur.csv"}), ("churn@la", {"churn@latest"})]:
        choose(panel, "table", typed)
        assert offered <= set(panel.source.options)
    choose(panel, "table", "churn@latest/ev")
    assert "churn@latest/evaluate/scores" in panel.source.options


def test_lists_lead_from_a_pipeline_to_an_artifact(panel: Creator, recorded: Any) -> None:
    """Of each run it is said how it ended and when, and what `latest` means now."""
    panel.browsing.value = True
    panel.wait()
    browse = panel.browse
    assert browse.pipeline.options[0][0] == "Choose…"
    assert ("churn", "churn") in browse.pipeline.options
    browse.pipeline.value = "churn"
    panel.wait()
    assert browse.run.value == "latest"
    said = {value: text for text, value in browse.run.options}
    assert said["latest"] == f"latest: the last that was completed, now {recorded.run.name}"
    assert re.fullmatch(rf"{recorded.run.name}: completed, (just now|\d+ \w+ ago)", said[recorded.run.name])
    assert "baseline" not in said  # nobody set one
    browse.step.value = "evaluate"
    browse.artifact.value = "scores"
    assert panel.source.value == "churn@latest/evaluate/scores"
    panel.type.value = "metric_trend"  # of runs: there is no step to choose
    browse.run.value = "newest"
    panel.wait()
    assert panel.source.value == "churn@newest"
    assert browse.step.layout.display == "none"


def test_an_empty_catalog_is_no_reason_not_to_open() -> None:
    panel = Creator()
    panel.browsing.value = True
    assert panel.wait()
    assert "Nothing is recorded" in panel.browse.problem.value


@pytest.mark.parametrize(
    ("recipe", "source", "shown"),
    [
        ("metric_trend", "churn", "over"),
        ("diff", "'old file.csv' new.csv", "new.csv"),
        ("table", "old file.csv", "x"),
        ("text", "*.txt", "two.txt"),
    ],
)
def test_a_source_means_what_it_means_in_the_magic(
    panel: Creator, tmp_path: Path, recipe: str, source: str, shown: str
) -> None:
    """A pipeline's name for recipes over runs, two sources where they are compared, all files of a pattern."""
    for name in ("old file.csv", "new.csv", "one.txt", "two.txt"):
        (tmp_path / name).write_text("x\n1\n")
    choose(panel, recipe, source)
    generate(panel)
    assert panel.making.message.value == ""
    assert shown in str(panel.results.newest.result._repr_mimebundle_())


def test_what_goes_wrong_is_shown_in_place(panel: Creator) -> None:
    """As a sentence, escaped; and the panel is ready for the next try."""
    choose(panel, "custom", SCORES)
    panel.code.value = "raise ValueError('<img src=x onerror=alert(1)>')"
    panel.wait()
    generate(panel)
    assert "ValueError: &lt;img src=x" in panel.making.message.value
    assert 'role="alert"' in panel.making.message.value
    assert "Traceback" not in panel.making.message.value
    assert (panel.making.button.disabled, panel.making.stop.layout.display) == (False, "none")
    panel.code.value = "1 + 1"
    panel.wait()
    generate(panel)
    assert (panel.making.message.value, panel.results.newest.result.shown.text) == ("", "2")


def test_cancel_ends_it_and_the_next_works(panel: Creator) -> None:
    """What the button does returns at once, whatever the code does; so does Cancel."""
    choose(panel, "custom")
    panel.code.value = "import time\ntime.sleep(60)"
    panel.wait()
    panel.making.button.click()
    until = time.monotonic() + 60
    while "Rendering" not in panel.making.progress.value and time.monotonic() < until:
        time.sleep(0.02)
    assert panel.making.button.disabled
    assert (panel.making.stop.description, panel.making.stop.layout.display) == ("Cancel", None)
    panel.making.stop.click()
    assert panel.wait(30)
    assert "cancelled" in panel.making.message.value
    panel.code.value = "2 + 2"
    panel.wait()
    generate(panel)
    assert panel.results.newest.result.shown.text == "4"


def test_a_variable_too_large_to_hand_over_is_looked_at_here(
    panel: Creator, shell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the notebook's own kernel; while it is busy, the button says what would stop it."""
    monkeypatch.setattr(handed, "MOST_BYTES", 1000)
    shell.names["frame"] = pd.DataFrame({"x": range(1000)})
    panel = Creator(recipe="histogram", source="frame")
    said: list[str] = []
    panel.making.stop.observe(lambda change: said.append(change["new"]), "description")
    choose(panel, "histogram", "frame", column="x")
    generate(panel)
    assert "Interrupt kernel" in said
    assert panel.results.newest.result.metrics["rows"] == 1000
    shell.names["frame"] = pd.DataFrame({"x": [1, 2]})
    generate(panel)
    assert panel.making.stop.description == "Cancel"
    assert panel.results.newest.result.metrics["rows"] == 2
    panel.close()


def test_a_connection_stays_in_its_thread(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of the user's own connection is read in the thread of the notebook, and nowhere else."""
    import ibis

    kernel = SimpleNamespace(
        io_loop=SimpleNamespace(add_callback=lambda _: None),  # `wait` does what waits for it
        comm_manager=SimpleNamespace(targets={}, register_target=lambda *_: None),
    )
    monkeypatch.setattr(shell.shell, "kernel", kernel, raising=False)
    shell.names["rows"] = ibis.memtable({"x": [1, 2, 3]})
    read: list[str] = []

    def visualized(*request: Any, **arguments: Any) -> Any:
        read.append(threading.current_thread().name)
        return visualize(*request, **arguments)

    monkeypatch.setattr(work, "visualize", visualized)
    panel = Creator(recipe="table", source="rows")
    panel.wait()
    generate(panel)
    assert len(panel.results.newest.result.data) == 3
    assert read == ["MainThread"]
    panel.close()


def test_a_slider_makes_the_plot_again_and_reads_the_source_once(panel: Creator, tmp_path: Path) -> None:
    """Moved ten times, the result follows ten times, in its place; the file is not opened for it."""
    path = tmp_path / "numbers.csv"
    path.write_text("\n".join(["x", *map(str, range(1000))]))
    choose(panel, "histogram", "numbers.csv", column="x")
    generate(panel)
    bins = panel.arguments.fields["bins"]
    bins.value = 10
    assert panel.wait(60)
    first = panel.results.newest
    held = panel.making._held._held["numbers.csv"]
    path.chmod(0)
    bins.value = 5
    assert panel.wait(60)
    newest = panel.results.newest
    assert len(panel.results.children) == 1
    assert (first.result.provenance["arguments"]["bins"], newest.result.provenance["arguments"]["bins"]) == (10, 5)
    assert len(newest.result.data) == 5
    assert newest.number == first.number == 1
    assert held.path != str(path)
    assert panel.making._held._held["numbers.csv"] is held
    path.chmod(0o600)
    path.write_text("x\n1\n2\n")  # it has changed: what was read before is no longer it
    bins.value = 7
    assert panel.wait(60)
    assert panel.results.newest.result.metrics["rows"] == 2
