"""`jupyter viz gc`: removes what nobody needs. Recorded artifacts and pinned renderings stay until they are deleted.

What a process is just writing is never taken: bytes come first, then the row, so what has no row is left alone for an
hour after the last write to it, and for as long as its run lives.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from ..artifacts.inventory import Kind, Piece, inventory
from ..artifacts.store import ArtifactStore
from ..config import Configuration
from ..errors import StorageFull
from ..models import Amount
from . import places
from .sizes import readable

if TYPE_CHECKING:
    from ..catalog import Catalog

SAFE_SECONDS = 3600
KEEP_BACKUPS_DAYS = 30
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Swept:
    """One kind of what went, or would go, and what is to be said of it."""

    kind: str
    amount: Amount
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Removes, or with `dry_run` only counts.

    Attributes:
        catalog: Opens the catalog. On a full disk it can fail with `StorageFull`: what needs no catalog goes before.
    """

    catalog: Callable[[], Catalog]
    store: ArtifactStore
    config: Configuration
    dry_run: bool = False

    def run(self) -> Iterator[Swept]:
        """Each kind as it is done. Raises `StoreUnavailable` where the store can't be listed."""
        yield self._files(
            "catalog backups", places.backups(self.config), KEEP_BACKUPS_DAYS, f"older than {KEEP_BACKUPS_DAYS} days"
        )
        yield self._files("cache", places.cache(self.config), self.config.keep_renderings_days, "unchanged for as long")
        pieces = inventory(self.store)
        try:
            catalog = self.catalog()
        except StorageFull:
            old = [piece for piece in pieces if piece.kind is Kind.UNFINISHED and _age(piece) > _DAY]
            yield self._pieces("unfinished writes", old)
            catalog = self.catalog()  # with the room this made
        running = catalog.keeping.running()
        settled = [piece for piece in pieces if _age(piece) > SAFE_SECONDS and piece.run_id not in running]
        yield self._pieces("unfinished writes", [piece for piece in settled if piece.kind is Kind.UNFINISHED])
        yield self._orphans(catalog, settled)
        yield from self._renderings(catalog, {piece.id: piece for piece in pieces if piece.kind is Kind.RENDERING})

    def renderings(self) -> Iterator[Swept]:
        """Renderings beyond their limits, and nothing else: what a server removes by itself."""
        pieces = {piece.id: piece for piece in inventory(self.store) if piece.kind is Kind.RENDERING}
        yield from self._renderings(self.catalog(), pieces)

    def _orphans(self, catalog: Catalog, settled: Iterable[Piece]) -> Swept:
        """Asked for after the walk: what got its row meanwhile has one now."""
        known = {each.id for each in chain(catalog.keeping.artifacts(), catalog.keeping.renderings())}
        ours = (Kind.ARTIFACT, Kind.RENDERING)
        orphans = [piece for piece in settled if piece.kind in ours and piece.id not in known]
        if not orphans:
            return Swept("orphans", Amount())
        claims = self.store.claims()
        if claims == {catalog.id}:
            return self._pieces("orphans", orphans)
        others = ", ".join(sorted(claims - {catalog.id}))
        why = (
            f"kept: the store is used by another catalog too ({others}). Where that is no more, remove the file of "
            f"that name in {self.store.root}/catalogs"
            if others
            else "kept: this catalog never wrote to the store"
        )
        found = _amount(orphans)
        return Swept("orphans", Amount(), f"{found.count:,} of {readable(found.bytes)} {why}.")

    def _renderings(self, catalog: Catalog, lying: dict[str, Piece]) -> Iterator[Swept]:
        days, most = self.config.keep_renderings_days, self.config.keep_renderings_bytes
        ended = catalog.keeping.ended_renderings()
        too_old = time.time() - days * _DAY
        old = [each for each in ended if each.used_at / 1e6 < too_old]
        left = ended[len(old) :]  # the longest unused come first
        over, total = [], sum(_bytes(lying.get(each.id)) for each in left)
        for each in left:
            if total <= most:
                break
            over.append(each)
            total -= _bytes(lying.get(each.id))
        for kind, some in (
            (f"renderings unused for {days:g} days", old),
            (f"renderings beyond {readable(most)}", over),
        ):
            ids = [each.id for each in some]
            if not self.dry_run:
                try:
                    ids = catalog.keeping.forget_renderings(some)
                except StorageFull:
                    # Forgetting takes room too. Of a row without bytes the sidebar says that they are gone.
                    self._pieces("", [lying[each.id] for each in some if each.id in lying])
                    ids = catalog.keeping.forget_renderings(some)
            there = self._pieces(kind, [lying[each] for each in ids if each in lying])
            yield Swept(kind, Amount(len(ids), there.amount.bytes))

    def _pieces(self, kind: str, pieces: list[Piece]) -> Swept:
        for piece in () if self.dry_run else pieces:
            with suppress(FileNotFoundError):  # another sweep was faster
                self.store.remove(piece.place)
            if piece.run_id:
                self.store.remove_if_empty(self.store.run_folder(piece.run_id))
        return Swept(kind, _amount(pieces))

    def _files(self, kind: str, files: list[places.File], days: float, note: str) -> Swept:
        old = [file for file in files if time.time() - file.modified > days * _DAY]
        for file in () if self.dry_run else old:
            with suppress(FileNotFoundError):
                os.unlink(file.path)
        names = ", ".join(file.path.name for file in old)
        return Swept(kind, places.amount(old), f"{note}: {names}" if old else "")


def _age(piece: Piece) -> float:
    """Seconds since the last write to it; none where the store doesn't say, so that it is left alone."""
    return 0.0 if piece.modified is None else time.time() - piece.modified


def _amount(pieces: Iterable[Piece]) -> Amount:
    return sum((Amount(1, piece.bytes) for piece in pieces), Amount())


def _bytes(piece: Piece | None) -> int:
    return piece.bytes if piece else 0
