"""A table that Spark has, as a source by the name of a connection."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from pyspark.sql import SparkSession

from jupyter_viz import visualize
from jupyter_viz.errors import NotFound

URL = "pyspark://?spark.master=local[2]&spark.driver.bindAddress=127.0.0.1&spark.driver.host=127.0.0.1&spark.ui.enabled=false"


def test_a_table_of_spark_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_CONNECTIONS", json.dumps({"spark": URL}))
    with pytest.raises(NotFound, match="no table 'scores' in 'spark'"):
        visualize("roc_curve", "ibis://spark/scores")
    frame = pd.DataFrame({"label": [0, 0, 1, 1], "score": [0.1, 0.6, 0.4, 0.9]})
    SparkSession.getActiveSession().createDataFrame(frame).createOrReplaceTempView("scores")
    assert visualize("roc_curve", "ibis://spark/scores").metrics["auc"] == 0.75
    with pytest.raises(NotFound, match="Did you mean 'scores'"):
        visualize("roc_curve", "ibis://spark/score")
