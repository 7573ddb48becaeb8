"""The same wish has the same key; whatever decides the picture is in it."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_viz.models import RenderRequest
from jupyter_viz.rendering.cache import request_key

BASE = RenderRequest("roc_curve", "churn@otter/evaluate/scores", {"target": "label", "score": "p"})
ENVIRONMENT = {"jupyter_viz": "1", "recipes": "abc"}


def test_the_order_of_arguments_does_not_matter() -> None:
    other = RenderRequest("roc_curve", BASE.source, {"score": "p", "target": "label"}, refresh=True)
    assert request_key(other, "d", ENVIRONMENT) == request_key(BASE, "d", ENVIRONMENT)


@pytest.mark.parametrize(
    ("request_", "digest", "environment"),
    [
        (RenderRequest("table", BASE.source, BASE.arguments), "d", ENVIRONMENT),
        (RenderRequest(BASE.recipe, "other@otter/evaluate/scores", BASE.arguments), "d", ENVIRONMENT),
        (RenderRequest(BASE.recipe, BASE.source, {"target": "label"}), "d", ENVIRONMENT),
        (RenderRequest(BASE.recipe, BASE.source, BASE.arguments, "code"), "d", ENVIRONMENT),
        (BASE, "e", ENVIRONMENT),
        (BASE, None, ENVIRONMENT),
        (BASE, "d", {**ENVIRONMENT, "recipes": "abd"}),
        (BASE, "d", {**ENVIRONMENT, "jupyter_viz": "2"}),
    ],
)
def test_whatever_changes_the_picture_changes_the_key(request_: RenderRequest, digest: Any, environment: Any) -> None:
    """Nobody is shown yesterday's picture for today's data, code or version."""
    assert request_key(request_, digest, environment) != request_key(BASE, "d", ENVIRONMENT)


def test_values_that_only_look_alike_differ() -> None:
    keys = {
        request_key(RenderRequest("r", None, {"x": value}), None, {})
        for value in (1, "1", True, None, "null", [1], "true")
    }
    assert len(keys) == 7
