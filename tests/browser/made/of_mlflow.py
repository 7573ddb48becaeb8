"""A run of MLflow with a table of scores: `of_mlflow.py FOLDER CSV`."""

import sys

import mlflow

folder, scores = sys.argv[1:]
mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
mlflow.set_experiment("of mlflow")
with mlflow.start_run(run_name="first"):
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_artifact(scores)
