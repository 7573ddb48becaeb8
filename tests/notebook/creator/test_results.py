"""Results stay: one output with all of them, newest first, and the cell that makes each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from notebook.creator.conftest import choose, generate

from jupyter_viz import Creator
from jupyter_viz.client import Client
from jupyter_viz.rendering.bundles import MIME, PLOTLY

SCORES = "churn@latest/scores"


def shown(panel: Creator) -> dict[str, Any]:
    bundle: dict[str, Any] = panel.results._bundle()
    return bundle


def test_newest_first_each_with_what_it_is(panel: Creator, tmp_path: Path) -> None:
    """One is shown as it is; several as pictures one below the other, for whoever reads HTML alone."""
    (tmp_path / "x.csv").write_text("x\n1\n2\n")
    choose(panel, "roc_curve", SCORES, score="p")
    generate(panel)
    assert list(shown(panel)) == [MIME, PLOTLY, "text/html", "text/plain"]
    assert shown(panel)[MIME]["caption"].startswith(f"1 · ROC curve · {SCORES} · ")
    choose(panel, "table", "x.csv")
    generate(panel)
    generate(panel)
    bundle = shown(panel)
    captions = [each["caption"] for each in bundle[MIME]["results"]]
    assert captions[:2] == ["3 · Table · x.csv · cached", "2 · Table · x.csv · new"]
    assert [row.made.caption for row in panel.results.children] == captions
    figure = bundle[MIME]["results"][2]["outputs"][0]["data"]
    assert PLOTLY in figure
    assert "text/html" not in figure  # it stands below all of them already
    assert bundle["text/html"].count("<img ") == 1
    assert bundle["text/html"].index("x.csv") < bundle["text/html"].index("<img ")
    assert len(json.dumps(bundle)) < 100_000
    panel.results.children[1].remove.click()
    assert [each["caption"][0] for each in shown(panel)[MIME]["results"]] == ["3", "1"]


def test_what_was_made_of_something_older_is_stale(panel: Creator, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("x\n1\n2\n")
    choose(panel, "table", "x.csv")
    generate(panel)
    (tmp_path / "x.csv").write_text("x\n1\n2\n3\n")
    generate(panel)
    assert [row.made.caption for row in panel.results.children] == [
        "2 · Table · x.csv · new",
        "1 · Table · x.csv · stale",
    ]


def test_what_is_shown_is_kept_with_its_artifact(panel: Creator, recorded: Any) -> None:
    choose(panel, "score_distribution", SCORES, score="p", bins=9)
    generate(panel)
    kept = Client().get_artifact_version(recorded.scores).visualizations
    assert panel.results.newest.result.id in [each.id for each in kept]


def test_the_cell_makes_the_same(panel: Creator, shell: Any, tmp_path: Path) -> None:
    (tmp_path / "old file.csv").write_text("x\n1\n")
    (tmp_path / "x.csv").write_text("x\n2\n")
    conditions = {"where": ["x > 0"], "rows": 3}
    wishes: list[tuple[str, str, dict[str, Any], str]] = [
        ("roc_curve", SCORES, {"score": "p"}, f"%%viz roc_curve {SCORES}\nscore: p"),
        ("table", "old file.csv", conditions, "%%viz table 'old file.csv'\nwhere: [x > 0]\nrows: 3"),
        ("correlation", SCORES, {}, f"%%viz correlation {SCORES}\nmethod: pearson"),
        ("diff", "'old file.csv' x.csv", {}, "%viz diff 'old file.csv' x.csv"),
        ("custom", SCORES, {"bins": 3}, f"%%viz custom {SCORES} --bins 3\nsource.table().count()"),
    ]
    for recipe, source, arguments, cell in wishes:
        panel.arguments.value = {}
        choose(panel, recipe, source, **arguments)
        panel.code.value = "source.table().count()"
        panel.wait()
        generate(panel)
        row = panel.results.children[0]
        row.insert.click()  # nobody answers: it is there to be copied
        assert row.children[-1].value == cell
        made = shell.run(cell)
        if recipe != "custom":
            assert made.data.equals(panel.results.newest.result.data)


def test_it_is_exported(panel: Creator, tmp_path: Path) -> None:
    choose(panel, "roc_curve", SCORES, score="p")
    generate(panel)
    row = panel.results.children[0]
    for format in ("html", "ipynb", "md", "png"):
        row.format.value = format
        row.export.click()
        panel.wait()
        assert f"roc_curve-1.{format}" in row.message.value
        assert (tmp_path / f"roc_curve-1.{format}").stat().st_size > 1000


def test_what_is_no_picture_is_said_not_to_be_one(panel: Creator) -> None:
    choose(panel, "table", SCORES)
    generate(panel)
    row = panel.results.children[0]
    row.format.value = "png"
    row.export.click()
    panel.wait()
    assert "no picture" in row.message.value


def test_everything_that_code_showed_is_shown(panel: Creator) -> None:
    choose(panel, "custom")
    panel.code.value = "print('first <b>')\n'last'"
    panel.wait()
    generate(panel)
    [result] = shown(panel)[MIME]["results"]
    assert [output["data"]["text/plain"] for output in result["outputs"]] == ["first <b>\n", "'last'"]
    assert "first &lt;b&gt;" in shown(panel)["text/html"]
