"""For each recipe that reads a table what is asked of it over real data, for the tests that hold for all of them."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


class Example(NamedTuple):
    """A request.

    Attributes:
        data: Name of the table, in `table_of`.
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


@cache
def table_of(name: str) -> pd.DataFrame:
    """`tumours`: two classes with scores, `gaps` the same with values removed; `wines`: three classes; `diabetes`: a
    number; `learning`: curves by step."""
    made = {"tumours": _tumours, "gaps": _gaps, "wines": _wines, "diabetes": _diabetes, "learning": _learning}
    return made[name]().copy()


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
