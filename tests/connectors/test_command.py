"""`jupyter viz sync`: which places it reads, and that one that is away ends neither the others nor the watch."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyter_viz.config import load_configuration
from jupyter_viz.connectors import command
from jupyter_viz.connectors.command import Words, run
from jupyter_viz.errors import BadRequest, ConfigurationError, ConnectorFailed

from .conftest import System, a_run


def _run(system: System, *words: str, watch: bool = False) -> int:
    name, location, *_ = (*words, None, None)
    config = load_configuration()
    return run(system.service.catalog, system.service.store, config, Words(name, location, None, None, watch))


def test_what_was_read_before_is_read_again(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    system.says(a_run(1))
    assert _run(system, "fake", str(system.path)) == 0
    system.says(a_run(1), a_run(2))
    assert _run(system) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 new, 0 updated, 0 unchanged, 0 removed",
        "1 new, 0 updated, 1 unchanged, 0 removed",
    ]


def test_a_place_of_the_settings_goes_by_its_name(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    """With the project that stands there."""
    home = system.service.config.home_path
    home.mkdir(exist_ok=True)
    (home / "config.yaml").write_text(f"connectors: {{ours: {{system: fake, location: {system.path}, project: team}}}}")
    system.says(a_run(1))
    assert _run(system, "ours") == 0
    assert [project for _, project in system.service.catalog.runs.projects()] == ["team"]
    assert _run(system) == 0, "the settings' and the catalog's are one place"
    assert capsys.readouterr().out.splitlines()[-1] == "0 new, 0 updated, 1 unchanged, 0 removed"


def test_one_that_is_away_does_not_keep_the_others(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    system.says(a_run(1))
    _run(system, "fake", str(system.path))
    away = tmp_path / "away.jsonl"
    with pytest.raises(ConnectorFailed, match=r"away\.jsonl can't be read"):
        _run(system, "fake", str(away))
    capsys.readouterr()
    assert _run(system) == 1
    said = capsys.readouterr()
    assert "0 new, 0 updated, 1 unchanged, 0 removed" in said.out
    assert "away.jsonl can't be read" in said.err


def test_a_watch_goes_on_after_a_failure(
    system: System, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = []

    def sleep(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 3:
            raise KeyboardInterrupt
        if len(rounds) == 1:
            system.says({"type": "raise", "message": "asleep"}, end=False)
        else:
            system.says(a_run(1), a_run(2))

    monkeypatch.setattr(command, "time", SimpleNamespace(sleep=sleep))
    system.says(a_run(1))
    with pytest.raises(KeyboardInterrupt):
        _run(system, "fake", str(system.path), watch=True)
    said = capsys.readouterr()
    assert [line for line in said.out.splitlines() if "new" in line] == [
        "1 new, 0 updated, 0 unchanged, 0 removed",
        "1 new, 0 updated, 1 unchanged, 0 removed",
    ]
    assert "asleep" in said.err


def test_nothing_named_and_nothing_known(system: System) -> None:
    with pytest.raises(BadRequest, match="Nothing was read before"):
        _run(system)
    with pytest.raises(BadRequest, match="Where"):
        _run(system, "fake")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("[1]", "names, and of each the texts system and location"),
        ("{ours: {location: x}}", "names, and of each the texts system and location"),
        ("{ours: {system: mlflow, location: x, phyton: y}}", "'phyton'. Did you mean 'python'"),
    ],
)
def test_a_wrong_setting_is_told_without_its_values(setting: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_CONNECTORS", setting)
    with pytest.raises(ConfigurationError, match="connectors") as told:
        load_configuration()
    assert said in str(told.value)
