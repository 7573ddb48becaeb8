"""From a request to a picture that is kept; and what is shown of user-made content."""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from sklearn.metrics import roc_auc_score

from jupyter_viz.client import load
from jupyter_viz.config import load_configuration
from jupyter_viz.errors import NotFound
from jupyter_viz.models import Principal
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.service import Service

Ask = Callable[..., Awaitable[Any]]
POLICY = (  # of the threats: every word of it counts
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src "
    "'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; worker-src blob:; connect-src "
    "'none'; frame-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


async def test_several_sources_become_one_picture(ask: Ask, recorded: Any) -> None:
    """A list, or the address of a range of runs: pinned, kept under one key, custom code below the name of each."""
    one, other = recorded.scores, recorded.artifacts["classes"].address
    body = {"recipe": "table", "source": [one, other, "churn@gone/scores"], "arguments": {"rows": 2}}
    made = (await ask("POST", "visualizations", body, wait=60)).json()
    assert made["status"] == "completed"
    assert made["source"] == body["source"]
    assert "gone/scores is left out" in made["outputs"][0]["data"][MIME]["note"]
    assert [row[0] for row in made["outputs"][0]["data"][MIME]["table"]["rows"]] == [
        f"{recorded.run.name}/{name}" for name in ("scores", "scores", "classes", "classes")
    ]
    again = (await ask("POST", "visualizations", body)).json()
    assert (again["id"], again["freshness"]) == (made["id"], "cached")
    assert (await ask("GET", f"visualizations/{made['id']}")).json()["freshness"] == "new"

    range_ = {"recipe": "metric_trend", "source": "churn@latest~3:"}
    trend = (await ask("POST", "visualizations", range_, wait=60)).json()
    assert trend["status"] == "completed"
    assert "latest" not in json.dumps(trend["source"])

    code = "print(len(source.table().execute()))"
    own = {"recipe": "custom", "source": [one, "churn@gone/scores", other], "code": code}
    outputs = (await ask("POST", "visualizations", own, wait=60)).json()["outputs"]
    texts = [output.get("text") or output["data"]["text/plain"] for output in outputs]
    assert [texts[at].partition("/")[2].partition("\n")[0] for at in (0, 2, 3)] == ["scores", "scores", "classes"]
    assert texts[1] == "200\n"
    assert "Left out: There is no run 'gone'" in texts[2]
    assert texts[4] == "3\n"


async def test_a_wish_becomes_a_picture_that_is_kept(ask: Ask, service: Any, recorded: Any) -> None:
    """POST and wait: the outputs at once. The same again: the same, from the store. After a restart: still there.
    Its bytes lost: said so, and made anew. Deleted: gone."""
    run = recorded.run.name
    asked = {"score": "p", "positive": 1, "exact": True}  # as no other test asks
    body = {"recipe": "roc_curve", "source": "churn@latest/scores", "arguments": asked}
    made = await ask("POST", "visualizations", body, wait=60)
    assert made.status == 200
    one = made.json()
    assert (one["status"], one["freshness"], one["truncated"], one["error"]) == ("completed", "new", False, None)
    assert one["source"] == f"churn@{run}/evaluate/scores"  # pinned
    assert one["artifact_id"] == recorded.artifacts["scores"].id
    assert one["arguments"] == {"target": "label", **asked}
    scores = load(recorded.scores)
    assert one["metrics"]["auc"] == pytest.approx(roc_auc_score(scores.label, scores.p), abs=1e-9)
    [output] = one["outputs"]
    assert "<img" not in output["data"]["text/html"]  # drawn later, outside the path of a click
    assert {MIME, PLOTLY, "text/html", "text/plain"} == set(output["data"])
    assert one["provenance"]["run_id"] == recorded.run.id
    assert one["provenance"]["source_digest"] == recorded.artifacts["scores"].digest
    assert str(recorded.home) not in json.dumps(one)

    again = await ask("POST", "visualizations", {**body, "source": f"churn@{run}/evaluate/scores"})
    assert again.status == 200
    assert (again.json()["id"], again.json()["freshness"]) == (one["id"], "cached")
    assert _without_html(again.json()["outputs"]) == _without_html(one["outputs"])

    notebook = await ask("GET", f"visualizations/{one['id']}/notebook")
    assert notebook.headers["Content-Disposition"].startswith("attachment;")
    read = nbformat.reads(notebook.body.decode(), as_version=4)
    nbformat.validate(read)
    assert [cell.cell_type for cell in read.cells] == ["code", "code"]
    assert read.cells[1].outputs[0].data[PLOTLY] == output["data"][PLOTLY]

    restarted = Service(load_configuration())
    found, outputs = restarted.visualization(Principal(), one["id"])
    assert _without_html(outputs.outputs) == _without_html(one["outputs"])
    assert outputs.outputs[0]["data"]["text/html"].startswith('<img alt="ROC curve of p')
    assert found.uri is not None
    folder = Path(found.uri)
    assert folder.is_dir()

    service.store.remove(str(folder))  # somebody tidied the store: opening it says so, asking again renders it
    gone = await ask("GET", f"visualizations/{one['id']}")
    assert (gone.status, gone.json()["code"]) == (410, "bytes_gone")
    anew = await ask("POST", "visualizations", body)
    assert (anew.status, anew.json()["id"]) == (202, one["id"])
    assert (await ask("DELETE", f"visualizations/{one['id']}")).status == 204  # cancelled
    assert (await ask("DELETE", f"visualizations/{one['id']}")).status == 204  # deleted
    assert (await ask("GET", f"visualizations/{one['id']}")).status == 404
    assert not folder.exists()
    with pytest.raises(NotFound):
        restarted.visualization(Principal(), one["id"])


def _without_html(outputs: Any) -> list[Any]:
    return [{kind: value for kind, value in output["data"].items() if kind != "text/html"} for output in outputs]


async def test_cancelling_ends_the_kernel(ask: Ask, service: Any, tmp_path: Path) -> None:
    """DELETE on what runs: cancelled, its process gone, the place free."""
    code = (
        "import os, pathlib, time\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()) + '.')\n"
        "while True: time.sleep(0.1)"
    )
    answer = await ask("POST", "visualizations", {"recipe": "custom", "code": code})
    assert (answer.status, set(answer.json())) == (202, {"id", "status", "position"})
    same = await ask("POST", "visualizations", {"recipe": "custom", "code": code})
    assert (same.status, same.json()["id"]) == (202, answer.json()["id"])
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().endswith("."):
        await asyncio.sleep(0.05)
    assert (await ask("GET", "status")).json()["renderings"] == {"queued": 0, "running": 1}
    path = f"visualizations/{answer.json()['id']}"
    shown = (await ask("GET", path)).json()
    assert (shown["status"], shown["outputs"], shown["code"]) == ("running", [], code)
    assert (await ask("GET", f"{path}/notebook")).status == 404
    assert (await ask("DELETE", path)).status == 204
    assert (await ask("GET", path)).json()["status"] == "cancelled"
    pid = int((tmp_path / "pid").read_text().rstrip("."))
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert (await ask("GET", "status")).json()["renderings"] == {"queued": 0, "running": 0}


async def test_a_file_below_the_root_and_code_of_ones_own(ask: Ask, service: Any, jp_root_dir: Path) -> None:
    """Custom code reads a file by its relative path, shows several things, and an error of it is a result."""
    (jp_root_dir / "sub").mkdir()
    (jp_root_dir / "sub" / "data.csv").write_text("a,b\n1,2\n3,4\n")
    code = "print(arguments)\nsource.table().to_pandas()['b'].sum().item()"
    body = {"recipe": "custom", "source": "sub/data.csv", "arguments": {"text": "'{x}' $HOME \\ 🚀"}, "code": code}
    failing = {**body, "code": "1 / 0"}
    done, failed = await asyncio.gather(
        ask("POST", "visualizations", body, wait=60), ask("POST", "visualizations", failing, wait=60)
    )
    one = done.json()
    assert (one["status"], one["artifact_id"], one["source"]) == ("completed", None, "sub/data.csv")
    assert one["outputs"][0]["text"] == "{'text': \"'{x}' $HOME \\\\ 🚀\"}\n"
    assert one["outputs"][1]["data"]["text/plain"] == "6"
    bad = failed.json()
    assert (failed.status, bad["status"], bad["error"]["code"]) == (200, "failed", "code_failed")
    assert bad["error"]["message"] == "ZeroDivisionError: division by zero"
    assert "\x1b" not in bad["error"]["traceback"]
    assert bad["outputs"][-1]["output_type"] == "error"
    assert (await ask("GET", f"visualizations/{bad['id']}/notebook")).status == 200


async def test_an_error_in_the_kernel_keeps_its_code(ask: Ask, recorded: Any) -> None:
    """What only shows when the data is read ends as a failed visualization with the recipe's own sentence."""
    found = (await ask("GET", f"visualizations/{recorded.failure.id}")).json()
    assert (found["status"], found["error"]["code"]) == ("failed", "invalid_argument")
    assert "more than two classes ('a', 'b', 'c')" in found["error"]["message"]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("report/report", "text/html; charset=utf-8"),
        ("summary/summary", "text/plain; charset=utf-8"),
        ("rows/rows", "text/plain; charset=utf-8"),
        ("settings/settings", "application/json"),
        ("picture/picture", "image/svg+xml"),
        ("picture/dot", "image/png"),
    ],
)
async def test_user_made_content_can_reach_nothing(
    ask: Ask, recorded: Any, jp_serverapp: Any, name: str, content_type: str
) -> None:
    """The policy is in the header, to the letter, so that the page opened in a tab of its own is as harmless."""
    answer = await ask("GET", f"visualizations/{recorded.shown[name].id}/content")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == content_type
    server, _, ours = answer.headers["Content-Security-Policy"].rpartition(", ")
    assert ours == POLICY
    assert "frame-ancestors 'self'" in server
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.body == Path(recorded.shown[name].uri).read_bytes()


@pytest.mark.parametrize("path", ["content", "notebook"])
async def test_errors_of_content_routes_are_as_harmless(ask: Ask, path: str) -> None:
    answer = await ask("GET", f"visualizations/{uuid.uuid4()}/{path}")
    assert answer.status == 404
    assert answer.headers["Content-Security-Policy"].endswith(POLICY)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("summary/summary", "text/markdown"),
        ("rows/rows", MIME),
        ("settings/settings", "text/plain"),
        ("log/text", "text/markdown"),
    ],
)
async def test_what_a_materializer_stored_is_shown_as_a_bundle(ask: Ask, recorded: Any, name: str, mime: str) -> None:
    found = (await ask("GET", f"visualizations/{recorded.shown[name].id}")).json()
    assert (found["origin"], found["status"]) == ("materializer", "completed")
    assert mime in found["outputs"][0]["data"]


@pytest.mark.parametrize("name", ["report/report", "picture/picture"])
async def test_pages_and_pictures_are_not_in_the_answer(ask: Ask, recorded: Any, name: str) -> None:
    """They are framed from their route: nothing user-made enters the Lab's own page."""
    assert (await ask("GET", f"visualizations/{recorded.shown[name].id}")).json()["outputs"] == []


async def test_a_materializers_picture_is_not_deleted(ask: Ask, recorded: Any) -> None:
    answer = await ask("DELETE", f"visualizations/{recorded.shown['report/report'].id}")
    assert (answer.status, answer.json()["code"]) == (422, "unprocessable")


async def test_a_rendering_has_no_content_and_a_picture_no_notebook(ask: Ask, recorded: Any) -> None:
    for path in (
        f"visualizations/{recorded.rendering.id}/content",
        f"visualizations/{recorded.shown['report/report'].id}/notebook",
    ):
        answer = await ask("GET", path)
        assert (answer.status, answer.json()["code"]) == (404, "not_found")


@pytest.fixture
def small(recorded_home: Any) -> None:
    """A server that renders one at a time, lets one wait, and gives each three seconds."""
    os.environ["JUPYTER_VIZ_CONCURRENCY"] = os.environ["JUPYTER_VIZ_QUEUE_LIMIT"] = "1"
    os.environ["JUPYTER_VIZ_TIME_LIMIT"] = "3"


async def test_a_full_queue_and_a_time_limit_over_http(small: None, ask: Ask, service: Any) -> None:
    """One more is told to come back later, and stored nowhere; what takes too long is told so, as a result."""
    body = {"recipe": "custom", "code": "while True: pass"}
    running = asyncio.ensure_future(ask("POST", "visualizations", body, wait=60))
    while service.load_of_queue() != (0, 1):
        await asyncio.sleep(0.02)
    waiting = await ask("POST", "visualizations", {**body, "arguments": {"n": 2}})
    assert (waiting.status, waiting.json()["status"]) == (202, "queued")
    refused = await ask("POST", "visualizations", {**body, "arguments": {"n": 3}})
    assert (refused.status, refused.json()["code"]) == (503, "queue_full")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (await ask("DELETE", f"visualizations/{waiting.json()['id']}")).status == 204
    ended = (await running).json()
    assert (ended["status"], ended["error"]["code"]) == ("failed", "time_limit")
    assert "longer than 3 seconds" in ended["error"]["message"]
    assert service.load_of_queue() == (0, 0)
