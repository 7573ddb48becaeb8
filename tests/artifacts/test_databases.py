"""Tables of databases as sources: which one is meant, what can be done with it, and what nobody is told."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.artifacts.databases import database_source, open_table, secrets_of
from jupyter_viz.artifacts.failures import reason_of
from jupyter_viz.client import open_source
from jupyter_viz.config import load_configuration
from jupyter_viz.errors import (
    BadRequest,
    ConfigurationError,
    DatabaseUnavailable,
    MissingColumn,
    MissingExtra,
    NotFound,
    UnreadableSource,
    VizError,
)

FRAME = pd.DataFrame({"label": [0, 0, 1, 1], "score": [0.1, 0.6, 0.4, 0.9]})
PASSWORD = "s3cr3t/pa55"
WRITTEN = "s3cr3t%2Fpa55"


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def configure(**urls: str) -> None:
        monkeypatch.setenv("JUPYTER_VIZ_CONNECTIONS", json.dumps(urls))

    return configure


@pytest.fixture
def lake(tmp_path: Path, connect: Callable[..., None]) -> Path:
    path = tmp_path / "lake.duckdb"
    frame = FRAME  # noqa: F841 — DuckDB finds it
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE scores AS SELECT * FROM frame")
        connection.execute('CREATE SCHEMA ml; CREATE TABLE ml."odd.name/1" AS SELECT 7 AS n')
        connection.execute("CREATE VIEW outside AS SELECT * FROM read_csv('/etc/passwd', header=false)")
    connect(lake=f"duckdb://{path}")
    return path


def test_a_table_is_looked_at_where_it_is(lake: Path) -> None:
    result = visualize("roc_curve", "ibis://lake/scores")
    assert result.metrics["auc"] == 0.75
    assert result.provenance["source"] == "ibis://lake/scores"
    assert result.provenance["source_digest"] is None
    assert str(lake) not in json.dumps(result.provenance)
    assert result.notebook is not None


def test_names_that_are_odd_are_percent_encoded(lake: Path) -> None:
    assert open_source("ibis://lake/ml.odd%2Ename%2F1").table().to_pandas().n.tolist() == [7]


def test_a_column_that_is_not_there_is_named_before_anything_runs(lake: Path) -> None:
    with pytest.raises(MissingColumn, match="Did you mean 'score'"):
        visualize("roc_curve", "ibis://lake/scores", score="scores")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ibis://lak/scores", "no connection 'lak'. Did you mean 'lake'?"),
        ("ibis://lake/score", "no table 'score' in 'lake'. Did you mean 'scores'?"),
        ("ibis://lake/ml.scores", "no table 'ml.scores' in 'lake'. There is: odd.name/1."),
        ("ibis://lake/nowhere.scores", "no table 'nowhere.scores' in 'lake'."),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(lake: Path, text: str, said: str) -> None:
    with pytest.raises(NotFound) as caught:
        open_source(text).table()
    assert said in str(caught.value)


def test_without_connections_the_way_to_them_is_told() -> None:
    with pytest.raises(NotFound, match="None is configured"):
        open_source("ibis://lake/scores")


@pytest.mark.parametrize(
    "text", ["ibis://", "ibis://lake", "ibis://lake/", "ibis:///t", "ibis://lake/a/b", "ibis://lake/a.b.c.d"]
    + ["ibis://lake/a..b", "ibis://lake/a?x=1", "ibis://lake/a\nb", f"ibis://me:{WRITTEN}@host/table"],
)  # fmt: skip
def test_the_wrong_form_is_refused(lake: Path, text: str) -> None:
    with pytest.raises(BadRequest, match="ibis://CONNECTION/TABLE") as caught:
        open_source(text)
    assert WRITTEN not in str(caught.value)


def test_a_server_finds_it_without_opening_it(connect: Callable[..., None]) -> None:
    connect(far="postgres://me:pw@192.0.2.1/db")  # an address that answers nobody
    found = database_source("ibis://far/scores", load_configuration())
    assert (found.kind, found.path, found.digest) == ("table", "ibis://far/scores", None)
    with pytest.raises(UnreadableSource, match="a table of a database, it has no bytes"):
        found.read()


def test_the_engine_reads_and_reaches_nothing_else(lake: Path) -> None:
    before = lake.read_bytes()
    connection = open_table("ibis://lake/scores").get_backend()
    assert connection is not None
    for statement in (
        "CREATE TABLE more AS SELECT 1",
        "DROP TABLE scores",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY scores TO '/tmp/scores.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            connection.raw_sql(statement).fetchall()
    assert lake.read_bytes() == before


def test_a_view_of_files_is_not_read(lake: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="'lake' could not be used: Cannot access file"):
        open_table("ibis://lake/outside")


@pytest.fixture
def database(postgres: Callable[[], str], connect: Callable[..., None]) -> Iterator[str]:
    """A database of PostgreSQL, whose URL has a password in it."""
    url = postgres().replace("postgres:@", f"postgres:{WRITTEN}@")
    writer = ibis.connect(url)
    writer.create_table("scores", FRAME)
    connect(warehouse=url)
    yield url
    writer.disconnect()


def test_a_table_of_postgresql_is_only_read(database: str) -> None:
    assert visualize("roc_curve", "ibis://warehouse/public.scores").metrics["auc"] == 0.75
    connection = open_table("ibis://warehouse/scores").get_backend()
    assert connection is not None
    with pytest.raises(Exception, match="read-only transaction"):
        connection.raw_sql("DROP TABLE scores")


def test_what_fails_while_a_recipe_runs_is_an_error_of_ours(database: str) -> None:
    writer = ibis.connect(database)
    writer.create_table("huge", pd.DataFrame({"kind": ["a"] * 9, "n": [1e308] * 9}))
    writer.disconnect()
    with pytest.raises(UnreadableSource, match="'ibis://warehouse/huge' can't be looked at in this way: value out of"):
        visualize("bar", "ibis://warehouse/huge", by="kind", value="n", aggregate="sum")


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        (f"postgres://me:{WRITTEN}@127.0.0.1:1/db", DatabaseUnavailable, "Connection refused"),
        (f"mysql://me:{WRITTEN}@127.0.0.1:1/db", MissingExtra, r"pip install 'ibis-framework\[mysql\]'"),
        (f"snowflake://me:{WRITTEN}@host/db", MissingExtra, r"pip install 'ibis-framework\[snowflake\]'"),
        (f"postgre://me:{WRITTEN}@host/db", ConfigurationError, "no engine 'postgre'. Did you mean 'postgres'"),
        ("duckdb:///nowhere/lake.duckdb", DatabaseUnavailable, "its file is not there"),
        ("sqlite:///nowhere/lake.db", DatabaseUnavailable, "its file is not there"),
        ("sqlite://lake.db", ConfigurationError, "an absolute path"),
    ],
)
def test_a_database_that_can_not_be_opened_is_told_without_its_password(
    connect: Callable[..., None], url: str, error: type[VizError], said: str
) -> None:
    connect(warehouse=url)
    with pytest.raises(error, match=said) as caught:
        open_table("ibis://warehouse/scores")
    assert "'warehouse'" in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in shown
    assert WRITTEN not in shown


def test_what_a_driver_says_is_shown_without_secrets() -> None:
    url = f"engine://me:{WRITTEN}@host/db?token=abc123&region=eu"
    said = f"can't connect to {url}\n(password {PASSWORD!r} or {WRITTEN}, token abc123, region eu)"
    shown = reason_of(Exception(said.replace("\n", " ")), secrets_of(url))
    assert "region eu" in shown
    for secret in (url, PASSWORD, WRITTEN, "abc123"):
        assert secret not in shown
