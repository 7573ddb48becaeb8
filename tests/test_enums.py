"""The words of the API, the catalog and ZenML's enum."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import pytest
import yaml

import jupyter_viz.api
from jupyter_viz import enums

SCHEMAS = yaml.safe_load((Path(jupyter_viz.api.__file__).parent / "openapi.yaml").read_text())["components"]["schemas"]


@pytest.mark.parametrize(
    ("enum", "documented"),
    [
        (enums.RunStatus, SCHEMAS["RunStatus"]["enum"]),
        (enums.VisualizationStatus, SCHEMAS["VisualizationStatus"]["enum"]),
        (enums.VisualizationType, SCHEMAS["VisualizationSummary"]["properties"]["format"]["enum"]),
        (enums.Origin, SCHEMAS["VisualizationSummary"]["properties"]["origin"]["enum"]),
        (enums.Freshness, [v for v in SCHEMAS["VisualizationSummary"]["properties"]["freshness"]["enum"] if v]),
        (enums.MetricFormat, SCHEMAS["Metric"]["properties"]["format"]["enum"]),
        (enums.ArtifactKind, SCHEMAS["Recipe"]["properties"]["source_kinds"]["items"]["enum"]),
        # A run is a source, but no artifact.
        (enums.ArtifactKind, [*SCHEMAS["ArtifactSummary"]["properties"]["kind"]["enum"], "run"]),
    ],
)
def test_words_are_those_of_the_api(enum: type[Enum], documented: list[str]) -> None:
    """A front end that knows openapi.yaml knows every word that arrives."""
    assert [word.value for word in enum] == documented


@pytest.mark.parametrize("enum", [enums.RunStatus, enums.VisualizationType, enums.MetricFormat])
def test_words_read_as_their_value(enum: type[Enum]) -> None:
    """A status in an f-string or a message is the word, not `RunStatus.FAILED`."""
    for word in enum:
        assert f"{word}" == str(word) == word.value


def test_zenml_formats_are_all_there() -> None:
    """Code written for ZenML's VisualizationType runs."""
    assert {"CSV", "HTML", "IMAGE", "JSON", "MARKDOWN"} <= set(enums.VisualizationType.__members__)


def test_which_statuses_have_ended() -> None:
    """A list stops polling what has ended, and goes on polling what has not."""
    active = {status for status in enums.VisualizationStatus if not status.ended}
    assert active == {enums.VisualizationStatus.QUEUED, enums.VisualizationStatus.RUNNING}
