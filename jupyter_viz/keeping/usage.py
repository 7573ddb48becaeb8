"""`jupyter viz du`: what takes how many bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..artifacts.inventory import Kind, inventory
from ..artifacts.store import ArtifactStore
from ..config import Configuration
from ..models import Amount
from . import places

if TYPE_CHECKING:
    from ..catalog import Catalog


@dataclass(slots=True)
class PipelineUsage:
    project: str
    pipeline: str
    runs: int
    artifacts: Amount = field(default_factory=Amount)
    visualizations: Amount = field(default_factory=Amount)
    renderings: Amount = field(default_factory=Amount)

    @property
    def bytes(self) -> int:
        return self.artifacts.bytes + self.visualizations.bytes + self.renderings.bytes


@dataclass(slots=True)
class Usage:
    """Bytes as they lie on the disk or in the bucket.

    Attributes:
        pipelines: What was recorded, by project and pipeline.
        renderings: Of files and other sources that are no artifact.
        orphans: Of no run and no rendering that the catalog knows.
        unfinished: What a process is writing, or was when it was killed.
        other: Files in the store that are none of ours.
        catalog: Its files with the journal, or the database on its server.
        backups: Copies of the catalog that upgrades made.
        cache: Made again when it is missing.
        missing: Artifacts whose bytes somebody removed, as they were recorded. Not in the total.
        elsewhere: Artifacts whose bytes lie outside of the store, as they were recorded. Not in the total.
    """

    pipelines: list[PipelineUsage]
    renderings: Amount
    orphans: Amount
    unfinished: Amount
    other: Amount
    catalog: Amount
    backups: Amount
    cache: Amount
    missing: Amount
    elsewhere: Amount

    @property
    def total(self) -> int:
        beside = (self.renderings, self.orphans, self.unfinished, self.other, self.catalog, self.backups, self.cache)
        return sum(each.bytes for each in self.pipelines) + sum(each.bytes for each in beside)


def usage(catalog: Catalog, store: ArtifactStore, config: Configuration) -> Usage:
    """The store is walked once, the catalog asked once for each kind of row.

    Raises `StoreUnavailable` where the store can't be listed.
    """
    of = {
        id_: (PipelineUsage(project, name, runs), shown)
        for id_, project, name, runs, shown in catalog.keeping.pipelines()
    }
    artifacts = {each.id: each for each in catalog.keeping.artifacts()}
    renderings = {each.id: each for each in catalog.keeping.renderings()}
    rest, orphans, unfinished, other = Amount(), Amount(), Amount(), Amount()
    pieces = inventory(store)
    for piece in pieces:
        one = Amount(1, piece.bytes)
        if piece.kind is Kind.UNFINISHED:
            unfinished += one
        elif piece.kind is Kind.OTHER:
            other += one
        elif piece.kind is Kind.ARTIFACT and piece.id in artifacts:
            row = artifacts.pop(piece.id)
            pipeline = of[str(row.pipeline)][0]
            data = min(row.size, piece.bytes)
            pipeline.artifacts += Amount(1, data)
            pipeline.visualizations += Amount(0, piece.bytes - data)
        elif piece.kind is Kind.RENDERING and piece.id in renderings:
            row = renderings[piece.id]
            if row.pipeline is None:
                rest += one
            else:
                of[row.pipeline][0].renderings += one
        else:
            orphans += one
    for pipeline, shown in of.values():
        pipeline.visualizations += Amount(shown)
    missing, elsewhere = Amount(), Amount()
    for row in artifacts.values():  # those that were not met in the store
        if store.holds(str(row.uri)):
            missing += Amount(1, row.size)
        else:
            elsewhere += Amount(1, row.size)
    on_server = catalog.keeping.database_bytes()
    return Usage(
        pipelines=[pipeline for pipeline, _ in of.values()],
        renderings=rest,
        orphans=orphans,
        unfinished=unfinished,
        other=other,
        catalog=places.amount(places.catalog_files(config)) if on_server is None else Amount(1, on_server),
        backups=places.amount(places.backups(config)),
        cache=places.amount(places.cache(config)),
        missing=missing,
        elsewhere=elsewhere,
    )
