"""The catalog as the other rooms hold it: open it once per process, then write by `recording`, read by `runs`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from ..errors import CatalogUnavailable
from .engine import hidden, open_engine, translated
from .imported import Imported
from .keeping import Keeping
from .names import Names
from .recording import Recording
from .runs import Runs
from .tables import info
from .visualizations import Visualizations


class Database:
    """Transactions on one engine: what the parts of a catalog share."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = open_engine(url)
        self._writing = self._engine.execution_options(writes=True)

    @property
    def engine(self) -> sa.Engine:
        return self._engine

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with translated(self.url), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: committed as a whole when the block ends, nothing of it when the block raises."""
        with translated(self.url), self._writing.begin() as connection:
            yield connection


class Catalog:
    """A catalog by its SQLAlchemy URL. Raises as `engine.open_engine` does."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self.recording = Recording(self._database)
        self.runs = Runs(self._database)
        self.names = Names(self._database)
        self.visualizations = Visualizations(self._database)
        self.keeping = Keeping(self._database)
        self.imported = Imported(self._database)
        with self._database.read() as connection:
            identity = connection.scalar(sa.select(info.c.value).where(info.c.key == "id"))
        if identity is None:
            self.close()
            raise CatalogUnavailable(f"The catalog {self.location} has no id: it was not made by jupyter_viz.")
        self.id: str = identity

    @property
    def location(self) -> str:
        """The URL without its password."""
        return hidden(self._database.url)

    def close(self) -> None:
        self._database.engine.dispose()


_open: dict[str, Catalog] = {}
_opening = threading.Lock()


def open_catalog(url: str) -> Catalog:
    """The catalog of this process for a URL, opened at the first call."""
    with _opening:
        if url not in _open:
            _open[url] = Catalog(url)
        return _open[url]
