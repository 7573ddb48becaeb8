"""`jupyter viz gc` removes what nobody needs, and never what somebody does."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.client import load
from jupyter_viz.config import load_configuration
from jupyter_viz.errors import NotFound, StorageFull
from jupyter_viz.keeping.sweep import Sweep
from jupyter_viz.models import Amount, Principal

from .conftest import DAY, House, aged

HOUR = 3600


def _exists(house: House, visualization_id: str) -> bool:
    folder = Path(house.store.rendering_folder(visualization_id))
    try:
        house.catalog.visualizations.get(Principal(), visualization_id)
    except NotFound:
        assert not folder.exists()
        return False
    assert folder.exists()
    return True


def test_renderings_are_kept_for_so_many_days(house_on_any: House) -> None:
    """Row and bytes go together; a pinned one stays, and so does what runs, however old its request."""
    house = house_on_any
    house.run()
    old, pinned, young = house.rendering(days=31), house.rendering(days=400), house.rendering(days=29)
    running = house.rendering(days=400)
    house.change(running, status="running", ended_at=None, created_at=0)
    house.pin(pinned)
    assert house.sweep(dry_run=True) == {"renderings unused": Amount(1, 100)}
    assert _exists(house, old)
    assert house.sweep() == {"renderings unused": Amount(1, 100)}
    assert [_exists(house, each) for each in (old, pinned, young, running)] == [False, True, True, True]
    assert house.sweep() == {}
    assert house.sweep(keep_renderings_days=5) == {"renderings unused": Amount(1, 100)}


def test_one_that_somebody_looks_at_is_kept(house_on_any: House) -> None:
    """The report that a team opens every week is not rendered again each month."""
    house = house_on_any
    house.run()
    opened, forgotten = house.rendering(days=31), house.rendering(days=31)
    notebook = b'{"cells": [], "metadata": {}}'
    house.store.write_compressed(f"{house.store.rendering_folder(opened)}/notebook.json.gz", notebook)
    house.service.visualization(Principal(), opened)
    assert house.sweep()["renderings unused"].count == 1
    assert [_exists(house, each) for each in (opened, forgotten)] == [True, False]


def test_of_too_many_bytes_the_longest_unused_go_first(house_on_any: House) -> None:
    house = house_on_any
    house.run()
    made = [house.rendering(days=days, size=100) for days in (3, 1, 4, 2)]
    assert house.sweep(keep_renderings_bytes=250) == {"renderings beyond": Amount(2, 200)}
    assert [_exists(house, each) for each in made] == [False, True, False, True]


def test_what_failed_or_was_cancelled_goes_with_its_time(house: House) -> None:
    """A failure has few bytes, but a row that nobody looks at any more."""
    house.run()
    for status in ("failed", "cancelled"):
        house.change(house.rendering(days=31), status=status)
    dead = house.rendering()
    house.change(dead, status="running", ended_at=None, created_at=0, beat_at=0, pid=1, born="1")
    assert house.sweep() == {"renderings unused": Amount(3, 300)}


def test_a_rendering_asked_for_again_meanwhile_is_left_alone(house_on_any: House) -> None:
    house = house_on_any
    house.run()
    old = house.rendering(days=31)
    [unused] = house.catalog.keeping.ended_renderings()
    house.change(old, ended_at=2**51)
    assert house.catalog.keeping.forget_renderings([unused]) == []
    assert _exists(house, old)


def test_orphans_go_an_hour_after_the_last_write(house_on_any: House) -> None:
    """Bytes come first, then the row: what is young may get its row in a moment."""
    house = house_on_any
    run = house.run()
    before = house.files()
    young = house.store.artifact_folder(run.id, str(uuid4()))
    old = house.store.artifact_folder(run.id, str(uuid4()))
    of_deleted = house.store.artifact_folder(str(uuid4()), str(uuid4()))
    rendering = house.store.rendering_folder(str(uuid4()))
    for folder in (young, old, of_deleted, rendering):
        house.store.write(f"{folder}/data.txt", b"12345")
    for folder in (old, of_deleted, rendering):
        aged(Path(folder), HOUR + 10)
    house.store.write(f"{young}/more.txt", b"1")
    aged(Path(young, "data.txt"), DAY)
    assert house.usage().orphans == Amount(4, 21)
    there = house.files()
    assert house.sweep(dry_run=True) == {"orphans": Amount(3, 15)}
    assert house.files() == there
    assert house.sweep() == {"orphans": Amount(3, 15)}
    assert house.files() == before | {
        str(path.relative_to(house.store.root))
        for path in (Path(young), Path(young, "data.txt"), Path(young, "more.txt"), Path(rendering).parent)
    }
    assert load("churn@latest/text") == "x" * 1000


def test_what_a_living_run_writes_is_left_alone_however_long_it_takes(house: House) -> None:
    """A step that draws for two hours between its data and its row keeps its data."""
    run = house.run()
    folder = Path(house.store.artifact_folder(run.id, str(uuid4())))
    unfinished = folder.with_name(f".writing-{uuid4()}")
    for each in (folder, unfinished):
        each.mkdir()
        aged(each, 2 * HOUR)
    with house.catalog._database.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET status = 'running'")
    assert house.sweep() == {}
    assert folder.exists()
    with house.catalog._database.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET pid = 1, born = '1'")
    assert house.sweep() == {"orphans": Amount(1, 0), "unfinished writes": Amount(1, 0)}
    assert not folder.exists()


def test_what_a_killed_process_was_writing_goes(house: House) -> None:
    """Of an artifact, of a rendering, of any file; and an old one within a folder that is whole leaves that alone."""
    run, rendering = house.run(), house.rendering()
    before = house.files()
    kept = Path(run.steps["report"].artifacts[0].uri)
    written = [
        kept.with_name(f".writing-{uuid4()}") / "data.parquet",
        kept / ".writing-abc",
        Path(house.store.rendering_folder(rendering), ".writing-abc"),
        Path(house.store.root, ".writing-probe-1"),
    ]
    for path in written:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"12345")
    assert house.usage().unfinished == Amount(4, 20)
    assert house.sweep() == {}
    for path in (written[0].parent, *written[1:]):
        aged(path, HOUR + 10)
    assert house.sweep() == {"unfinished writes": Amount(4, 20)}
    assert house.files() == before


def test_old_backups_and_cached_descriptions_go(home: Path) -> None:
    house = House(None)
    catalog = home / "catalog.db"
    for name in ("0001", "0002"):
        catalog.with_name(f"{catalog.name}.backup-{name}").write_bytes(b"12345")
    aged(catalog.with_name(f"{catalog.name}.backup-0001"), 31 * DAY)
    (home / "cache").mkdir(parents=True)
    (home / "cache" / "recipes-new.json").write_text("{}")
    aged(home / "cache" / "recipes-new.json", DAY)
    (home / "cache" / "recipes-old.json").write_text("{}")
    aged(home / "cache" / "recipes-old.json", 31 * DAY)
    assert house.usage().backups == Amount(2, 10)
    assert house.usage().cache == Amount(2, 4)
    assert house.sweep() == {"catalog backups": Amount(1, 5), "cache": Amount(1, 2)}
    assert "catalog.db.backup-0001" in house.notes  # said by name: it was a way back
    assert house.usage().backups == Amount(1, 5)
    assert house.usage().cache == Amount(1, 2)


def test_what_is_not_ours_is_never_touched(house: House, tmp_path: Path) -> None:
    """Somebody's folder was named as the store, or somebody put a link into it."""
    house.run()
    root = Path(house.store.root)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_text("p")
    for path in (root / "notes.txt", root / "runs" / "mine" / "a.txt", root / "renderings" / "b.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    orphan = Path(house.store.artifact_folder(str(uuid4()), str(uuid4())))
    orphan.mkdir(parents=True)
    (orphan / "link").symlink_to(tmp_path / "elsewhere")
    aged(root, 100 * DAY)
    aged(tmp_path / "elsewhere", 100 * DAY)
    assert house.usage().other == Amount(3, 12)
    assert house.sweep()["orphans"].count == 1
    assert not orphan.exists()
    assert (tmp_path / "elsewhere" / "precious").read_text() == "p"
    assert (root / "runs" / "mine" / "a.txt").read_text() == (root / "notes.txt").read_text() == "mine"


def test_a_store_of_two_catalogs_loses_nothing_to_one_of_them(house: House, home: Path, tmp_path: Path) -> None:
    """Whoever moved to PostgreSQL and runs `gc` there must not lose what the old catalog alone knows."""
    house.run()
    other = House(f"sqlite:///{tmp_path}/other.db")
    aged(Path(house.store.root), 100 * DAY)
    there = house.files()
    assert other.sweep() == {}
    assert "kept: the store is used by another catalog too" in other.notes
    assert house.catalog.id in other.notes
    assert house.files() == there
    other.store.claim(other.catalog.id)
    orphan = Path(house.store.artifact_folder(str(uuid4()), str(uuid4())))
    orphan.mkdir(parents=True)
    aged(orphan, DAY)
    assert house.sweep() == {}
    (Path(house.store.root) / "catalogs" / other.catalog.id).unlink()  # as the note says
    assert house.sweep() == {"orphans": Amount(1, 0)}


def test_two_sweeps_at_once_do_each_thing_once(house: House) -> None:
    """A timer's and a user's: neither fails, and nothing is left."""
    house.run()
    for _ in range(30):
        orphan = Path(house.store.artifact_folder(str(uuid4()), str(uuid4())))
        orphan.mkdir(parents=True)
        (orphan / "data.txt").write_text("x")
        aged(orphan, DAY)
        house.rendering(days=40)
    config = house.service.config
    start = Barrier(2)

    def sweep() -> int:
        catalog = Catalog(config.catalog)
        start.wait()
        swept = list(Sweep(lambda: catalog, house.store, config).run())
        catalog.close()
        return sum(each.amount.count for each in swept if each.kind.startswith("renderings"))

    with ThreadPoolExecutor(2) as two:
        first, second = two.submit(sweep), two.submit(sweep)
    assert first.result() + second.result() == 30
    assert house.usage().orphans == Amount()
    assert house.catalog.keeping.ended_renderings() == []


def test_a_store_behind_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same there: what the bucket says of its objects is enough."""
    monkeypatch.setenv("JUPYTER_VIZ_ARTIFACTS", f"memory:///{uuid4()}")
    house = House(None)
    run = house.run()
    rendering = house.rendering(run.steps["report"].artifacts[0].id, days=40)
    house.store.write(f"{house.store.artifact_folder(run.id, str(uuid4()))}/data.txt", b"12345")
    used = house.usage()
    [churn] = used.pipelines
    assert (churn.artifacts.count, churn.renderings, used.orphans) == (2, Amount(1, 100), Amount(1, 5))
    assert house.sweep() == {"renderings unused": Amount(1, 100)}
    assert not _has(house, rendering)
    _make_older(house.store.root)
    assert house.sweep() == {"orphans": Amount(1, 5)}
    assert load("churn@latest/text") == "x" * 1000


def _has(house: House, rendering: str) -> bool:
    return house.store.has(f"{house.store.rendering_folder(rendering)}/result.json.gz")


def _make_older(root: str) -> None:
    from datetime import timedelta

    from fsspec.implementations.memory import MemoryFileSystem

    for path, file in MemoryFileSystem.store.items():
        if path.startswith(root.removeprefix("memory://")):
            file.created -= timedelta(hours=2)


def test_a_full_disk_is_swept(small_disk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not even a row can be deleted for want of room, `gc` makes some."""
    monkeypatch.setenv("JUPYTER_VIZ_HOME", str(small_disk.path / "viz"))
    house = House(None)
    house.run()
    old = [house.rendering(days=40, size=10_000) for _ in range(20)]
    small_disk.fill()

    def many() -> None:
        for _ in range(1000):
            house.run()

    with pytest.raises(StorageFull):
        many()
    with pytest.raises(StorageFull):
        house.catalog.keeping.forget_renderings(house.catalog.keeping.ended_renderings())
    assert house.sweep()["renderings unused"] == Amount(20, 200_000)
    assert not any(_exists(house, each) for each in old)
    house.run()


def test_on_a_full_disk_that_admits_no_catalog_the_rest_is_swept(
    small_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new process finds no room even to open an SQLite catalog; what was left of a killed one makes it."""
    monkeypatch.setenv("JUPYTER_VIZ_HOME", str(small_disk.path / "viz"))
    house = House(None)
    run = house.run()
    unfinished = Path(house.store.artifact_folder(run.id, ".writing-x"))
    unfinished.mkdir()
    (unfinished / "data.bin").write_bytes(b"x" * 500_000)
    aged(unfinished, 2 * DAY)
    house.catalog.close()
    small_disk.fill()
    config = load_configuration()
    swept = list(Sweep(lambda: Catalog(config.catalog), house.store, config).run())
    assert ("unfinished writes", 500_000) in [(each.kind, each.amount.bytes) for each in swept]
    assert os.statvfs(small_disk.path).f_bavail > 0
