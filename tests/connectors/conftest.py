"""A system that is a file: its connector yields what stands in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz.config import load_configuration
from jupyter_viz.connectors import process
from jupyter_viz.connectors.places import Place
from jupyter_viz.connectors.sync import Summary, sync
from jupyter_viz.service import Service

CONNECTOR = """
import json, os, shutil, signal, subprocess, time

def check(request):
    return f"read as {request['location']}"

def store(request):
    path = request["location"] + ".store"
    return open(path).read() if os.path.exists(path) else ""

def fetch(request):
    with open(request["location"].rpartition("localhost")[2] + ".fetched", "a") as log:
        log.write(f"{request['location']} {request['uri']}\\n")
    if request["uri"] == "slow":
        time.sleep(60)
    shutil.copy(request["uri"], request["to"])

def read(request):
    print("what a library prints goes to nobody")
    for line in open(request["location"]).readlines():
        record = json.loads(line)
        if record["type"] == "kill":
            os.kill(os.getppid() if record["whom"] == "parent" else os.getpid(), signal.SIGKILL)
        elif record["type"] == "sleep":
            child = subprocess.Popen(["sleep", str(record["seconds"])])
            with open(request["location"] + ".children", "a") as log:
                log.write(f"{child.pid}\\n")
            child.wait()
        elif record["type"] == "raise":
            raise ValueError(record["message"])
        elif record["type"] == "import":
            __import__(record["module"])
        elif record["type"] == "run" and request["known"].get(record["id"]) == record["mark"]:
            yield {"type": "unchanged", "id": record["id"]}
        else:
            yield record
"""


def a_run(number: int = 1, **values: Any) -> dict[str, Any]:
    started = 1_700_000_000_000_000 + number
    return {
        "type": "run",
        "id": f"id-{number}",
        "mark": "1",
        "pipeline": "credit",
        "name": f"run-{number}",
        "status": "completed",
        "started_at": started,
        "ended_at": started + 5_000_000,
        **values,
    }


END = {"type": "end", "cursor": {"at": 1}}


@dataclass(frozen=True)
class System:
    """The other system. `says` is what it holds, for the next sync."""

    path: Path
    service: Service

    def says(self, *records: dict[str, Any], end: bool = True) -> None:
        lines = [*records, END] if end else records
        self.path.write_text("".join(json.dumps(record) + "\n" for record in lines))

    def leads_to(self, store: str) -> None:
        """From now on the place is another store's."""
        Path(f"{self.path}.store").write_text(store)

    def sync(self, **how: Any) -> Summary:
        project = how.pop("project", "default")
        place = Place("fake", str(self.path), how.pop("python", None))
        return sync(self.service.catalog, self.service.store, place, project, **how)

    def names(self) -> list[str]:
        return sorted(run.address for run in self.service.catalog.runs.page().runs)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin: Callable[[], None]) -> System:
    folder = tmp_path / "there"
    folder.mkdir()
    return System(folder / "system.jsonl", Service(load_configuration()))


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "plugin"
    folder.mkdir()
    (folder / "fake_connector.py").write_text(CONNECTOR)
    monkeypatch.syspath_prepend(str(folder))
    point = EntryPoint("fake", "fake_connector", "jupyter_viz.connectors")
    monkeypatch.setattr(process, "found", lambda group: {"fake": point})
