"""What Kubeflow's predefined visualizations are given works here under the same names, with the same meaning."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import auc, roc_auc_score, roc_curve

from jupyter_viz import visualize
from jupyter_viz.config import load_configuration
from jupyter_viz.enums import Freshness
from jupyter_viz.errors import CustomDisabled, InvalidArgument, MissingColumn, NotFound, UnreadableSource
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.recipes.known import find_recipe
from jupyter_viz.rendering.bundles import MIME
from jupyter_viz.service import Service

from .examples import table_of

NAMES = ["radius", "target", "true"]


def _headerless(path: Path, frame: pd.DataFrame) -> str:
    frame.to_csv(path, header=False, index=False)
    return str(path)


def _points(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(("fpr", "tpr", "threshold"), roc_curve(frame.label, frame.score), strict=True)))


@pytest.fixture
def scores(tmp_path: Path) -> str:
    """A csv as a Kubeflow component writes it, its columns named by the file beside it."""
    frame = table_of("tumours")
    (tmp_path / "schema.json").write_text(json.dumps([{"name": name, "type": "STRING"} for name in NAMES]))
    target = np.where(frame.label == 1, "true", "false")
    return _headerless(
        tmp_path / "scores.csv", pd.DataFrame({"radius": frame.mean_radius, "target": target, "true": frame.score})
    )


def test_a_curve_that_is_given_is_drawn_as_it_is(tmp_path: Path) -> None:
    """No point is added or lost, the first row is no header, and the area is scikit-learn's."""
    frame = table_of("tumours")
    points = _points(frame)
    result = visualize("roc_curve", _headerless(tmp_path / "roc.csv", points), is_generated=True)
    np.testing.assert_allclose(result.data.false_positive_rate, points.fpr)
    np.testing.assert_allclose(result.data.true_positive_rate, points.tpr)
    np.testing.assert_allclose(result.data.threshold, points.threshold)
    assert result.metrics == {"auc": pytest.approx(auc(points.fpr, points.tpr))}
    assert result.metrics["auc"] == pytest.approx(roc_auc_score(frame.label, frame.score))
    own = result._repr_mimebundle_()[MIME]
    assert own["note"] is None
    assert f"{len(points)} points as given" in own["alt"]


def test_a_curve_of_very_many_points_is_thinned_and_its_area_is_of_all(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    label = (draw.random(200_000) < 0.5).astype(int)
    fpr, tpr, threshold = roc_curve(label, draw.normal(label, 1.0), drop_intermediate=False)
    path = _headerless(tmp_path / "roc.csv", pd.DataFrame({"fpr": fpr, "tpr": tpr, "threshold": threshold}))
    result = visualize("roc_curve", path, is_generated=True)
    assert result.metrics["auc"] == pytest.approx(auc(fpr, tpr))
    assert len(result.data) < 1100
    assert "of 200,001 points; the AUC is of all." in result._repr_mimebundle_()[MIME]["note"]


def test_several_given_curves_are_one_plot(tmp_path: Path) -> None:
    """As users of Kubeflow's page asked for: each by its name."""
    frame = table_of("tumours")
    paths = {name: tmp_path / f"{name}.csv" for name in ("all", "small")}
    _headerless(paths["all"], _points(frame))
    _headerless(paths["small"], _points(frame[frame["size"] == "small"]))
    result = visualize("roc_curve", list(paths.values()), is_generated=True)
    assert len(result.figure.data) == 3
    assert sorted(name.rpartition("/")[2] for name in result.metrics) == ["auc", "auc"]
    assert max(result.metrics.values()) == pytest.approx(roc_auc_score(frame.label, frame.score))


def test_a_part_of_a_curve_says_that_its_area_is_that_of_the_part() -> None:
    rows = [{"fpr": 0.25, "tpr": 0.5, "t": 0.5}, {"fpr": 0.5, "tpr": 0.75, "t": 0.25}]
    result = visualize("roc_curve", rows, is_generated=True)
    assert result.metrics["auc"] == 0.15625
    assert "from a false positive rate of 0.25 to 0.5" in result._repr_mimebundle_()[MIME]["note"]


def test_scores_named_by_the_schema_beside_them(scores: str) -> None:
    """Kubeflow's defaults: the class "true" of the column "target", and the scores of the column "true"."""
    frame = table_of("tumours")
    result = visualize("roc_curve", scores, is_generated=False)
    assert result.metrics["auc"] == pytest.approx(roc_auc_score(frame.label, frame.score))
    ours = visualize("roc_curve", table_of("tumours"))
    pd.testing.assert_frame_equal(result.data, ours.data)
    for trueclass in ("false", False):  # as JSON, and as YAML reads it
        other = visualize("roc_curve", scores, trueclass=trueclass)
        assert other.metrics["auc"] == pytest.approx(1 - roc_auc_score(frame.label, frame.score))
    by_radius = visualize("roc_curve", scores, true_score_column="radius", trueclass="false")
    assert by_radius.metrics["auc"] == pytest.approx(1 - roc_auc_score(frame.label, frame.mean_radius))


def test_a_class_told_by_code(scores: str) -> None:
    frame = table_of("tumours")
    wide = (frame.mean_radius > 12).astype(int)
    result = visualize("roc_curve", scores, target_lambda='lambda x: x["radius"] > 12')
    assert result.metrics["auc"] == pytest.approx(roc_auc_score(wide, frame.score))
    in_a_frame = frame.rename(columns={"score": "true", "mean_radius": "radius"})
    again = visualize("roc_curve", in_a_frame, target_lambda="lambda x: x.radius > 12")
    assert again.metrics == result.metrics


async def test_code_in_an_argument_is_for_those_who_may_run_code(scores: str) -> None:
    """And nothing is started for the others."""
    service = Service(load_configuration())
    arguments = {"target_lambda": "lambda x: __import__('os').getpid()"}
    try:
        with pytest.raises(CustomDisabled, match="leave out the argument 'target_lambda'"):
            await service.render(Principal("ann", may_execute=False), RenderRequest("roc_curve", scores, arguments))
        assert service.load_of_queue() == (0, 0)
    finally:
        await service.close()


def test_our_own_words_are_as_before(scores: str) -> None:
    """A csv with a header needs no schema; what Kubeflow's words mean is only read where one is given."""
    result = visualize("roc_curve", table_of("tumours"), target="label", positive=1)
    assert result.metrics["auc"] > 0.9
    assert find_recipe("roc_curve").info.arguments["properties"]["target"]["default"] == "label"
    with pytest.raises(MissingColumn, match="'target': the source has no column 'label'"):
        visualize("roc_curve", scores)


def test_a_request_in_kubeflows_words_is_kept_in_them(scores: str) -> None:
    """Its notebook asks for the same again."""
    asked = visualize("roc_curve", scores, trueclass="false")
    assert asked.notebook is not None
    assert "trueclass" in asked.notebook.cells[0].source
    given = asked.provenance["arguments"]
    again = visualize("roc_curve", scores, **given)
    assert again.metrics == asked.metrics


def test_a_table_without_a_header(tmp_path: Path) -> None:
    path = _headerless(tmp_path / "a.csv", pd.DataFrame({"x": [1, 2], "y": ["b", "c"]}))
    named = visualize("table", path, headers=["number", "letter"], columns=["letter"])
    assert named.data.to_dict("list") == {"letter": ["b", "c"]}
    first_row = visualize("table", path, headers=False)
    assert first_row.data.to_dict("list") == {"1": [2], "b": ["c"]}


def test_one_slicing_column() -> None:
    frame = table_of("tumours")
    assert visualize("tfma", frame, slicing_column="size").data.equals(
        visualize("slicing_metrics", frame, by=["size"]).data
    )
    assert visualize("tfma", frame, slicing_column="size").provenance["recipe"] == "slicing_metrics"


def test_kubeflows_names_are_known_to_the_server(tmp_path: Path) -> None:
    service = Service(load_configuration())
    assert service.recipe(Principal(), "tfdv").name == "data_statistics"
    assert service.recipe(Principal(), "tfma").name == "slicing_metrics"


def test_a_schema_that_leads_elsewhere_is_not_read(scores: str, tmp_path: Path) -> None:
    """A file may be read because of where it is; a link beside it may lead anywhere."""
    secret = tmp_path.parent / "secret.json"
    os.rename(tmp_path / "schema.json", secret)
    with pytest.raises(NotFound, match=r"no file 'schema\.json' beside"):
        visualize("roc_curve", scores, is_generated=False)
    (tmp_path / "schema.json").symlink_to(secret)
    with pytest.raises(NotFound, match=r"no file 'schema\.json' beside"):
        visualize("roc_curve", scores, is_generated=False)


@pytest.mark.parametrize(
    ("recipe", "arguments", "error", "said"),
    [
        ("roc_curve", {"is_generated": True, "trueclass": "x"}, InvalidArgument, "the points of the curve are given"),
        ("roc_curve", {"is_generated": True}, UnreadableSource, r"point 1: the false positive rate is 17\.99"),
        ("roc_curve", {"trueclass": "yes"}, InvalidArgument, "'trueclass': 'yes' is not in column 'target'.*'false'"),
        ("roc_curve", {"true_score_column": "scor"}, MissingColumn, "'true_score_column': .*'scor'.*radius"),
        ("roc_curve", {"target_lambda": "lambda x"}, InvalidArgument, "'target_lambda' can't be run: SyntaxError"),
        ("roc_curve", {"target_lambda": "1"}, InvalidArgument, "'target_lambda': '1' is no function"),
        ("roc_curve", {"target_lambda": "lambda x: x.age"}, InvalidArgument, "can't be run: AttributeError.*'age'"),
        ("table", {"headers": ["a"]}, UnreadableSource, "has 3 columns, and 1 names are given: a"),
        ("table", {"headers": ["a", "b", "a"]}, UnreadableSource, "'a' is given twice"),
        ("table", {"headers": True}, InvalidArgument, "'headers': a list of names, or false"),
        ("table", {"headers": 5}, InvalidArgument, "'headers': 5 is not of type 'array', 'boolean'"),
        ("table", {"headers": ["a", "b", "c"], "columns": ["d"]}, MissingColumn, "'columns'.*'d'.*a, b, c"),
        ("slicing_metrics", {"slicing_column": "a", "by": ["b"]}, InvalidArgument, "say the same"),
        ("slicing_metrics", {"slicing_column": "nowhere"}, MissingColumn, "'nowhere'"),
    ],
)
def test_what_does_not_fit_is_said(
    recipe: str, arguments: dict[str, Any], error: type[Exception], said: str, scores: str
) -> None:
    with pytest.raises(error, match=said):
        visualize(recipe, scores, **arguments)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,0,1\n0.5,x,0.5\n", "point 2: the true positive rate is 'x'"),
        ("0,0,1\n0.5,,0.5\n", "point 2: the true positive rate is nan"),
        ("0,0,1\n50,80,0.5\n", "point 2: the false positive rate is 50; it must be a number from 0 to 1"),
        ("0,0,1\n1,1,high\n", "point 2: the threshold is 'high'"),
        ("0,0,1\n", "two points at least; there is one"),
        ("0,0.9,1\n0.5,0.2,1\n", "no ROC curve, which never falls"),
        ("0,0\n1,1\n", "has 2 columns, and 3 names are given: fpr, tpr, thresholds"),
        ("0,0,1\n1,1\n", "line 2 has 2 fields"),
    ],
)
def test_points_that_are_no_curve_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "roc.csv").write_text(text)
    with pytest.raises(UnreadableSource, match=said):
        visualize("roc_curve", str(tmp_path / "roc.csv"), is_generated=True)


@pytest.mark.parametrize("schema", ["{}", "[]", '["a"]', '[{"type": "x"}]', "5"])
def test_a_schema_that_names_nothing_is_said(scores: str, tmp_path: Path, schema: str) -> None:
    (tmp_path / "schema.json").write_text(schema)
    with pytest.raises(UnreadableSource, match=r"'schema\.json' beside .*does not name the columns"):
        visualize("roc_curve", scores, is_generated=False)


async def test_a_rendering_kernel_of_a_server_reads_the_schema_too(scores: str, tmp_path: Path) -> None:
    """The file lies in the folder that the server shows, and so does what is beside it."""
    frame = table_of("tumours")
    service = Service(load_configuration(overrides={"source_root": str(tmp_path)}))
    wanted = RenderRequest("roc_curve", "scores.csv", {"is_generated": False, "trueclass": "true"})
    try:
        made = await service.render(Principal(), wanted)
        await service.wait(made.id, 60)
        found, _ = service.visualization(Principal(), made.id)
    finally:
        await service.close()
    assert found.error is None
    assert found.metrics == {"auc": pytest.approx(roc_auc_score(frame.label, frame.score))}


async def test_a_changed_schema_is_another_picture(scores: str, tmp_path: Path) -> None:
    """The file of scores is the same, and what its columns mean is not."""
    frame = table_of("tumours")
    service = Service(load_configuration(overrides={"source_root": str(tmp_path)}))
    wanted = RenderRequest("roc_curve", "scores.csv", {"is_generated": False, "trueclass": "true"})
    found = []
    try:
        for names in (NAMES, NAMES, ["true", "target", "other"]):
            (tmp_path / "schema.json").write_text(json.dumps([{"name": name, "type": "STRING"} for name in names]))
            if found:
                before, _ = service.visualization(Principal(), found[-1].id)
                assert (before.freshness is Freshness.STALE) == (names != NAMES)
            made = await service.render(Principal(), wanted)
            await service.wait(made.id, 60)
            found.append(service.visualization(Principal(), made.id)[0])
    finally:
        await service.close()
    first, again, other = found
    assert again.id == first.id
    assert first.metrics == {"auc": pytest.approx(roc_auc_score(frame.label, frame.score))}
    assert other.metrics == {"auc": pytest.approx(roc_auc_score(frame.label, frame.mean_radius))}
