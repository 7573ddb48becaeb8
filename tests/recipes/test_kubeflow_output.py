"""What a Kubeflow component wrote for the output viewers of its page is seen here too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, roc_auc_score, roc_curve

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, UnreadableSource
from jupyter_viz.rendering.bundles import MIME

from .examples import table_of

SCHEMA = [{"name": "target", "type": "CATEGORY"}, {"name": "predicted", "type": "CATEGORY"}, {"name": "count"}]


def _file(folder: Path, *outputs: Any) -> str:
    path = folder / "mlpipeline-ui-metadata.json"
    path.write_text(json.dumps({"outputs": list(outputs)}))
    return str(path)


def _inline(kind: str, source: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "source": source, "storage": "inline", **more}


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(header=False, index=False)


def _pairs(frame: pd.DataFrame) -> str:
    return _csv(frame.groupby(["label", "predicted"]).size().reset_index())


def test_a_confusion_matrix(tmp_path: Path) -> None:
    """The counts and metrics are scikit-learn's; a pair that is not listed never occurred."""
    frame = table_of("wines")
    labels = ["class_2", "class_0", "class_1"]
    output = _inline("confusion_matrix", _pairs(frame), format="csv", schema=SCHEMA, labels=labels)
    result = visualize("kubeflow_output", _file(tmp_path, output))
    expected = confusion_matrix(frame.label, frame.predicted, labels=labels)
    np.testing.assert_array_equal(result.data.rows.to_numpy().reshape(3, 3), expected)
    assert result.metrics["accuracy"] == pytest.approx(accuracy_score(frame.label, frame.predicted))
    assert result.metrics["f1_macro"] == pytest.approx(f1_score(frame.label, frame.predicted, average="macro"))
    assert list(result.figure.layout.yaxis.categoryarray) == labels
    ours = visualize("confusion_matrix", frame)
    assert result._repr_mimebundle_()[MIME]["alt"] == ours._repr_mimebundle_()[MIME]["alt"].replace("label", "target")


def test_a_curve(tmp_path: Path) -> None:
    frame = table_of("tumours")
    fpr, tpr, threshold = roc_curve(frame.label, frame.score)
    points = _csv(pd.DataFrame({"fpr": fpr, "tpr": tpr, "threshold": threshold}))
    schema = [{"name": name, "type": "NUMBER"} for name in ("fpr", "tpr", "thresholds")]
    result = visualize("kubeflow_output", _file(tmp_path, _inline("roc", points, format="csv", schema=schema)))
    assert result.metrics == {"auc": pytest.approx(roc_auc_score(frame.label, frame.score))}
    assert len(result.data) == len(fpr)


def test_a_table(tmp_path: Path) -> None:
    text = 'a, 1\n"b, c",2.5\n\nd,\n'
    result = visualize("kubeflow_output", _file(tmp_path, _inline("table", text, format="csv", header=["x", "y"])))
    assert list(result.data.x) == ["a", "b, c", "d"]
    assert result.data.y.tolist()[:2] == [1.0, 2.5]
    assert result.data.y.isna().tolist() == [False, False, True]


def test_text_and_pages(tmp_path: Path) -> None:
    """A page of somebody else's runs in a frame that reaches nothing, as any page here."""
    path = _file(
        tmp_path,
        _inline("markdown", "# Report\n[a link](https://example.org)"),
        _inline("web-app", "<title>Page</title><script>parent.document.title = 'x'</script>"),
    )
    first = visualize("kubeflow_output", path)._repr_mimebundle_()
    assert first["text/markdown"].startswith("# Report")
    assert first[MIME]["note"] == "Output 1 of 2: 1 markdown, 2 web-app."
    second = visualize("kubeflow_output", path, output=2)._repr_mimebundle_()
    assert second["text/html"].startswith('<iframe sandbox="allow-scripts"')
    assert "<script" not in second["text/html"]


def test_tensorboard_is_named_with_its_folder(tmp_path: Path) -> None:
    output = {"type": "tensorboard", "source": "gs://bucket/logs/<b>"}
    bundle = visualize("kubeflow_output", _file(tmp_path, output))._repr_mimebundle_()
    assert "tensorboard --logdir gs://bucket/logs/" in bundle["text/plain"]
    assert "<b>" not in bundle["text/html"]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"type": "roc"}, "`%viz roc_curve gs://b/x.csv --is_generated true`"),
        ({"type": "table", "header": ["a", "b c"]}, "`%viz table gs://b/x.csv --headers 'a,b c'`"),
        ({"type": "confusion_matrix", "storage": "gcs"}, "`%viz table gs://b/x.csv --headers target,predicted,count`"),
        ({"type": "markdown"}, "`%viz markdown gs://b/x.csv`"),
        ({"type": "web-app"}, "`%viz html gs://b/x.csv`"),
    ],
)
def test_what_is_elsewhere_is_named_with_the_way_to_it(tmp_path: Path, output: dict[str, Any], said: str) -> None:
    """A recipe reads the source it was given and nothing else."""
    with pytest.raises(InvalidArgument, match=r"is not in this file but in 'gs://b/x\.csv'") as error:
        visualize("kubeflow_output", _file(tmp_path, {**output, "source": "gs://b/x.csv"}))
    assert said in str(error.value)


def test_an_output_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    path = _file(tmp_path, _inline("markdown", "x"), _inline("roc", "0,0,1\n1,1,0"))
    with pytest.raises(InvalidArgument, match=r"no output 3\. There is: 1 markdown, 2 roc\."):
        visualize("kubeflow_output", path, output=3)
    with pytest.raises(InvalidArgument, match="less than the minimum of 1"):
        visualize("kubeflow_output", path, output=0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "must be a JSON object"),
        ("{}", "no list 'outputs'.*There is: nothing"),
        ('{"metrics": []}', "no list 'outputs'.*There is: metrics"),
        ('{"outputs": []}', "'outputs' is empty"),
        ('{"outputs": {"type": "roc"}}', "no list 'outputs'"),
        ('{"outputs": [5]}', "Output 1 must be a JSON object, not 5"),
        ("{", "is not JSON"),
    ],
)
def test_a_file_of_something_else_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(UnreadableSource, match=said):
        visualize("kubeflow_output", str(tmp_path / "x.json"))


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (_inline("rok", ""), r"type 'rok'\. Did you mean 'roc'"),
        ({"source": "x"}, "type 'None'"),
        ({"type": "roc", "storage": "inline"}, r"Output 1 \(roc\) has no 'source'"),
        (_inline("roc", ""), "is empty"),
        (_inline("roc", "0,0\n1,1"), "line 1: 2 fields, 3 are needed"),
        (_inline("roc", "0,0,1\n1,x,0"), "point 2: the true positive rate is 'x'"),
        (_inline("roc", '0,0,"1\n'), "line 1: unexpected end of data"),
        (_inline("table", "a,b"), "has no 'header'"),
        (_inline("table", "a,b", header=["a", "a"]), "'header' names the column 'a' twice"),
        (_inline("table", "a,b\nc\n", header=["x", "y"]), "line 2: 1 fields, 2 are needed"),
        (_inline("table", "a,b", header=["x", "y"], format="tsv"), "has the format 'tsv'"),
        (_inline("confusion_matrix", "a,a,1", schema=SCHEMA), "has no 'labels'"),
        (_inline("confusion_matrix", "a,a,1", labels=["a"]), "has no 'schema'"),
        (_inline("confusion_matrix", "a,a,1", labels=["a"], schema=[{}]), "an item of 'schema' has no 'name'"),
        (_inline("confusion_matrix", "a,a,1", labels=["a"], schema=SCHEMA[:1]), "must name three columns"),
        (
            _inline("confusion_matrix", "a,c,1", labels=["a", "b"], schema=SCHEMA),
            "line 1: 'c' is not in 'labels': a, b",
        ),
        (_inline("confusion_matrix", "a,a,1\na,a,2", labels=["a"], schema=SCHEMA), "line 2: .* is counted twice"),
        (_inline("confusion_matrix", "a,a,many", labels=["a"], schema=SCHEMA), "'many', where a number of rows"),
        (_inline("confusion_matrix", "a,a,0", labels=["a"], schema=SCHEMA), "every count is 0"),
        (_inline("confusion_matrix", "a,a,1", labels=["a", "a"], schema=SCHEMA), "names the class 'a' twice"),
        (_inline("confusion_matrix", "1,1,1", labels=list(range(1001)), schema=SCHEMA), "has 1,001 classes"),
    ],
)
def test_an_output_that_cannot_be_drawn_says_why(tmp_path: Path, output: dict[str, Any], said: str) -> None:
    with pytest.raises(UnreadableSource, match=said):
        visualize("kubeflow_output", _file(tmp_path, output))
