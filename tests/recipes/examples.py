"""For each recipe that draws a table or JSON what is asked of it over real data, for the tests that hold for all."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from jupyter_viz.artifacts.source import Source
from jupyter_viz.enums import ArtifactKind


class Example(NamedTuple):
    """A request.

    Attributes:
        data: Name of the table, in `table_of`, or of the JSON, in `source_of`.
    """

    data: str
    arguments: dict[str, Any]


EXAMPLES: dict[str, Example] = {
    "bar": Example("tumours", {"by": "size", "value": "score"}),
    "correlation": Example("tumours", {}),
    "embedding_projection": Example(
        "tumours", {"columns": ["mean_radius", "mean_texture", "mean_smoothness"], "by": "size"}
    ),
    "histogram": Example("tumours", {"column": "mean_radius", "by": "size"}),
    "line": Example("learning", {"x": "step", "y": ["loss"], "by": "part", "smooth": 0.6}),
    "missing_values": Example("gaps", {}),
    "scatter": Example("tumours", {"x": "mean_radius", "y": "score", "by": "size"}),
    "calibration": Example("tumours", {}),
    "confusion_matrix": Example("wines", {}),
    "data_statistics": Example("tumours", {}),
    "precision_recall": Example("tumours", {}),
    "predicted_vs_actual": Example("diabetes", {}),
    "residuals": Example("diabetes", {"by": "bmi"}),
    "roc_curve": Example("tumours", {}),
    "score_distribution": Example("tumours", {}),
    "slicing_metrics": Example("tumours", {"by": ["size"], "metric": "auc"}),
    "table": Example("tumours", {"columns": ["label", "score"], "rows": 5}),
    "threshold_metrics": Example("tumours", {}),
}
OF_JSON: dict[str, Example] = {
    "classification_metrics": Example("slices.json", {}),
    "kubeflow_output": Example("mlpipeline-ui-metadata.json", {}),
}


def source_of(name: str) -> pd.DataFrame | Source:
    """A table, or as a file of JSON: `slices.json`, the metrics that a pipeline of Kubeflow keeps of the tumours by
    their size; `mlpipeline-ui-metadata.json`, what it writes of the wines."""
    made = {"slices.json": _slices, "mlpipeline-ui-metadata.json": _outputs}
    if name not in made:
        return table_of(name)
    path = Path(_folder().name, name)
    path.write_text(json.dumps(made[name]()))
    return Source(name, ArtifactKind.JSON, str(path))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def table_of(name: str) -> pd.DataFrame:
    """`tumours`: two classes with scores, `gaps` the same with values removed; `wines`: three classes; `diabetes`: a
    number; `learning`: curves by step. Whoever asks may change it."""
    return _made(name).copy()


@cache
def _made(name: str) -> pd.DataFrame:
    made = {"tumours": _tumours, "gaps": _gaps, "wines": _wines, "diabetes": _diabetes, "learning": _learning}
    return made[name]()


def _tumours() -> pd.DataFrame:
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    data = load_breast_cancer(as_frame=True)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    score = cross_val_predict(model, data.data.iloc[:, :4], data.target, method="predict_proba")[:, 1]
    frame = data.data.iloc[:, :6].copy()
    frame.columns = [name.replace(" ", "_") for name in frame.columns]
    size = pd.qcut(frame.mean_radius, 3, labels=["small", "medium", "large"]).astype(str)
    return frame.assign(size=size, label=data.target, score=score, predicted=(score > 0.5).astype(int))


def _gaps() -> pd.DataFrame:
    frame = _tumours()
    draw = np.random.default_rng(0)
    for share, name in enumerate(frame.columns[:5]):
        frame.loc[draw.random(len(frame)) < share / 10, name] = np.nan
    return frame


def _wines() -> pd.DataFrame:
    from sklearn.datasets import load_wine
    from sklearn.model_selection import cross_val_predict
    from sklearn.tree import DecisionTreeClassifier

    data = load_wine(as_frame=True)
    predicted = cross_val_predict(DecisionTreeClassifier(max_depth=2, random_state=0), data.data, data.target)
    names = np.asarray(data.target_names)
    return data.data.iloc[:, :4].assign(label=names[data.target], predicted=names[predicted])


def _diabetes() -> pd.DataFrame:
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import cross_val_predict

    data = load_diabetes(as_frame=True, scaled=False)
    predicted = cross_val_predict(LinearRegression(), data.data, data.target)
    return data.data.assign(target=data.target, predicted=predicted)


def _learning() -> pd.DataFrame:
    step = np.arange(1, 201)
    noise = np.random.default_rng(0).normal(0, 0.02, 400)
    loss = np.concatenate([1 / np.sqrt(step), 1 / np.sqrt(step) + 0.05]) + noise
    return pd.DataFrame({"step": np.tile(step, 2), "part": ["train"] * 200 + ["validation"] * 200, "loss": loss})


def _slices() -> dict[str, Any]:
    from sklearn.metrics import roc_curve

    slices = []
    for size, part in table_of("tumours").groupby("size"):
        points = zip(*roc_curve(part.label, part.score), strict=True)
        curve = [
            {"confidenceThreshold": threshold, "recall": recall, "falsePositiveRate": rate}
            for rate, recall, threshold in points
        ]
        slices.append({"slice": size, "sliceClassificationMetrics": {"confidenceMetrics": curve}})
    return {"evaluationSlices": slices}


def _outputs() -> dict[str, Any]:
    counted = table_of("wines").groupby(["label", "predicted"]).size().reset_index()
    matrix = {
        "type": "confusion_matrix",
        "storage": "inline",
        "source": counted.to_csv(header=False, index=False),
        "labels": sorted(set(counted.label)),
        "schema": [{"name": name} for name in ("target", "predicted", "count")],
    }
    return {"outputs": [matrix, {"type": "markdown", "storage": "inline", "source": "# Wines"}]}
