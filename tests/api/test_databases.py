"""A server with connections to databases: their tables open in the sidebar, their passwords are seen nowhere."""

from __future__ import annotations

import gzip
import json
import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import ibis
import pandas as pd
import pytest

from jupyter_viz import doctor
from jupyter_viz.notebook.listings import status_lines

Ask = Callable[..., Awaitable[Any]]
PASSWORD = "s3cr3t/pa55"


@pytest.fixture
def recorded_home(home: Path, postgres: Callable[[], str]) -> Iterator[Any]:
    """A home with two connections that have the same password: one works, behind the other nobody listens."""
    url = postgres().replace("postgres:@", f"postgres:{quote(PASSWORD, safe='')}@")
    home.mkdir(parents=True)
    far = f"postgres://me:{quote(PASSWORD, safe='')}@127.0.0.1:1/db"
    (home / "config.yaml").write_text(json.dumps({"connections": {"near": url, "far": far}}))
    writer: Any = ibis.connect(url)
    writer.create_table("scores", pd.DataFrame({"label": [0, 0, 1, 1], "score": [0.1, 0.6, 0.4, 0.9]}))
    yield writer
    writer.disconnect()


async def test_a_table_is_rendered_anew_each_time(ask: Ask, recorded_home: Any) -> None:
    body = {"recipe": "roc_curve", "source": "ibis://near/scores"}
    one = (await ask("POST", "visualizations", body, wait=60)).json()
    assert (one["status"], one["error"], one["metrics"]["auc"]) == ("completed", None, 0.75)
    assert one["freshness"] == "new"
    recorded_home.raw_sql("DELETE FROM scores WHERE score = 0.6").close()
    again = (await ask("POST", "visualizations", body, wait=60)).json()
    assert (again["freshness"], again["metrics"]["auc"]) == ("new", 1.0)


async def test_the_password_is_seen_nowhere(ask: Ask, service: Any, home: Path, caplog: Any, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    shown = [json.dumps((await ask("GET", "status")).json())]
    for source, status in (("near/scores", "completed"), ("near/absent", "failed"), ("far/scores", "failed")):
        body = {"recipe": "roc_curve", "source": f"ibis://{source}"}
        one = (await ask("POST", "visualizations", body, wait=60)).json()
        assert one["status"] == status
        if status == "failed":
            assert one["error"]["code"] in ("not_found", "database_unavailable"), one["error"]
        shown.append(json.dumps(one))
        for path in ("", "/notebook", "/export"):
            shown.append((await ask("GET", f"visualizations/{one['id']}{path}")).body.decode())
    custom = {"recipe": "custom", "source": "ibis://far/scores", "code": "source.table()"}
    shown.append(json.dumps((await ask("POST", "visualizations", custom, wait=60)).json()))
    custom = {"recipe": "custom", "source": "ibis://near/scores", "code": "print(source, source.table())"}
    shown.append(json.dumps((await ask("POST", "visualizations", custom, wait=60)).json()))
    shown.append(json.dumps((await ask("POST", "visualizations", body | {"source": "ibis://nowhere/t"})).json()))
    shown += doctor.check()[0] + status_lines(service)
    shown += [repr(service.config), repr({k: v for k, v in os.environ.items() if k.startswith("JUPYTER_VIZ")})]
    shown += [record.getMessage() for record in caplog.records] + [*capfd.readouterr()]
    for path in home.rglob("*"):
        if path.is_file() and path.name != "config.yaml":
            data = path.read_bytes()
            shown.append((gzip.decompress(data) if path.suffix == ".gz" else data).decode(errors="replace"))
    assert any("127.0.0.1" in text for text in shown)
    for text in shown:
        for secret in (PASSWORD, quote(PASSWORD, safe=""), "s3cr3t"):
            assert secret not in text
