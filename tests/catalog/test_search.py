"""Every filter and every order, held against the same done in Python; and counters held against a recount."""

from __future__ import annotations

import contextlib
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from jupyter_viz.catalog import conditions
from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.catalog.recording import new_id
from jupyter_viz.catalog.tables import (
    experiments,
    metric_counts,
    metrics,
    pipelines,
    projects,
    run_parameters,
    run_tags,
    runs,
)
from jupyter_viz.clock import microseconds
from jupyter_viz.enums import MetricFormat, RunStatus
from jupyter_viz.errors import BadRequest
from jupyter_viz.models import Metric, NewRun

NOW = microseconds()
DAY = 86_400_000_000
ELSEWHERE = {"host": "another machine", "pid": 1, "born": ""}


@dataclass
class Known:
    """A run as the oracle knows it."""

    id: str
    name: str
    pipeline: str
    experiment: str | None
    status: str
    started: int
    ended: int | None
    metrics: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    @property
    def duration(self) -> int | None:
        return None if self.ended is None else self.ended - self.started


@dataclass
class Filled:
    catalog: Catalog
    runs: list[Known]


def _made(rng: random.Random, number: int) -> Known:
    status = rng.choice(["completed", "completed", "failed", "running", "interrupted"])
    started = NOW - rng.randrange(20) * DAY // 2  # several of the same moment
    return Known(
        id=new_id(),
        name=f"run{number:03}",
        pipeline=rng.choice(["churn", "churn", "credit"]),
        experiment=rng.choice([None, "spring", "autumn"]),
        status=status,
        started=started,
        ended=None if status == "running" else started + rng.randrange(5) * 60_000_000,
        metrics={name: rng.choice([-1.5, 0.0, 0.25, 0.5, 1e-9, 3.0]) for name in "abc" if rng.random() < 0.7},
        parameters={name: rng.choice([1, 2.5, "adam", True]) for name in ("lr", "kind") if rng.random() < 0.7},
        tags=[tag for tag in ("nightly", "Éclair 100%", "a_b") if rng.random() < 0.3],
    )


def _stored(catalog: Catalog, known: list[Known]) -> None:
    """Their rows at once: to record each would take most of this file's time."""
    project = {"id": new_id(), "name": "default", "created_at": NOW}
    of_project = {"project_id": project["id"], "created_at": NOW}
    pipeline_ids = {name: new_id() for name in ("churn", "credit")}
    experiment_ids = {name: new_id() for name in ("spring", "autumn")}
    with catalog._database.write() as connection:
        connection.execute(projects.insert(), project)
        for table, ids in ((pipelines, pipeline_ids), (experiments, experiment_ids)):
            connection.execute(table.insert(), [{"id": key, "name": name, **of_project} for name, key in ids.items()])
        for run in known:
            place = {
                "pipeline_id": pipeline_ids[run.pipeline],
                "experiment_id": experiment_ids.get(run.experiment or ""),
            }
            # "running" beats until now; "interrupted" says that it runs, and has been silent for an hour.
            silent = run.status == "interrupted"
            row = {
                "id": run.id,
                "name": run.name,
                "status": "running" if silent else run.status,
                "started_at": run.started,
                "ended_at": run.ended,
                "parameters": run.parameters,
                "warnings": [],
                "beat_at": NOW - 3_600_000_000 if silent else NOW + 3_600_000_000,
            }
            connection.execute(runs.insert(), {**row, **place, **ELSEWHERE})
            place["experiment_id"] = place["experiment_id"] or ""
            for name, value in run.metrics.items():
                values = {"run_id": run.id, "name": name, "value": value, "format": "RAW"}
                connection.execute(metrics.insert(), {**values, **place})
            for name, given in run.parameters.items():
                number = None if isinstance(given, str) else float(given)
                text = given if isinstance(given, str) else {True: "true"}.get(given is True, str(given))
                values = {"run_id": run.id, "name": name, "text": text, "number": number}
                connection.execute(run_parameters.insert(), values)
            for tag in run.tags:
                connection.execute(run_tags.insert(), {"run_id": run.id, "tag": tag})


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    if request.param == "sqlite":
        catalog = Catalog(f"sqlite:///{tmp_path_factory.mktemp('search') / 'catalog.db'}")
    else:
        catalog = Catalog(request.getfixturevalue("postgres")())
    rng = random.Random(7)
    known = [_made(rng, number) for number in range(60)]
    _stored(catalog, known)
    yield Filled(catalog, known)
    catalog.close()


def _number(run: Known, name: str) -> Any:
    value = run.parameters.get(name)
    return None if isinstance(value, str) or value is None else float(value)


Test = Callable[[Known], Any]
FILTERS: dict[str, Test] = {
    "": lambda run: True,
    "a > 0.25": lambda run: run.metrics.get("a", -9) > 0.25,
    "a >= 0.25": lambda run: run.metrics.get("a", -9) >= 0.25,
    "a < 0.25": lambda run: run.metrics.get("a", 9) < 0.25,
    "a <= -1.5": lambda run: run.metrics.get("a", 9) <= -1.5,
    "b = 1e-9": lambda run: run.metrics.get("b") == 1e-9,
    "b != 3": lambda run: run.metrics.get("b", 3) != 3,
    "-b > 0": lambda run: not run.metrics.get("b", -9) > 0,
    "a > 0 b > 0": lambda run: run.metrics.get("a", -9) > 0 and run.metrics.get("b", -9) > 0,
    "nothing > 0": lambda run: False,
    "-nothing > 0": lambda run: True,
    "param.lr >= 2": lambda run: (_number(run, "lr") or 0) >= 2,
    "param.lr = adam": lambda run: run.parameters.get("lr") == "adam",
    "-param.kind = adam": lambda run: run.parameters.get("kind") != "adam",
    "param.kind:adam a > 0": lambda run: run.parameters.get("kind") == "adam" and run.metrics.get("a", -9) > 0,
    "status:failed": lambda run: run.status == "failed",
    "status:running": lambda run: run.status == "running",
    "status:interrupted": lambda run: run.status == "interrupted",
    "status:running,failed": lambda run: run.status in ("running", "failed"),
    "status:interrupted,completed": lambda run: run.status in ("interrupted", "completed"),
    "-status:completed": lambda run: run.status != "completed",
    "-status:running": lambda run: run.status != "running",
    "tag:nightly": lambda run: "nightly" in run.tags,
    "tag:nightly,a_b": lambda run: "nightly" in run.tags or "a_b" in run.tags,
    "-tag:nightly": lambda run: "nightly" not in run.tags,
    "pipeline:credit": lambda run: run.pipeline == "credit",
    "project:default": lambda run: True,
    "name:run003,run005": lambda run: run.name in ("run003", "run005"),
    "started > 3d": lambda run: run.started > NOW - 3 * DAY,
    "-started > 3d": lambda run: not run.started > NOW - 3 * DAY,
    "duration >= 2m": lambda run: run.duration is not None and run.duration >= 120_000_000,
    "-duration >= 2m": lambda run: not (run.duration is not None and run.duration >= 120_000_000),
    "RUN00": lambda run: "run00" in run.name,
    "credit": lambda run: run.pipeline == "credit",
    "clair": lambda run: "Éclair 100%" in run.tags,
    '"100%"': lambda run: "Éclair 100%" in run.tags,
    "a_b": lambda run: "a_b" in run.tags,
    "%": lambda run: "Éclair 100%" in run.tags,
    "-nightly": lambda run: "nightly" not in run.tags,
    "status:failed tag:nightly a < 1 run": lambda run: (
        run.status == "failed" and "nightly" in run.tags and run.metrics.get("a", 9) < 1
    ),
}
SORTS: dict[str, Callable[[Known], Any]] = {
    "started": lambda run: run.started,
    "ended": lambda run: run.ended,
    "duration": lambda run: run.duration,
    "name": lambda run: run.name,
    "a": lambda run: run.metrics.get("a"),
    "nothing": lambda run: None,
    "param.lr": lambda run: _number(run, "lr"),
}
ORDERS = [minus + sort for sort in SORTS for minus in ("", "-")]
SCOPES: list[dict[str, str]] = [{}, {"pipeline": "churn"}, {"experiment": "spring"}]
SCOPES.append({"pipeline": "credit", "experiment": "autumn"})


def _expected(known: list[Known], scope: Mapping[str, str], holds: Test, sort: str) -> list[str]:
    fitting = [run for run in known if holds(run) and all(getattr(run, key) == name for key, name in scope.items())]
    value = SORTS[sort.removeprefix("-")]
    valued = sorted(
        (run for run in fitting if value(run) is not None),
        key=lambda run: (value(run), run.id),
        reverse=sort.startswith("-"),
    )
    rest = sorted((run for run in fitting if value(run) is None), key=lambda run: (run.started, run.id), reverse=True)
    return [run.id for run in (*valued, *rest)]


def _paged(catalog: Catalog, limit: int, **how: Any) -> list[str]:
    seen, cursor = [], None
    for _ in range(70):  # more pages than there are runs
        page = catalog.runs.page(limit=limit, cursor=cursor, **how)
        assert len(page.runs) <= limit
        seen += [run.id for run in page.runs]
        cursor = page.next_cursor
        if cursor is None:
            break
    return seen


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("filter", FILTERS)
def test_a_filter_in_some_order_and_place(
    filled: Filled, filter: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever way is taken, that for few fitting runs or that for many: the same runs, in order, each once."""
    monkeypatch.setattr(conditions, "FEW", few)
    ways = list(itertools.product(ORDERS, SCOPES))
    # Each filter with some of the ways, so that all of them come up.
    for sort, scope in ways[list(FILTERS).index(filter) % 17 :: 17]:
        expected = _expected(filled.runs, scope, FILTERS[filter], sort)
        assert _paged(filled.catalog, 11, filter=filter, sort=sort, **scope) == expected, (sort, scope)
        assert filled.catalog.runs.count(filter=filter, **scope) == len(expected)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("sort", ORDERS)
def test_an_order_in_any_place(filled: Filled, sort: str, scope: dict[str, str]) -> None:
    expected = _expected(filled.runs, scope, FILTERS[""], sort)
    for limit in (7, len(expected) - 1, len(expected)):
        assert _paged(filled.catalog, limit, sort=sort, **scope) == expected


def test_a_page_shows_each_run_as_it_is(filled: Filled) -> None:
    """Metrics, tags, parameters and names are those of the run, not of its neighbour."""
    found = filled.catalog.runs.page(limit=100, columns=["c", "a", "nothing", "a"])
    assert [column.name for column in found.metric_columns] == ["c", "a"]
    known = {run.id: run for run in filled.runs}
    for run in found.runs:
        expected = known[run.id]
        values = {name: metric.value for name, metric in run.metrics.items()}
        assert values == {name: value for name, value in expected.metrics.items() if name != "b"}
        assert run.tags == tuple(sorted(expected.tags))
        assert run.parameters == expected.parameters
        assert run.status == expected.status
        assert (run.pipeline, run.experiment, run.project) == (expected.pipeline, expected.experiment, "default")


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_columns_say_how_far_their_values_reach(filled: Filled, scope: dict[str, str]) -> None:
    there = [run for run in filled.runs if all(getattr(run, key) == name for key, name in scope.items())]
    page = filled.catalog.runs.page(limit=1, top=9, **scope)
    counts = Counter(name for run in there for name in run.metrics)
    assert [(column.name, column.runs) for column in page.metric_columns] == sorted(
        counts.items(), key=lambda pair: (-pair[1], pair[0])
    )
    for column in page.metric_columns:
        values = [run.metrics[column.name] for run in there if column.name in run.metrics]
        assert (column.minimum, column.maximum) == (min(values), max(values))
        assert (column.format, column.goal) == (MetricFormat.RAW, None)


def test_a_cursor_of_another_order_is_refused(filled: Filled) -> None:
    by_name = filled.catalog.runs.page(limit=5, sort="name").next_cursor
    by_start = filled.catalog.runs.page(limit=5).next_cursor
    with pytest.raises(BadRequest, match="not a cursor"):
        filled.catalog.runs.page(limit=5, cursor=by_name)
    with pytest.raises(BadRequest, match="not a cursor"):
        filled.catalog.runs.page(limit=5, sort="name", cursor=by_start)


def test_more_columns_than_a_run_has_metrics_are_refused(filled: Filled) -> None:
    fifty = [f"m{number}" for number in range(50)]
    assert filled.catalog.runs.page(columns=fifty).metric_columns == ()
    with pytest.raises(BadRequest, match="at most 50 metrics; 51"):
        filled.catalog.runs.page(columns=[*fifty, "a"])


def test_fifty_columns_are_shown(catalog: Catalog) -> None:
    """As many as a run can have, in one list."""
    run_id, _ = catalog.recording.start_run(NewRun("churn", "otter"))
    names = [f"m{number:02}" for number in range(50)]
    catalog.recording.log_metrics(run_id, None, [Metric(name, 1.0) for name in names])
    assert list(catalog.runs.page(columns=names).runs[0].metrics) == names


def _recounted(connection: sa.Connection) -> set[tuple[str, str, str, int]]:
    by = (metrics.c.pipeline_id, metrics.c.experiment_id, metrics.c.name)
    return {tuple(row) for row in connection.execute(sa.select(*by, sa.func.count()).group_by(*by))}


@pytest.mark.parametrize("seed", range(3))
def test_counters_are_what_a_recount_gives(catalog: Catalog, seed: int) -> None:
    """Whatever is inserted, updated, moved and deleted, one by one, many at once, or by a run that goes."""
    rng = random.Random(seed)
    recording = catalog.recording
    place = [(name, experiment) for name in ("p", "q") for experiment in (None, "e", "f")]
    there: list[str] = []

    def add() -> None:
        pipeline, experiment = rng.choice(place)
        run_id, _ = recording.start_run(NewRun(pipeline, "r", experiment=experiment))
        recording.log_metrics(run_id, None, [Metric(name, rng.random()) for name in rng.sample("abcdef", 3)])
        there.append(run_id)

    def again() -> None:
        recording.log_metrics(rng.choice(there), None, [Metric(name, rng.random()) for name in rng.sample("abcdef", 2)])

    def delete_run() -> None:
        recording.delete_run(there.pop(rng.randrange(len(there))))

    def delete_metrics() -> None:
        with catalog._database.write() as connection:
            connection.execute(metrics.delete().where(metrics.c.name == rng.choice("abcdef")))

    def move() -> None:
        """As a merge of two pipelines would."""
        with catalog._database.write() as connection:
            ids = [row[0] for row in connection.execute(sa.select(pipelines.c.id))]
            mine = metrics.c.run_id == rng.choice(there)
            connection.execute(metrics.update().where(mine).values(pipeline_id=rng.choice(ids)))

    def undone() -> None:
        with contextlib.suppress(ZeroDivisionError), catalog._database.write() as connection:
            connection.execute(metrics.delete())
            raise ZeroDivisionError

    def delete_pipeline() -> None:
        with catalog._database.write() as connection:
            name = rng.choice("pq")
            gone = sa.select(runs.c.id).join(pipelines).where(pipelines.c.name == name)
            for run_id in connection.scalars(gone).all():
                there.remove(run_id)
            connection.execute(pipelines.delete().where(pipelines.c.name == name))

    for _ in range(4):
        add()
    usual = [add, add, again, again, delete_run, delete_metrics, move, undone]
    for turn in range(40):
        (delete_pipeline if turn == 25 else rng.choice(usual) if len(there) > 1 else add)()
        with catalog._database.read() as connection:
            counted = {tuple(row) for row in connection.execute(sa.select(metric_counts))}
            assert counted == _recounted(connection)


def test_running_is_what_lives(catalog: Catalog, history) -> None:
    run_id = history.run(status=None)
    assert [run.id for run in catalog.runs.page(filter="status:running").runs] == [run_id]
    history.change(run_id, **ELSEWHERE, beat_at=NOW - 3_600_000_000)
    assert catalog.runs.page(filter="status:running").runs == ()
    assert [run.status for run in catalog.runs.page(filter="status:interrupted").runs] == [RunStatus.INTERRUPTED]
