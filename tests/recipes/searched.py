"""Runs for the gallery: a small search over a real classifier, each setting with several seeds."""

from __future__ import annotations

from typing import Annotated

import pandas as pd

from jupyter_viz import log_metrics, pipeline, step


@step
def evaluate(regularization: float, features: int, seed: int) -> Annotated[pd.DataFrame, "scores"]:
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
    from sklearn.model_selection import train_test_split
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    data = load_breast_cancer(as_frame=True)
    of_train, of_test, train, test = train_test_split(
        data.data.iloc[:, :features], data.target, test_size=0.4, random_state=seed
    )
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1 / regularization, max_iter=1000))
    score = model.fit(of_train, train).predict_proba(of_test)[:, 1]
    log_metrics({"roc_auc": roc_auc_score(test, score), "log_loss": log_loss(test, score)})
    log_metrics({"accuracy": accuracy_score(test, score > 0.5)}, format="PERCENTAGE")
    return pd.DataFrame({"label": test.to_numpy(), "score": score, "predicted": (score > 0.5).astype(int)})


@pipeline
def tumours(regularization: float, features: int, seed: int) -> None:
    evaluate(regularization, features, seed)


def record() -> None:
    """18 runs, from the weakest setting to the best."""
    for features in (2, 5, 10):
        for regularization in (100.0, 1.0):
            for seed in range(3):
                name = f"features-{features}-l2-{regularization:g}-seed-{seed}"
                tumours.with_options(run_name=name)(regularization, features, seed)
