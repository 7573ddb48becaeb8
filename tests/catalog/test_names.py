"""Names that begin with a text, for Tab: on each database the same, written as addresses have them."""

from __future__ import annotations

from typing import Any

from jupyter_viz.address import Address
from jupyter_viz.catalog.catalog import Catalog


def test_names_begin_as_they_are_asked_for(catalog: Catalog, history: Any) -> None:
    """Case counts, `_` and `%` are letters, and no language's order gets between."""
    for name in ("otter", "Otter", "o%ter", "o_ter", "otter-2", "größe", "a b"):
        history.run(name)
    history.run("otter", pipeline="charts")
    history.run("other", project="research")
    names = catalog.names
    assert names.runs("churn", "ott") == ["otter-2", "otter"]
    assert names.runs("churn", "O") == ["Otter"]
    assert names.runs("churn", "o_") == ["o_ter"]
    assert names.runs("churn", "grö") == ["größe"]
    assert names.runs("churn", "a") == ["a%20b"]
    assert names.runs("churn", "x") == names.runs("nothing", "") == []
    assert names.runs("research::churn", "") == ["other"]
    assert set(names.pipelines("ch")) == {"charts", "churn", "research::churn"}
    assert names.pipelines("research::c") == ["research::churn"]


def test_what_a_run_has(catalog: Catalog, history: Any) -> None:
    run = history.run("otter", metrics={"roc_auc": 0.5, "rmse": 1.0, "loss": 2.0})
    history.artifact(run, "evaluate", "scores")
    history.artifact(run, "evaluate/2", "rows")
    names = catalog.names
    assert names.metrics("churn", "r") == ["rmse", "roc_auc"]
    assert names.artifacts(Address.parse("churn@latest")) == ["evaluate/scores", "evaluate%2F2/rows"]
    assert names.artifacts(Address.parse("churn@never")) == []
    assert names.columns(Address.parse("churn@latest/never")) == ()
