"""Tables of databases: `ibis://NAME/TABLE`, where NAME is a connection that the configuration has.

A connection's URL may hold a password. No message, source or traceback shows it.
"""

from __future__ import annotations

import contextlib
import os
import re
import weakref
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..config import Configuration, load_configuration
from ..enums import ArtifactKind
from ..errors import (
    BadRequest,
    ConfigurationError,
    DatabaseUnavailable,
    MissingExtra,
    NotFound,
    VizError,
    did_you_mean,
)
from ..io.confined import confine
from .failures import reason_of, translated
from .source import DATABASES, Source

if TYPE_CHECKING:
    import ibis

_FORM = "ibis://CONNECTION/TABLE, or ibis://CONNECTION/SCHEMA.TABLE; `%2E` is a point in a name"
_FILES = ("duckdb", "sqlite")
_SECONDS = 5
# What a connection is opened with, unless its URL says otherwise: to be read only, and without waiting for ever.
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "duckdb": {"read_only": True},
    "mysql": {"connect_timeout": _SECONDS},
    "postgres": {"connect_timeout": _SECONDS, "options": "-c default_transaction_read_only=on"},
}
_SECRET = re.compile("pass|pwd|secret|token|key|credential", re.IGNORECASE)


def database_source(text: str, config: Configuration) -> Source:
    """The source that a table of a database is. Opens nothing: whether the table is there shows when it is read.

    Raises:
        BadRequest: It has the wrong form.
        NotFound: The configuration has no connection of that name.
    """
    name, _ = _parts(text)
    _url_of(name, config)
    return Source(text, ArtifactKind.TABLE, text)


def open_table(text: str) -> ibis.Table:
    """The table, where it is, by the configuration of this process.

    Raises:
        NotFound: There is no such connection or table; says which is nearest.
        DatabaseUnavailable, MissingExtra: It can't be reached or refuses; the library for it is not installed.
        ConfigurationError: The connection's URL is of no engine that there is.
    """
    from ibis.common.exceptions import TableNotFound

    name, (*place, table) = _parts(text)
    url = _url_of(name, load_configuration())
    connection = _connected(name, url)
    database = None if not place else place[0] if len(place) == 1 else tuple(place)
    with _reached(name, url):
        try:
            return connection.table(table, database=database)
        except TableNotFound:
            hint = did_you_mean(table, _tables(connection, database))
            raise NotFound(f"There is no table {'.'.join([*place, table])!r} in {name!r}.{hint}") from None


@contextlib.contextmanager
def database_failures(text: str) -> Iterator[None]:
    """As `failures.translated`, of a table of a database that is looked at."""
    with translated(text, secrets_of(_url_of(_parts(text)[0], load_configuration()))):
        yield


def secrets_of(url: str) -> list[str]:
    """What of a connection's URL nobody may see: itself, the password, and whatever else is called like one."""
    split = urlsplit(url)
    given = split.netloc.rpartition("@")[0].partition(":")[2]
    named = [value for key, value in parse_qsl(split.query) if _SECRET.search(key)]
    return [each for each in (url, given, unquote(given), *named) if each]


def _parts(text: str) -> tuple[str, list[str]]:
    """(connection, names of schema and table) of a source."""
    name, _, place = text.removeprefix(DATABASES).partition("/")
    names = [unquote(part) for part in place.split(".")]
    printable = all(part and part.isprintable() for part in (name, *names))
    if not printable or "/" in place or "?" in text or "#" in text or "@" in name or len(names) > 3:
        raise BadRequest(f"{_shown(text)} names no table of a database: {_FORM}.")
    return unquote(name), names


def _shown(text: str) -> str:
    """For messages: somebody may have written a URL with its password here."""
    return repr(re.sub(r"//[^/]*@", "//…@", text)[:200])


def _url_of(name: str, config: Configuration) -> str:
    if name not in config.connections:
        known = did_you_mean(name, config.connections) or " None is configured: docs/operate.md says how."
        raise NotFound(f"There is no connection {name!r}.{known}")
    return config.connections[name]


def _connected(name: str, url: str) -> Any:
    import ibis

    split = urlsplit(url)
    engine = split.scheme.replace("postgresql", "postgres")
    known = [point.name for point in ibis.util.backend_entry_points()]
    if engine not in known:
        raise ConfigurationError(f"Connection {name!r}: there is no engine {engine!r}.{did_you_mean(engine, known)}")
    if engine in _FILES:
        _require_file(name, engine, split.netloc + split.path)
    options = {key: value for key, value in _OPTIONS.get(engine, {}).items() if key not in dict(parse_qsl(split.query))}
    with _reached(name, url):
        connection = _of_spark(url) if engine == "pyspark" else ibis.connect(url, **options)
        if engine == "duckdb":
            confine(connection.con)
        if (close := getattr(getattr(connection, "con", None), "close", None)) is not None:
            weakref.finalize(connection, close)
    return connection


def _of_spark(url: str) -> Any:
    """Ibis would set each option once more on the session it made, and Spark takes most of them at its start only."""
    import ibis
    from pyspark.sql import SparkSession

    split = urlsplit(url)
    settings = dict(parse_qsl(split.query))
    if warehouse := split.path[1:]:
        settings["spark.sql.warehouse.dir"] = os.path.abspath(warehouse)
    return ibis.pyspark.connect(SparkSession.builder.config(map=settings).getOrCreate())


def _require_file(name: str, engine: str, path: str) -> None:
    """Before it is opened: SQLite would make it."""
    if not os.path.isabs(path):
        raise ConfigurationError(f"Connection {name!r}: {engine}:///FOLDER/FILE is the form, with an absolute path.")
    if not os.path.isfile(path):
        raise DatabaseUnavailable(f"The database {name!r} could not be used: its file is not there.")


@contextlib.contextmanager
def _reached(name: str, url: str) -> Iterator[None]:
    try:
        yield
    except VizError:
        raise
    except ImportError:
        extra = urlsplit(url).scheme.replace("postgresql", "postgres")
        raise MissingExtra(
            f"The database {name!r} needs a library: pip install 'ibis-framework[{extra}]', in the environment of the "
            "server and of its kernels."
        ) from None
    except Exception as error:  # whatever a driver raises
        reason = reason_of(error, secrets_of(url))
        raise DatabaseUnavailable(f"The database {name!r} could not be used: {reason}") from None


def _tables(connection: Any, database: Any) -> list[str]:
    """Names for a suggestion; none where the engine does not say."""
    with contextlib.suppress(Exception):
        if connection.name == "duckdb":  # Ibis 12 can't list them by DuckDB 2
            schema = database if isinstance(database, str) else "main"
            listed = connection.con.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", [schema]
            )
            return [name for (name,) in listed.fetchall()]
        return list(connection.list_tables(database=database))
    return []
