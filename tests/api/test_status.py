"""Whether the server works, what it can do, what it knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import jupyter_viz
from jupyter_viz import registry

Ask = Callable[..., Awaitable[Any]]


async def test_status_names_version_and_catalog(ask: Ask, service: Any) -> None:
    status = (await ask("GET", "status")).json()
    assert status["version"] == jupyter_viz.__version__
    assert status["catalog"]["id"] == service.catalog.id
    assert status["catalog"]["state"] == "ok"
    assert status["custom_allowed"] is True
    assert status["renderings"] == {"queued": 0, "running": 0}


async def test_recipes_come_with_what_a_form_needs(ask: Ask, service: Any) -> None:
    answer = (await ask("GET", "recipes")).json()
    assert service._warming is not None, "who looks for one is about to have something rendered"
    assert answer["broken"] == []
    recipes = {each["name"]: each for each in answer["recipes"]}
    assert set(recipes) == set(registry.found(registry.RECIPES))
    assert recipes["roc_curve"]["title"] == "ROC curve"
    assert recipes["roc_curve"]["source_kinds"] == ["table"]
    assert recipes["roc_curve"]["arguments"]["properties"]["target"]["format"] == "column"
    assert "# target" in recipes["roc_curve"]["placeholder"]
    assert [each["name"] for each in answer["recipes"] if each["code"]] == ["custom"]


async def test_projects_and_pipelines(ask: Ask) -> None:
    assert [each["name"] for each in (await ask("GET", "projects")).json()["projects"]] == ["default"]
    [pipeline] = (await ask("GET", "pipelines")).json()["pipelines"]
    assert (pipeline["name"], pipeline["run_count"]) == ("churn", 2)
