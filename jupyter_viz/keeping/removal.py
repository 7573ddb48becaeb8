"""Deleting a run: what goes is told before, and the rows go before the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..artifacts.inventory import inventory
from ..artifacts.store import ArtifactStore
from ..models import OWNER, Amount, Principal, RunRemoval

if TYPE_CHECKING:
    from ..catalog import Catalog


def what_goes(catalog: Catalog, store: ArtifactStore, principal: Principal, run_id: str) -> RunRemoval:
    """What deleting a run would remove. Raises `NotFound` where there is none.

    Renderings of others are counted for the owner only: how many others made is not for everybody.
    """
    run = catalog.runs.run(run_id, principal.name)
    viewer = None if principal.name == OWNER else principal.name
    artifacts, shown, renderings = catalog.keeping.of_run(run_id, viewer)
    lying = {piece.id: piece.bytes for piece in inventory(store, store.run_folder(run_id)) if piece.id}
    data = {each.id: min(each.size, lying.get(each.id, 0)) for each in artifacts}
    rendered = sum(piece.bytes for each in renderings for piece in inventory(store, store.rendering_folder(each)))
    return RunRemoval(
        run,
        artifacts=Amount(len(artifacts), sum(data.values())),
        visualizations=Amount(shown, sum(lying.values()) - sum(data.values())),
        renderings=Amount(len(renderings), rendered),
    )


def delete_run(catalog: Catalog, store: ArtifactStore, principal: Principal, run_id: str) -> RunRemoval:
    """Delete a run with its artifacts, their bytes, and what was rendered of them. Returns what went.

    A process that is killed between the rows and the bytes leaves orphans, which `sweep` removes.
    """
    removed = what_goes(catalog, store, principal, run_id)
    renderings = catalog.recording.delete_run(run_id)
    store.remove(store.run_folder(run_id))
    for visualization_id in renderings:
        store.remove(store.rendering_folder(visualization_id))
    return removed
