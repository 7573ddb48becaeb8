"""The metrics that Kubeflow Pipelines v2 keeps in an artifact's metadata are drawn as its page draws them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, roc_auc_score, roc_curve

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, UnreadableSource
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.still import still_picture

from .examples import table_of


def _curve(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """As `log_roc_curve` of kfp's ClassificationMetrics writes it."""
    points = zip(*roc_curve(frame.label, frame.score), strict=True)
    return [
        {"confidenceThreshold": threshold, "recall": recall, "falsePositiveRate": rate}
        for rate, recall, threshold in points
    ]


def _matrix(frame: pd.DataFrame) -> dict[str, Any]:
    """As `log_confusion_matrix` writes it."""
    classes = sorted(frame.label.unique())
    rows = confusion_matrix(frame.label, frame.predicted, labels=classes).tolist()
    return {"annotationSpecs": [{"displayName": str(name)} for name in classes], "rows": [{"row": row} for row in rows]}


def _look(folder: Path, value: Any, **arguments: Any) -> Any:
    path = folder / "metrics.json"
    path.write_text(json.dumps(value))
    return visualize("classification_metrics", str(path), **arguments)


def test_the_curve_and_its_area(tmp_path: Path) -> None:
    """Its first threshold is infinite, which JSON has no word for."""
    frame = table_of("tumours")
    result = _look(tmp_path, {"confidenceMetrics": _curve(frame), "confusionMatrix": _matrix(frame)})
    assert result.metrics == {"auc": pytest.approx(roc_auc_score(frame.label, frame.score))}
    assert np.isinf(result.data.threshold[0])
    assert result.figure.data[1].customdata[0] is None
    json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_the_matrix_and_its_accuracy(tmp_path: Path) -> None:
    """A row is a true class, a column a predicted one."""
    frame = table_of("wines")
    result = _look(tmp_path, {"confusionMatrix": _matrix(frame)})
    np.testing.assert_array_equal(
        result.data.rows.to_numpy().reshape(3, 3), confusion_matrix(frame.label, frame.predicted)
    )
    assert result.metrics["accuracy"] == pytest.approx(accuracy_score(frame.label, frame.predicted))
    both = {"confidenceMetrics": _curve(table_of("tumours")), "confusionMatrix": _matrix(frame)}
    assert _look(tmp_path, both, show="confusion_matrix").metrics == result.metrics


@pytest.mark.parametrize("threshold", [None, "Infinity", "inf", "NaN", float("inf"), "absent"])
def test_a_threshold_that_is_no_number(tmp_path: Path, threshold: Any) -> None:
    """However it is written, it stands above all others."""
    point = {"recall": 0, "falsePositiveRate": 0} | (
        {} if threshold == "absent" else {"confidenceThreshold": threshold}
    )
    end = {"recall": 1, "falsePositiveRate": 1, "confidenceThreshold": 0.5}
    result = _look(tmp_path, {"confidenceMetrics": [point, end]})
    assert result.data.threshold.tolist() == [np.inf, 0.5]
    assert result.metrics == {"auc": 0.5}


def test_numbers_as_text_and_zeros_left_out(tmp_path: Path) -> None:
    """As JSON that was made of protocol buffers has them."""
    points = [
        {"confidenceThreshold": "2"},
        {"confidenceThreshold": "0.5", "recall": "0.75", "falsePositiveRate": "0.25"},
        {"recall": "1", "falsePositiveRate": "1"},
    ]
    assert _look(tmp_path, {"confidenceMetrics": points}).metrics == {"auc": 0.75}


def test_an_artifact_around_it_and_the_stores_own_boxes(tmp_path: Path) -> None:
    frame = table_of("tumours")
    plain = _look(tmp_path, {"confidenceMetrics": _curve(frame)})
    artifact = {"name": "metrics", "uri": "", "metadata": {"confidenceMetrics": {"list": _curve(frame)}}}
    assert _look(tmp_path, artifact).data.equals(plain.data)
    boxed = _look(tmp_path, {"confusionMatrix": {"struct": _matrix(frame)}})
    assert boxed.data.equals(_look(tmp_path, {"confusionMatrix": _matrix(frame)}).data)


def _sliced(frame: pd.DataFrame) -> dict[str, Any]:
    return {
        "evaluationSlices": [
            {
                "slice": size,
                "sliceClassificationMetrics": {"confidenceMetrics": _curve(part), "confusionMatrix": _matrix(part)},
            }
            for size, part in frame.groupby("size")
        ]
    }


def test_slices_over_each_other(tmp_path: Path) -> None:
    """Each has its own area, and the worst is told without looking."""
    frame = table_of("tumours")
    areas = {size: roc_auc_score(part.label, part.score) for size, part in frame.groupby("size")}
    result = _look(tmp_path, _sliced(frame))
    assert result.metrics == {f"{size}/auc": pytest.approx(area) for size, area in areas.items()}
    assert [line.name for line in result.figure.data[1:]] == [
        f"{size}: AUC {area:.3f}" for size, area in sorted(areas.items(), key=lambda each: each[1])
    ]
    bundle = result._repr_mimebundle_()
    assert bundle[MIME]["title"] == "ROC of classification metrics"
    assert "small: ROC curve of classification metrics (small) over" in bundle[MIME]["alt"]
    assert set(result.data["slice"]) == set(areas)
    lengths = {len(column) for column in bundle[PLOTLY]["layout"]["meta"]["table"]}
    assert lengths == {len(result.data)}
    assert still_picture(bundle[PLOTLY])


def test_one_slice(tmp_path: Path) -> None:
    frame = table_of("tumours")
    small = frame[frame["size"] == "small"]
    result = _look(tmp_path, _sliced(frame), slice="small")
    assert result.metrics == {"auc": pytest.approx(roc_auc_score(small.label, small.score))}
    matrix = _look(tmp_path, _sliced(frame), slice="small", show="confusion_matrix")
    assert matrix.metrics["accuracy"] == pytest.approx(accuracy_score(small.label, small.predicted))
    assert "small" in matrix._repr_mimebundle_()[MIME]["title"]


def test_very_many_slices_show_the_worst(tmp_path: Path) -> None:
    slices = [
        {
            "slice": f"s{number}",
            "sliceClassificationMetrics": {
                "confidenceMetrics": [
                    {"recall": 0, "falsePositiveRate": 0},
                    {"recall": 0.5 + number / 100, "falsePositiveRate": 0.5},
                    {"recall": 1, "falsePositiveRate": 1},
                ]
            },
        }
        for number in range(30)
    ]
    result = _look(tmp_path, {"evaluationSlices": slices})
    assert set(result.data["slice"]) == {f"s{number}" for number in range(8)}
    assert "Shows the 8 of 30 slices with the least area." in result._repr_mimebundle_()[MIME]["note"]


MATRIX = {"annotationSpecs": [{"displayName": "a"}, {"displayName": "b"}], "rows": [{"row": [1, 2]}, {"row": [3, 4]}]}
CURVE = [{"recall": 0, "falsePositiveRate": 0}, {"recall": 1, "falsePositiveRate": 1}]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "The source must be a JSON object, not \\[\\]"),
        ({}, "holds no classification metrics.*There is: nothing"),
        ({"accuracy": 0.9}, "holds no classification metrics.*There is: accuracy"),
        ({"metadata": 5}, "'metadata' must be a JSON object, not 5"),
        ({"evaluationSlices": []}, "'evaluationSlices' is empty"),
        (
            {"evaluationSlices": [{"slice": "a"}]},
            "slice 1: 'sliceClassificationMetrics' must be a JSON object, not null",
        ),
        (
            {"evaluationSlices": [{"slice": "a", "sliceClassificationMetrics": {}}] * 2},
            "slice 2: there is a slice 'a' before it",
        ),
        ({"confidenceMetrics": CURVE[:1]}, "two points at least; there is one"),
        ({"confidenceMetrics": 5}, "'confidenceMetrics' must be a list, not 5"),
        ({"confidenceMetrics": [{"recall": 1}] * 2}, "no point has a 'falsePositiveRate'. There is: recall"),
        ({"confidenceMetrics": [*CURVE, {"recall": "x"}]}, "point 3: the true positive rate is 'x'"),
        ({"confidenceMetrics": [*CURVE, 7]}, "point 3 must be a JSON object, not 7"),
        ({"confusionMatrix": {"rows": []}}, "'annotationSpecs' must be a list, not null"),
        ({"confusionMatrix": {"annotationSpecs": [], "rows": []}}, "names no classes"),
        ({"confusionMatrix": MATRIX | {"rows": MATRIX["rows"][:1]}}, "1 rows and 2 classes"),
        ({"confusionMatrix": MATRIX | {"rows": [{"row": [1, 2]}, {"row": [3]}]}}, "the row of 'b' has 1 numbers"),
        ({"confusionMatrix": MATRIX | {"rows": [{"row": [1, 2]}, {"row": [3, 0.5]}]}}, "holds 0.5.*counts, not shares"),
        ({"confusionMatrix": MATRIX | {"rows": [{"row": [1, 2]}, {"row": [3, -1]}]}}, "holds -1"),
    ],
)
def test_what_is_no_metrics_is_said_with_its_place(tmp_path: Path, value: Any, said: str) -> None:
    with pytest.raises(UnreadableSource, match=said):
        _look(tmp_path, value)


@pytest.mark.parametrize(
    ("value", "arguments", "said"),
    [
        ({"confidenceMetrics": CURVE}, {"slice": "a"}, "there is no slice 'a'. These metrics are not sliced."),
        (_sliced(table_of("tumours")), {"slice": "smal"}, "no slice 'smal'. Did you mean 'small'.*large, medium"),
        (_sliced(table_of("tumours")), {"show": "confusion_matrix"}, "3 slices have a confusion matrix; name one of"),
        ({"confidenceMetrics": CURVE}, {"show": "confusion_matrix"}, "there is no confusion matrix.*Try 'roc'"),
        ({"confusionMatrix": MATRIX}, {"show": "roc"}, "there is no curve.*Try 'confusion_matrix'"),
        ({"confidenceMetrics": CURVE}, {"show": "auc"}, "'auc' is not one of"),
    ],
)
def test_what_is_asked_for_and_not_there_is_said(
    tmp_path: Path, value: Any, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidArgument, match=said):
        _look(tmp_path, value, **arguments)
