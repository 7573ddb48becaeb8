"""A run of ZenML with a table of scores: `of_zenml.py CSV`, in the environment's ZENML_CONFIG_PATH."""

import sys
from typing import Annotated

import pandas as pd
from zenml import pipeline, step
from zenml.types import HTMLString


@step(enable_cache=False)
def judge(path: str) -> tuple[Annotated[pd.DataFrame, "scores"], Annotated[HTMLString, "report"]]:
    return pd.read_csv(path), HTMLString("<p>made by ZenML</p>")


@pipeline
def of_zenml(path: str) -> None:
    judge(path)


of_zenml(sys.argv[1])
