"""A connector's process: gone when it is no longer wanted, with all that it started; never waited for without end."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from jupyter_viz.connectors import process
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.process import Connector, stop_all
from jupyter_viz.errors import ConnectorFailed

from .conftest import System, a_run


def _child(system: System) -> int:
    """The process that the connector's own process has started."""
    log = Path(f"{system.path}.children")
    while not log.exists() or not log.read_text().endswith("\n"):
        time.sleep(0.01)
    return int(log.read_text())


def _is_gone(pid: int) -> bool:
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_a_reading_that_tells_nothing_is_ended_with_what_it_started(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that keeps the connection open and says nothing, for ever."""
    monkeypatch.setattr(process, "_SECONDS_OF_SILENCE", 1)
    system.says(a_run(1), {"type": "sleep", "seconds": 600})
    with pytest.raises(ConnectorFailed, match="no answer within 1 seconds"):
        system.sync()
    assert system.names() == ["credit@run-1"]
    assert _is_gone(_child(system))


def test_a_catalog_that_takes_its_time_is_no_silence(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_SECONDS_OF_SILENCE", 1)
    system.says(*(a_run(number) for number in range(300)))
    assert system.sync(progress=lambda summary: time.sleep(1.2)).new == 300


def test_stopping_ends_all_of_them(system: System) -> None:
    system.says({"type": "sleep", "seconds": 600})
    failed: list[Exception] = []

    def read() -> None:
        try:
            system.sync()
        except ConnectorFailed as error:
            failed.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    child = _child(system)
    stop_all()
    reading.join(20)
    assert not reading.is_alive()
    assert "stopped before its end" in str(failed[0])
    assert _is_gone(child)


@pytest.mark.parametrize("python", ["/nowhere/python", "a\0b", os.devnull])
def test_an_interpreter_that_is_none(system: System, python: str) -> None:
    system.says(a_run(1))
    with pytest.raises(ConnectorFailed, match="can't be started"):
        system.sync(python=python)


def test_what_it_says_last_has_no_secret(system: System) -> None:
    system.path.write_text("")
    connector = Connector(Place("fake", "https://ann:s3cr3t@host/a?token=t0ken"))
    with pytest.raises(ConnectorFailed) as failed:
        list(connector.read(lambda store: (None, {})))
    assert "https://host/a can't be read" in str(failed.value)
    assert "s3cr3t" not in str(failed.value)
    assert "t0ken" not in str(failed.value)
