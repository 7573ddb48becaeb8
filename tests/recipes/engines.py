"""Engines that hold the tables of tests: each is given what DuckDB read of a value, and gives back its own table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ibis

Put = Callable[[ibis.Table], ibis.Table]
OTHERS = ["postgresql", *(["pyspark"] if find_spec("pyspark") else [])]
"""Besides DuckDB. PySpark is not in every environment: `make test-integrations` has one with it."""


@contextmanager
def duckdb(_new_database: Callable[..., str], _folder: Path) -> Iterator[Put]:
    yield lambda table: table


@contextmanager
def postgresql(new_database: Callable[[], str], _folder: Path) -> Iterator[Put]:
    connection: Any = ibis.connect(new_database())
    numbers = itertools.count()

    def put(table: ibis.Table) -> ibis.Table:
        # Of what its driver can't take there are no tables in it: whole numbers from 0 to 255 are smallints.
        wider = {name: "int16" for name, kind in table.schema().items() if kind.is_unsigned_integer()}
        return connection.create_table(f"t{next(numbers)}", table.cast(wider).to_pyarrow())

    yield put
    connection.disconnect()


@contextmanager
def pyspark(_new_database: Callable[..., str], folder: Path) -> Iterator[Put]:
    """`local[2]`, with a clock in UTC."""
    from pyarrow.parquet import write_table
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    connection: Any = ibis.pyspark.connect(session)
    numbers = itertools.count()

    def put(table: ibis.Table) -> ibis.Table:
        # By way of a file: what is null there is null here, which a DataFrame of pandas can't say.
        path = folder / f"t{next(numbers)}.parquet"
        write_table(table.to_pyarrow(), path, coerce_timestamps="us", allow_truncated_timestamps=True)
        return connection.read_parquet(path, table_name=path.stem)

    yield put
    session.stop()
