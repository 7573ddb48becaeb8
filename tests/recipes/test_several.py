"""One recipe over several sources: what is drawn together, what is told apart, what is left out and why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from jupyter_viz import registry, visualize
from jupyter_viz.enums import ArtifactKind
from jupyter_viz.errors import InvalidArgument, MissingColumn, NotFound
from jupyter_viz.recipes.known import find_recipe
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.still import still_picture
from jupyter_viz.views import FigureColumn

from .examples import EXAMPLES, table_of

Scores = Callable[..., pd.DataFrame]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_recipe_of_a_table_takes_several(name: str) -> None:
    """Nobody who writes a recipe has to think of it."""
    data, arguments = EXAMPLES[name]
    whole = table_of(data)
    half = whole.iloc[: len(whole) // 2] if name != "line" else whole
    result = visualize(name, {"all": whole, "half": half}, **arguments)
    bundle = result._repr_mimebundle_()
    own = json.loads(json.dumps(bundle, allow_nan=False))[MIME]
    assert "all: " in own["alt"]
    assert "half: " in own["alt"]
    assert any(metric.startswith("half/") for metric in own["metrics"])
    assert set(result.data.iloc[:, 0]) == {"all", "half"}
    table = own["table"]
    assert table["columns"][0]["name"] == result.data.columns[0]
    if own["kind"] == "figure":
        figure = bundle[PLOTLY]
        assert len({len(FigureColumn(**column).found_in(figure)) for column in table["columns"]}) == 1
        assert still_picture(figure), "it has no still picture"


def test_curves_are_overlaid_and_each_has_its_own_number(scores: Scores) -> None:
    frames = {"old": scores(seed=1), "new": scores(seed=2)}
    result = visualize("roc_curve", frames)
    for label, frame in frames.items():
        assert result.metrics[f"{label}/auc"] == pytest.approx(roc_auc_score(frame.label, frame.score))
    figure = result.shown.view.spec  # type: ignore[union-attr]
    assert "xaxis2" not in figure["layout"]
    curves = [trace for trace in figure["data"] if trace["name"] != "chance"]
    assert [trace["name"].partition(":")[0] for trace in curves] == ["old", "new"]
    assert len({trace["line"]["color"] for trace in curves}) == 2
    assert len(figure["data"]) == 3, "the line of chance stands there once"


def test_side_by_side_axes_and_colours_mean_the_same() -> None:
    """Otherwise the eye compares what can't be compared."""
    small = pd.DataFrame({"label": [0, 1, 0], "predicted": [0, 1, 1]})
    large = pd.concat([small] * 50)
    figure = visualize("confusion_matrix", {"small": small, "large": large}).shown.view.spec  # type: ignore[union-attr]
    ends = {(trace["zmin"], trace["zmax"]) for trace in figure["data"]}
    assert len(ends) == 1
    assert [trace["showscale"] for trace in figure["data"]] == [True, False]
    near, far = pd.DataFrame({"x": [1.0, 2.0]}), pd.DataFrame({"x": [1.0, 200.0]})
    layout = visualize("histogram", [near, far], column="x").shown.view.spec["layout"]  # type: ignore[union-attr]
    assert layout["xaxis2"]["matches"] == "x"
    assert layout["yaxis2"]["matches"] == "y"


def test_tables_are_one_with_a_column_of_runs(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"run,x\n1,{name}\n")
    data = visualize("table", [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]).data
    # The table has a column `run` already.
    assert data.columns.tolist() == ["source", "run", "x"]
    assert data.source.tolist() == ["a.csv", "b.csv"]


def test_what_cannot_be_read_is_left_out_and_says_why(scores: Scores, tmp_path: Path) -> None:
    for name, frame in (("good", scores()), ("other", scores().rename(columns={"score": "p"}))):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    named = [str(tmp_path / f"{name}.parquet") for name in ("good", "gone", "other")]
    result = visualize("roc_curve", named)
    note = result.shown.view.note
    assert note is not None
    assert "gone.parquet is left out: There is no file" in note
    assert "other.parquet is left out: Argument 'score': the source has no column 'score'" in note
    assert list(result.metrics) == ["good.parquet/auc"]
    with pytest.raises(NotFound):
        visualize("roc_curve", [named[1], str(tmp_path / "never.parquet")])
    with pytest.raises(MissingColumn):
        visualize("roc_curve", named, score="nope")


def test_a_range_of_runs_is_several_sources(recorded_home: Any) -> None:
    """`churn@latest~4:/evaluate/scores`: pinned to the runs there were, the failed one not among them."""
    result = visualize("roc_curve", "churn@latest~4:/evaluate/scores", score="p")
    named = result.provenance["source"]
    each = [named] if isinstance(named, str) else list(named)
    assert recorded_home.scores in each
    assert all("latest" not in text for text in each)


def test_what_is_said_of_each_has_a_line_of_its_own(scores: Scores) -> None:
    """Beside the name it would reach into what is said of the next."""
    frames = [scores(rows=60 + more).assign(score=lambda rows: rows.score.rank(pct=True)) for more in range(5)]
    notes = visualize("calibration", frames).figure.to_dict()["layout"]["annotations"]
    assert len(notes) == 5
    for note in notes:
        assert re.fullmatch(r"[^<]+<br><span[^>]*>Brier [^<]+</span>", note["text"])


def test_more_than_can_be_told_apart_are_refused(scores: Scores) -> None:
    with pytest.raises(InvalidArgument, match="at most 20 sources"):
        visualize("roc_curve", [scores(rows=20)] * 21)


def test_markdown_of_several_files_is_formatted(tmp_path: Path) -> None:
    """Each below its name; what one of them leaves open does not swallow the next."""
    (tmp_path / "a_b.md").write_text("# First\n\n```python\nx = 1\n")
    (tmp_path / "c.md").write_text("*second*")
    bundle = visualize("markdown", [str(tmp_path / "a_b.md"), str(tmp_path / "c.md")])._repr_mimebundle_()
    assert "text/html" not in bundle
    assert bundle["text/markdown"] == (
        "#### a\\_b\\.md\n\n# First\n\n```python\nx = 1\n\n```\n\n#### c\\.md\n\n*second*"
    )


def test_documents_follow_each_other_under_their_names(tmp_path: Path) -> None:
    for name in ("one", "two<b>"):
        (tmp_path / f"{name}.txt").write_text(f"text of {name}")
    html = visualize("text", [str(tmp_path / "one.txt"), str(tmp_path / "two<b>.txt")]).to_html()
    assert html.index("one.txt") < html.index("text of one") < html.index("two&lt;b&gt;.txt")
    assert "<b>" not in html


def test_labels_are_the_shortest_that_tell_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.csv").write_text("x\n1\n")
    named = [str(tmp_path / folder / "x.csv") for folder in ("a", "b")]
    assert visualize("table", named).data.run.tolist() == named, "the names of the files alone are the same"
    assert len(set(visualize("table", [named[0]] * 2).data.run)) == 2


def test_recipes_say_which_take_all_sources_at_once() -> None:
    found = {name for name in registry.found(registry.RECIPES) if find_recipe(name).takes_all}
    kinds = {kind for name in found for kind in find_recipe(name).info.source_kinds}
    assert {"diff", "image_gallery", "metric_trend"} <= found
    assert ArtifactKind.RUN in kinds
