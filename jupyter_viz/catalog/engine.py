"""Opening the database: connections with the habits of decision 15, and the schema brought up to date."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import threading
import time
import uuid
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from ..errors import CatalogNewer, CatalogUnavailable, ConfigurationError, MissingExtra, StorageFull
from .tables import SCHEMA, info

# Names of /proc/mounts for file systems whose locks and shared memory SQLite's WAL can't rely on.
MOUNTS = Path("/proc/mounts")
NETWORK_FILE_SYSTEMS = frozenset(
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs"]
    + ["fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone", "fuse.glusterfs", "fuse.ceph", "fuse.juicefs"]
    + ["fuse.blobfuse", "fuse.blobfuse2", "fuse.mount-s3", "davfs", "fuse.davfs", "ocfs2", "gfs2", "vboxsf"]
)
WAIT_SECONDS = 15
"""How long a writer waits for another: longer than any write of ours takes, shorter than a page waits for an answer."""
_SHARED_MEMORY = 1 << 16  # bytes; what SQLite takes beside a catalog that several processes read
_DISK_FULL = "53100"  # PostgreSQL's code for it
BACKUP = ".backup-"
_OCTAL = re.compile(r"\\([0-7]{3})")  # how /proc/mounts writes blanks and the like
_LOCK_KEY = 0x6A76697A  # "jviz": PostgreSQL's advisory lock around a migration

_engines: weakref.WeakSet[sa.Engine] = weakref.WeakSet()


def _drop_inherited() -> None:
    for engine in _engines:
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_drop_inherited)


def open_engine(url: str) -> sa.Engine:
    """An engine for a SQLAlchemy URL, its schema at `SCHEMA`.

    Raises `ConfigurationError` for a URL that isn't one, `CatalogUnavailable` when the database can't be reached,
    `CatalogNewer` when a newer jupyter_viz wrote it.
    """
    try:
        parsed = sa.make_url(url)
    except SQLAlchemyError:
        raise ConfigurationError(f"The catalog's address {hidden(url)!r} is not a SQLAlchemy URL.") from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else sa.create_engine(parsed)
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"The catalog {hidden(url)!r} needs {error.name}: pip install 'jupyter_viz[postgres]'."
        ) from error
    except NoSuchModuleError:
        raise ConfigurationError(f"No database is known for the catalog {hidden(url)!r}.") from None
    sa.event.listen(engine, "before_cursor_execute", _only_storable, retval=True)
    _engines.add(engine)
    try:
        with translated(url):
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def hidden(url: str) -> str:
    """The URL without its password, for messages."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return url.split("@")[-1]


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what the driver raises into `CatalogUnavailable` or `StorageFull`, without the statement and its values."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if isinstance(error, sa.exc.IntegrityError):
            raise
        raised = error.orig if isinstance(error, DBAPIError) else error  # the driver's own: while a backup is made
        if _is_full(raised, url):
            raise StorageFull(
                f"No space is left where the catalog {hidden(url)} is. What was recorded before is whole. Make room "
                "there (`jupyter viz gc` removes what nobody needs, `jupyter viz du` says what takes how much) and try "
                "again."
            ) from error
        reason = str(raised).strip().splitlines()[0] if str(raised).strip() else type(raised).__name__
        raise CatalogUnavailable(
            f"The catalog {hidden(url)} could not be used: {reason}. `jupyter viz doctor` tells more."
        ) from error


def _is_full(error: BaseException | None, url: str) -> bool:
    if not isinstance(error, sqlite3.Error):
        return getattr(error, "sqlstate", None) == _DISK_FULL
    if "disk I/O error" not in str(error):
        return "disk is full" in str(error)
    # The shared memory of the first connection has no place: SQLite has no word of its own for that.
    path = sqlite_path(url)
    return path is not None and shutil.disk_usage(path.parent).free < _SHARED_MEMORY


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite catalog, None for any other."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database).expanduser().absolute()


def on_network_file_system(path: Path, mounts: str | None = None) -> str | None:
    """The type of the network file system that holds `path`, None for a local one or where it can't be told.

    Args:
        mounts: The table of mounts, as in /proc/mounts; this machine's by default.
    """
    if mounts is None:
        try:
            mounts = MOUNTS.read_text(errors="surrogateescape")
        except OSError:
            return None
    best, kind = -1, None
    for line in mounts.splitlines():
        _, point, fstype, *_ = line.split()
        point = _OCTAL.sub(lambda digits: chr(int(digits[1], 8)), point)
        # Of two at one point the later lies on top: an automounter's own, then what it mounted.
        if path.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), fstype
    return kind if kind in NETWORK_FILE_SYSTEMS else None


def _only_storable(
    _connection: sa.Connection, _cursor: object, statement: str, parameters: Any, *_context: object
) -> tuple[str, Any]:
    """What no database takes in a text (NUL, half a surrogate pair) is written out: an error's text can hold both."""
    return statement, _storable(parameters)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\\x00").encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_storable, value))
    return value


def _sqlite(url: sa.URL) -> sa.Engine:
    path = sqlite_path(str(url))
    if path is None or url.database == ":memory:":
        raise ConfigurationError("The catalog must be a file: several processes share it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogUnavailable(f"The folder of the catalog {path} can't be made: {error.strerror}.") from error
    journal = "DELETE" if on_network_file_system(path.parent.resolve()) else "WAL"
    engine = sa.create_engine(
        url.set(database=str(path)), connect_args={"timeout": WAIT_SECONDS}, json_deserializer=_read_json
    )

    @sa.event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `begin` below does
        _set_journal(connection, journal)
        # A plain journal needs every sync to survive a power cut; WAL without them loses at most the last commits.
        connection.execute(f"PRAGMA synchronous={'NORMAL' if journal == 'WAL' else 'FULL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        # In kB: of the usual 2 MB a list of runs leaves nothing for the next.
        connection.execute("PRAGMA cache_size=-8000")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A transaction that reads first and writes later would fail under another writer: take the lock at once.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _set_journal(connection: sqlite3.Connection, journal: str) -> None:
    # Of several that open a new file at once SQLite lets none wait here, whatever its timeout.
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode={journal}")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _read_json(text: str) -> Any:
    # Most runs have no warnings, tags or parameters: no parser for those.
    return {} if text == "{}" else [] if text == "[]" else json.loads(text)


def _bring_up_to_date(engine: sa.Engine) -> None:
    if _revision(engine) == SCHEMA:
        return
    with _upgrading, engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
        revision = _revision_of(connection)
        if revision == SCHEMA:
            return  # another process did it while this one waited for the lock
        _refuse_newer(engine, revision)
        if revision is not None and engine.dialect.name == "sqlite":
            _backup(Path(str(engine.url.database)), revision)
        _migrate(connection)
        if revision is None:
            connection.execute(info.insert().values(key="id", value=str(uuid.uuid4())))


_upgrading = threading.Lock()  # alembic keeps its context in globals


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return _revision_of(connection)


def _revision_of(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _script_location() -> str:
    return str(Path(__file__).parent / "migrations")


def _refuse_newer(engine: sa.Engine, revision: str | None) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(_script_location()).walk_revisions()}
    if revision is not None and revision not in known:
        raise CatalogNewer(
            f"The catalog {hidden(str(engine.url))} was written by a newer jupyter_viz (schema {revision}, this one "
            f"knows {SCHEMA}). Upgrade this environment: pip install --upgrade jupyter_viz."
        )


def _migrate(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _script_location().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _backup(path: Path, revision: str) -> None:
    """A copy beside the catalog, `catalog.db.backup-0001`, made while the lock keeps other writers out."""
    copy = Path(f"{path}{BACKUP}{revision}")
    writing = copy.with_name(f"{copy.name}.writing")  # a name of its own until it is whole
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(writing)) as target:
            source.backup(target)
        os.replace(writing, copy)
    except BaseException:
        writing.unlink(missing_ok=True)
        raise
