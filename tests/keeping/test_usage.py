"""`jupyter viz du`: every byte is counted once, under what it belongs to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from jupyter_viz import pipeline
from jupyter_viz.catalog.tables import artifacts
from jupyter_viz.errors import StoreUnavailable
from jupyter_viz.keeping.sizes import readable
from jupyter_viz.keeping.usage import usage
from jupyter_viz.models import Amount

from .conftest import House, report


def _on_disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_every_byte_of_the_home_is_counted_once(house_on_any: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `du` says in all is what the folders hold; and each pipeline is told its own."""
    house = house_on_any

    @pipeline
    def other() -> None:
        report()

    runs = [house.run(), house.run()]
    monkeypatch.setenv("JUPYTER_VIZ_PROJECT", "research")
    other()
    house.rendering(runs[0].steps["report"].artifacts[0].id, size=300)
    house.rendering(size=50)
    house.store.write(f"{house.store.rendering_folder(str(uuid4()))}/result.json.gz", b"12345")
    house.store.write(f"{house.store.root}/notes.txt", b"123")
    used = house.usage()
    churn, research = used.pipelines
    assert (churn.project, churn.pipeline, churn.runs) == ("default", "churn", 2)
    assert (research.project, research.pipeline, research.runs) == ("research", "other", 1)
    data = sum(artifact.size for artifact in runs[0].steps["report"].artifacts)
    shown = sum(each.visualization_count for each in runs[0].steps["report"].artifacts)
    assert (research.artifacts, churn.artifacts) == (Amount(2, data), Amount(4, 2 * data))
    assert churn.visualizations.count == 2 * research.visualizations.count == 2 * shown
    assert (churn.renderings, used.renderings) == (Amount(1, 300), Amount(1, 50))
    assert (used.orphans, used.other, used.unfinished) == (Amount(1, 5), Amount(1, 3), Amount())
    store = Path(house.store.root)
    assert used.total - used.catalog.bytes == _on_disk(store)
    if house.service.config.catalog.startswith("sqlite"):
        file = Path(house.service.config.catalog.partition("///")[2])
        assert used.catalog == Amount(3, sum(each.stat().st_size for each in file.parent.glob("catalog.db*")))
    else:
        assert used.catalog.bytes > 1_000_000  # what an empty PostgreSQL database takes


def test_a_file_that_is_shown_as_it_is_counts_as_data(house: House) -> None:
    """The bytes of an HTML page are not counted again as its picture."""
    run = house.run()
    text, page = run.steps["report"].artifacts
    folder = Path(page.uri)
    assert [path.name for path in folder.iterdir()] == ["data.html"]
    assert page.size == _on_disk(folder)
    extra = _on_disk(Path(text.uri)) - text.size
    assert house.usage().pipelines[0].visualizations.bytes == extra


def test_what_is_missing_or_elsewhere_is_said_and_not_counted(house: House) -> None:
    run = house.run()
    text, page = run.steps["report"].artifacts
    house.store.remove(text.uri)
    with house.catalog._database.write() as connection:
        moved = artifacts.update().where(artifacts.c.id == page.id).values(uri="s3://theirs/data.html")
        connection.execute(moved)
    house.store.remove(page.uri)
    used = house.usage()
    assert (used.missing, used.elsewhere) == (Amount(1, text.size), Amount(1, page.size))
    assert used.pipelines[0].bytes == 0


def test_a_store_that_nothing_was_written_to_yet(house: House) -> None:
    used = house.usage()
    assert (used.pipelines, used.total) == ([], used.catalog.bytes)


def test_a_store_that_cannot_be_listed_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_ARTIFACTS", "nosuchscheme://bucket")
    broken = House(house.service.config.catalog)
    with pytest.raises(StoreUnavailable, match=r"nosuchscheme://bucket could not be listed.*doctor"):
        usage(broken.catalog, broken.store, broken.service.config)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1234, "1.2 kB"),
        (99_949, "99.9 kB"),
        (123_456, "123 kB"),
        (999_499, "999 kB"),
        (999_501, "1.0 MB"),
        (2_000_000_000, "2.0 GB"),
        (10**16, "10.0 PB"),
        (10**18, "1000 PB"),
    ],
)
def test_bytes_for_people(count: int, said: str) -> None:
    assert readable(count) == said


def test_the_command(house: House, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """The table names each pipeline; `--json` has the same numbers for programs."""
    from jupyter_viz.cli import main

    house.run()
    assert main(["du"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0].split() == [
        "pipeline",
        "takes",
        "runs",
        "artifacts",
        "visualizations",
        "renderings",
    ]
    assert said.splitlines()[1].startswith("churn ")
    assert "in all" in said
    assert main(["du", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pipelines"][0]["artifacts"] == {
        "count": 2,
        "bytes": house.usage().pipelines[0].artifacts.bytes,
    }
    assert found["total"] == house.usage().total
