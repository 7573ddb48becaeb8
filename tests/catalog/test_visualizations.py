"""Each result belongs to who asked for it, and the same wish is rendered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.tables import visualizations
from jupyter_viz.clock import microseconds
from jupyter_viz.enums import Freshness, Origin, VisualizationStatus, VisualizationType
from jupyter_viz.errors import NotFound
from jupyter_viz.models import Failure, Principal, RenderRequest, SavedVisualization, Visualization

ANN, BOB = Principal("ann"), Principal("bob")
REQUEST = RenderRequest("roc_curve", "churn@otter/evaluate/scores", {"target": "label"})


@pytest.fixture
def artifact_id(history) -> str:
    shown = [
        SavedVisualization("z", VisualizationType.CSV, "/nowhere/z.csv", 1),
        SavedVisualization("a", VisualizationType.HTML, error=Failure("too_large", "Too large.", "trace")),
    ]
    found: str = history.artifact(history.run(), shown=shown)
    return found


def _queue(
    catalog: Catalog, who: Principal = ANN, key: str = "k", artifact_id: str | None = None
) -> tuple[Visualization, bool]:
    return catalog.visualizations.queue(
        who, REQUEST, key=key, title="ROC curve", artifact_id=artifact_id, provenance={"recipe": "roc_curve"}
    )


def test_a_materializers_are_for_all_in_its_order(catalog: Catalog, artifact_id: str) -> None:
    found = catalog.visualizations.of_artifact(BOB, artifact_id)
    assert [each.name for each in found] == ["z", "a"]
    assert [each.status for each in found] == [VisualizationStatus.COMPLETED, VisualizationStatus.FAILED]
    assert found[1].error == Failure("too_large", "Too large.", "trace")
    assert catalog.runs.artifact(artifact_id).visualization_count == 2


def test_renderings_come_after_newest_first(catalog: Catalog, artifact_id: str) -> None:
    ids = [_queue(catalog, key=key, artifact_id=artifact_id)[0].id for key in "abc"]
    found = catalog.visualizations.of_artifact(ANN, artifact_id)
    assert [each.origin for each in found] == [Origin.MATERIALIZER] * 2 + [Origin.RECIPE] * 3
    assert [each.id for each in found[2:]] == ids[::-1]


def test_another_users_rendering_is_not_there(catalog: Catalog, artifact_id: str) -> None:
    """Neither by id, nor in a list, nor by asking for the same thing, nor to be deleted."""
    mine, _ = _queue(catalog, ANN, artifact_id=artifact_id)
    with pytest.raises(NotFound) as theirs:
        catalog.visualizations.get(BOB, mine.id)
    assert str(theirs.value) == f"There is no visualization {mine.id!r}."
    assert len(catalog.visualizations.of_artifact(BOB, artifact_id)) == 2
    assert catalog.visualizations.of_request(BOB, "k") is None
    catalog.visualizations.delete(BOB, mine.id)
    assert catalog.visualizations.get(ANN, mine.id).id == mine.id
    assert _queue(catalog, BOB)[0].id != mine.id


def test_the_same_request_is_one_visualization(catalog: Catalog) -> None:
    first, render = _queue(catalog)
    again, render_again = _queue(catalog)
    assert (render, render_again) == (True, False)
    assert first.id == again.id
    catalog.visualizations.started([first.id])
    assert _queue(catalog)[1] is False
    catalog.visualizations.ended([first.id], VisualizationStatus.COMPLETED, uri="/x", size=3, metrics={"auc": 1.0})
    fresh, render = _queue(catalog)  # only asked for when it is to be made anew
    assert render is True
    assert fresh.id == first.id
    assert (fresh.status, fresh.uri, fresh.metrics) == (VisualizationStatus.QUEUED, None, {})


def test_the_same_request_many_times_at_once_is_rendered_once(catalog: Catalog) -> None:
    """Two tabs, one double click: one kernel."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _queue(catalog), range(8)))
    assert len({each.id for each, _ in answers}) == 1
    assert sum(render for _, render in answers) == 1


@pytest.mark.parametrize("before", ["queued", "running"])
def test_what_was_cancelled_stays_cancelled(catalog: Catalog, before: str) -> None:
    """A kernel that finishes a moment after Cancel does not bring the result back."""
    each, _ = _queue(catalog)
    if before == "running":
        catalog.visualizations.started([each.id])
    catalog.visualizations.ended([each.id], VisualizationStatus.CANCELLED)
    catalog.visualizations.started([each.id])
    catalog.visualizations.ended([each.id], VisualizationStatus.COMPLETED, uri="/x")
    found = catalog.visualizations.get(ANN, each.id)
    assert (found.status, found.uri) == (VisualizationStatus.CANCELLED, None)


def test_a_cancelled_one_is_in_no_list(catalog: Catalog, artifact_id: str) -> None:
    each, _ = _queue(catalog, artifact_id=artifact_id)
    catalog.visualizations.ended([each.id], VisualizationStatus.CANCELLED)
    assert len(catalog.visualizations.of_artifact(ANN, artifact_id)) == 2
    assert catalog.runs.artifact(artifact_id).visualization_count == 2


def test_a_deleted_one_does_not_come_back(catalog: Catalog) -> None:
    each, _ = _queue(catalog)
    catalog.visualizations.delete(ANN, each.id)
    catalog.visualizations.ended([each.id], VisualizationStatus.COMPLETED, uri="/x")
    with pytest.raises(NotFound):
        catalog.visualizations.get(ANN, each.id)


def test_the_whole_life(catalog: Catalog) -> None:
    each, _ = _queue(catalog)
    assert (each.status, each.freshness, each.started_at) == (VisualizationStatus.QUEUED, Freshness.NEW, None)
    assert (each.source, each.arguments, each.name) == (REQUEST.source, REQUEST.arguments, "ROC curve")
    catalog.visualizations.started([each.id])
    assert catalog.visualizations.get(ANN, each.id).status is VisualizationStatus.RUNNING
    catalog.visualizations.ended(
        [each.id], VisualizationStatus.COMPLETED, uri="/x", size=7, metrics={"auc": 0.1 + 0.2}, provenance={"a": [1]}
    )
    done = catalog.visualizations.get(ANN, each.id)
    assert (done.status, done.uri, done.size) == (VisualizationStatus.COMPLETED, "/x", 7)
    assert (done.metrics, done.provenance) == ({"auc": 0.1 + 0.2}, {"a": [1]})
    assert done.started_at is not None
    assert done.ended_at is not None


@pytest.mark.parametrize("text", ["nul \0", "half \udcff"])
def test_any_failure_can_be_stored(catalog: Catalog, text: str) -> None:
    each, _ = _queue(catalog)
    catalog.visualizations.ended([each.id], VisualizationStatus.FAILED, error=Failure("code_failed", text, text))
    found = catalog.visualizations.get(ANN, each.id)
    assert found.error is not None
    assert found.error.message.startswith(text[:3])


def test_the_death_of_a_server_is_an_answer(catalog: Catalog) -> None:
    """After a restart nothing spins for ever: it says what happened, and asking again renders."""
    each, _ = _queue(catalog)
    with catalog._database.write() as connection:
        connection.execute(
            sa.update(visualizations).values(host="another machine", beat_at=microseconds() - 61_000_000)
        )
    found = catalog.visualizations.get(ANN, each.id)
    assert found.status is VisualizationStatus.INTERRUPTED
    assert found.error is not None
    assert found.error.code == "interrupted"
    again, render = _queue(catalog)
    assert (again.id, again.status, render) == (each.id, VisualizationStatus.QUEUED, True)


def test_a_beat_keeps_it_running(catalog: Catalog) -> None:
    each, _ = _queue(catalog)
    with catalog._database.write() as connection:
        connection.execute(sa.update(visualizations).values(host="another machine", beat_at=0))
    catalog.visualizations.beat([each.id])
    assert catalog.visualizations.get(ANN, each.id).status is VisualizationStatus.QUEUED
