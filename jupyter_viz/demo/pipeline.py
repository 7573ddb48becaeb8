"""The demo's pipeline: is a tumour benign? scikit-learn's breast-cancer data, a logistic regression."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from jupyter_viz import log_metrics, pipeline, step
from jupyter_viz.types import HTMLString, MarkdownString

Frame = pd.DataFrame
SEED = 7
TAG = "jupyter-viz-demo"
"""Of the runs recorded here: `jupyter viz demo --remove` knows them by it."""


@step
def load() -> Annotated[Frame, "data"]:
    frame: Frame = load_breast_cancer(as_frame=True).frame
    return frame


@step
def train(data: Frame, regularization: float, features: int) -> Annotated[Any, "model"]:
    """A logistic regression on the first `features` columns; a large `regularization` lets it fit closely."""
    known, _ = train_test_split(data, random_state=SEED, stratify=data["target"])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=regularization, max_iter=1000))
    return model.fit(known.iloc[:, :features], known["target"])


@step
def evaluate(
    model: Any, data: Frame, threshold: float
) -> tuple[Annotated[Frame, "scores"], Annotated[HTMLString, "report"], Annotated[MarkdownString, "summary"]]:
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold {threshold} is not between 0 and 1")
    _, unseen = train_test_split(data, random_state=SEED, stratify=data["target"])
    score = model.predict_proba(unseen[list(model.feature_names_in_)])[:, 1]
    label = unseen["target"].to_numpy()
    accuracy = accuracy_score(label, score > threshold)
    auc = roc_auc_score(label, score)
    log_metrics({"accuracy": accuracy}, format="PERCENTAGE")
    log_metrics({"roc_auc": auc})
    matrix = pd.DataFrame(confusion_matrix(label, score > threshold))
    matrix.index.name, matrix.columns.name = "is", "called"
    return (
        pd.DataFrame({"label": label, "score": score}),
        HTMLString(f"<h1>Breast cancer, unseen part</h1>{matrix.to_html()}"),
        MarkdownString(f"**{accuracy:.1%}** of {len(label)} unseen tumours called right; AUC {auc:.3f}."),
    )


@pipeline
def breast_cancer(regularization: float = 1.0, features: int = 30, threshold: float = 0.5) -> None:
    data = load()
    evaluate(train(data, regularization, features), data, threshold)


def record_runs() -> None:
    """Three runs with different settings, and one whose last step fails."""
    demo = breast_cancer.with_options(tags=[TAG])
    demo(regularization=0.001, features=5)
    demo(regularization=1.0, features=10)
    with suppress(ValueError):  # as meant: the demo shows what a failed run looks like
        demo(threshold=50.0)
    demo(regularization=1.0, features=30)
