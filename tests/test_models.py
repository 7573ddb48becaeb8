"""Values that travel: frozen, and addressed as short as they can be."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from jupyter_viz.address import Address
from jupyter_viz.catalog import open_catalog
from jupyter_viz.config import load_configuration
from jupyter_viz.models import Principal, RenderRequest


def test_the_default_project_is_left_out_of_addresses(recorded_home: Any) -> None:
    scores = recorded_home.artifacts["scores"]
    run = open_catalog(load_configuration().catalog).runs.run(recorded_home.run.id)
    assert scores.address == f"churn@{run.name}/evaluate/scores"
    assert run.address == f"churn@{run.name}"
    assert replace(scores, project="team", index=2).address == f"team::churn@{run.name}/evaluate/scores#2"
    assert replace(run, project="team").address == f"team::churn@{run.name}"
    assert Address.parse(replace(scores, step="a/b", name="c@d").address).artifact == "c@d"


def test_a_request_cannot_be_changed_on_its_way() -> None:
    """What was checked is what is rendered."""
    with pytest.raises(FrozenInstanceError):
        RenderRequest("table").recipe = "custom"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        Principal("ann", may_execute=False).may_execute = True  # type: ignore[misc]
