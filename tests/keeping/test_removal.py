"""Deleting a run: said before, done whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_viz.cli import main
from jupyter_viz.client import Client
from jupyter_viz.errors import InvalidAddress, NotFound
from jupyter_viz.models import Amount, Principal

from .conftest import House


def _bytes_of(house: House) -> int:
    return sum(path.stat().st_size for path in Path(house.store.root).rglob("*") if path.is_file())


def test_what_is_told_is_what_goes(house_on_any: House) -> None:
    """To the byte; the other run keeps everything."""
    house = house_on_any
    kept = house.run()
    before = _bytes_of(house)
    run = house.run()
    house.rendering(run.steps["report"].artifacts[0].id, size=300)
    house.rendering(run.steps["report"].artifacts[0].id, size=20, owner="user:ann")
    told = Client().delete_pipeline_run(run.id, dry_run=True)
    assert told.run.address == run.address
    assert told.artifacts == Amount(2, sum(each.size for each in run.steps["report"].artifacts))
    assert told.renderings == Amount(2, 320)
    assert told.bytes == _bytes_of(house) - before
    assert Client().get_pipeline_run(run.id).id == run.id
    assert Client().delete_pipeline_run(run.id) == told
    assert _bytes_of(house) == before
    assert house.usage().orphans == Amount()
    with pytest.raises(NotFound):
        Client().get_pipeline_run(run.id)
    assert Client().get_pipeline_run("churn@latest").id == kept.id


def test_of_renderings_only_the_owner_is_told_of_all(house: House) -> None:
    """How many others made is not for everybody; they go with their source all the same."""
    run = house.run()
    house.rendering(run.steps["report"].artifacts[0].id, size=300)
    house.rendering(run.steps["report"].artifacts[0].id, size=20, owner="user:ann")
    told = house.service.delete_run(Principal("user:ann"), run.id, dry_run=True)
    assert told.renderings == Amount(1, 20)


def test_bytes_outside_of_the_store_are_neither_told_nor_removed(house: House, tmp_path: Path) -> None:
    """A run that a connector brought in leaves the other system's bytes where they are."""
    from jupyter_viz.catalog.tables import artifacts

    run = house.run()
    (tmp_path / "theirs").write_bytes(b"12345")
    text = run.steps["report"].artifacts[0]
    house.store.remove(text.uri)
    with house.catalog._database.write() as connection:
        mine = artifacts.c.id == text.id
        connection.execute(artifacts.update().where(mine).values(uri=str(tmp_path / "theirs"), size=5))
    told = Client().delete_pipeline_run(run.id)
    assert told.artifacts == Amount(2, run.steps["report"].artifacts[1].size)
    assert (tmp_path / "theirs").read_bytes() == b"12345"


def test_an_artifacts_address_deletes_no_run(house: House) -> None:
    run = house.run()
    for address in ("churn@latest/text", "churn@latest/report/text"):
        with pytest.raises(InvalidAddress, match="Artifacts go with their run"):
            Client().delete_pipeline_run(address)
    assert Client().get_pipeline_run(run.id).id == run.id


def test_the_command_says_what_goes_and_asks(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = house.run()
    assert main(["runs", "--delete", "churn@latest"]) == 1  # nobody is there to ask
    captured = capsys.readouterr()
    assert captured.out.startswith(f"{run.address} (completed): 2 artifacts (")
    assert "--yes" in captured.err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "")
    assert main(["runs", "--delete", "churn@latest"]) == 1
    assert "Nothing was deleted." in capsys.readouterr().out
    assert Client().get_pipeline_run(run.id).id == run.id
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert main(["runs", "--delete", "churn@latest"]) == 0
    assert len(Client().list_pipeline_runs()) == 0


def test_without_asking(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.run()
    assert main(["runs", "--delete", "churn@nope", "--yes"]) == 1
    assert "churn" in capsys.readouterr().err
    assert main(["runs", "--delete", "churn@latest", "--yes"]) == 0
    assert "Deleted." in capsys.readouterr().out
    assert len(Client().list_pipeline_runs()) == 0
