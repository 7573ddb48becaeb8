"""Syncs of a server: in threads of their own, one a place at a time, with what they have done until now."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from ..artifacts.store import ArtifactStore
from ..catalog import Catalog
from ..config import Configuration
from ..errors import Forbidden, VizError
from ..foreign import SyncState
from ..models import Principal
from .found import FoundStore, stores_found
from .places import Place, plain_location, refuse_credentials, with_credentials
from .process import Connector
from .sync import Summary, sync

_AT_ONCE = 2


class _Stopped(Exception):
    """The server ends: the sync does too, and the next one goes on from there."""


@dataclass(frozen=True, slots=True)
class Looked:
    """How many runs a sync that goes on has looked at, and of how many; None where that isn't known yet."""

    done: int
    total: int | None


class Syncing:
    """Who may execute kernels may have a place read: its connector runs in whatever interpreter is named."""

    def __init__(self, catalog: Callable[[], Catalog], store: ArtifactStore, config: Configuration) -> None:
        self._catalog = catalog
        self._store = store
        self._config = config
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="jupyter_viz syncs")
        self._lock = threading.Lock()
        self._going: dict[tuple[str, str], Looked] = {}
        self._stopping = False

    def states(self, principal: Principal) -> tuple[list[tuple[SyncState, Looked | None]], list[FoundStore]]:
        """(places that were read, each with the progress of a sync that goes on; stores that were found and not)."""
        known = self._catalog().imported.all()
        with self._lock:
            going = dict(self._going)
        places = {(state.system, state.location) for state in known} | going.keys()
        listed = []
        for state in known:
            # Of several stores at a place the first was read last, and is the one that is being read, as far as known.
            looked = going.pop((state.system, state.location), None)
            listed.append((replace(state, running=True) if looked else state, looked))
        if not principal.may_execute:  # they could not have them read
            return listed, []
        found = stores_found(self._config.source_root or ".")
        return listed, [store for store in found if (store.system, store.location) not in places]

    def check(self, principal: Principal, place: Place) -> str:
        """What is there, in a line. Raises `ConnectorFailed` where it can't be read."""
        return Connector(self._whole(principal, place)).check()

    def begin(self, principal: Principal, place: Place) -> bool:
        """Have a place read; False where it is being read already."""
        place = self._whole(principal, place)
        Connector(place)  # whether there is such a system shows at once
        key = (place.system, plain_location(place.location))
        with self._lock:
            if key in self._going:
                return False
            self._going[key] = Looked(0, None)
        try:
            # Before the answer: whoever asks next finds it.
            self._catalog().imported.note(*key, place.project or self._config.project, python=place.python)
            self._threads.submit(self._read, key, place)
        except BaseException:
            self._end(key)
            raise
        return True

    def close(self) -> None:
        self._stopping = True  # what starts from now on stops by itself
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _whole(self, principal: Principal, place: Place) -> Place:
        if not principal.may_execute:
            raise Forbidden("You may not have runs of other systems brought in here: that starts a process.")
        refuse_credentials(place)
        location = plain_location(place.location, self._config.source_root)
        return with_credentials(replace(place, location=location), self._config)

    def _read(self, key: tuple[str, str], place: Place) -> None:
        def progress(summary: Summary) -> None:
            if self._stopping:
                raise _Stopped("The server was stopped.")
            with self._lock:
                self._going[key] = Looked(summary.done, summary.total)

        try:
            # What goes wrong is written to the catalog, where the next look finds it.
            with suppress(VizError, _Stopped):
                sync(self._catalog(), self._store, place, self._config.project, progress)
        finally:
            self._end(key)

    def _end(self, key: tuple[str, str]) -> None:
        with self._lock:
            self._going.pop(key, None)
