"""A server whose artifacts are in a bucket, and sources in a private one, opened with its owner's credentials."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import load, pipeline, step, visualize
from jupyter_viz.api import base
from jupyter_viz.client import Client
from jupyter_viz.io import fileio
from jupyter_viz.types import MarkdownString

Ask = Callable[..., Awaitable[Any]]


@step
def evaluate() -> tuple[Annotated[pd.DataFrame, "scores"], Annotated[MarkdownString, "summary"]]:
    return table(), MarkdownString("**good**")


@pipeline
def churn() -> None:
    evaluate()


def table() -> pd.DataFrame:
    draw = np.random.default_rng(1)
    label = (draw.random(300) < 0.5).astype(int)
    return pd.DataFrame({"label": label, "score": draw.normal(label, 1.0)})


def put(uri: str, frame: pd.DataFrame) -> None:
    data = io.BytesIO()
    frame.to_parquet(data)
    with fileio.open(uri, "wb") as file:
        file.write(data.getvalue())


@pytest.fixture
def recorded_home(bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home whose bytes are in a bucket; files of another folder there may be read, those of a third may not."""
    monkeypatch.setenv("JUPYTER_VIZ_ARTIFACTS", f"s3://{bucket}/store")
    monkeypatch.setenv("JUPYTER_VIZ_ALLOWED_SOURCES", f"[s3://{bucket}/open]")
    for folder in ("open", "open-not", "closed"):
        put(f"s3://{bucket}/{folder}/a.parquet", table())
    return


async def test_a_run_recorded_in_a_bucket(ask: Ask, service: Any, bucket: str) -> None:
    """Recorded, loaded, listed, shown, rendered and deleted, as one in a folder is."""
    churn()
    artifacts = Client().get_pipeline_run("churn@latest").outputs
    scores = artifacts["scores"]
    assert scores.uri.startswith(f"s3://{bucket}/store/runs/")
    pd.testing.assert_frame_equal(load("churn@latest/scores"), table())

    shown = (await ask("GET", f"artifacts/{scores.id}")).json()
    assert (shown["available"], shown["size"] > 0) == (True, True)
    download = await ask("GET", f"artifacts/{scores.id}/content")
    assert download.body == fileio.open(f"{scores.uri}/data.parquet", "rb").read()
    [summary] = (await ask("GET", f"artifacts/{artifacts['summary'].id}/visualizations")).json()["visualizations"]
    outputs = (await ask("GET", f"visualizations/{summary['id']}")).json()["outputs"]
    assert outputs[0]["data"]["text/markdown"] == "**good**"

    body = {"recipe": "roc_curve", "source": "churn@latest/scores"}
    made = await ask("POST", "visualizations", body, wait=60)
    one = made.json()
    assert (made.status, one["status"], one["error"]) == (200, "completed", None)
    assert one["metrics"]["auc"] == visualize("roc_curve", table()).metrics["auc"]
    assert (await ask("GET", f"visualizations/{one['id']}/notebook")).status == 200
    assert (await ask("POST", "visualizations", body)).json()["freshness"] == "cached"
    folder = f"s3://{bucket}/store/renderings/{one['id']}"
    assert [path.rpartition("/")[2] for path in fileio.find(folder)] == ["notebook.json.gz"]

    fileio.rmtree(scores.uri)  # somebody tidied the bucket
    gone = await ask("GET", f"artifacts/{scores.id}/content")
    assert (gone.status, gone.json()["code"]) == (410, "bytes_gone")
    assert not (await ask("GET", f"artifacts/{scores.id}")).json()["available"]
    Client().delete_pipeline_run("churn@latest")
    left = fileio.find(f"s3://{bucket}/store")
    assert not [path for path in left if "/runs/" in path or "/renderings/" in path]


async def test_a_private_bucket_opens_in_the_sidebar_as_in_a_notebook(ask: Ask, service: Any, bucket: str) -> None:
    uri = f"s3://{bucket}/open/a.parquet"
    here = visualize("roc_curve", uri)
    body = {"recipe": "roc_curve", "source": uri}
    one = (await ask("POST", "visualizations", body, wait=60)).json()
    assert (one["status"], one["error"], one["source"]) == ("completed", None, uri)
    assert one["metrics"] == here.metrics
    assert one["provenance"]["source_digest"] == here.provenance["source_digest"]
    assert one["provenance"]["source_digest"].startswith("etag ")
    again = (await ask("POST", "visualizations", body)).json()
    assert (again["id"], again["freshness"]) == (one["id"], "cached")


async def test_what_was_not_named_is_not_there(ask: Ask, service: Any, bucket: str) -> None:
    for source in (
        f"s3://{bucket}/{name}.parquet" for name in ("open-not/a", "closed/a", "closed/absent", "open/absent")
    ):
        refused = await ask("POST", "visualizations", {"recipe": "table", "source": source})
        told = f"There is no file {source!r} that may be read from here."
        assert (refused.status, refused.json()) == (404, {"code": "not_found", "message": told})
    for source, status in (
        (f"s3://key:secret@{bucket}/open/a.parquet", 400),
        (f"s3://{bucket}/open/../closed/a.parquet", 400),
        (f"s3://{bucket}/open/%2e%2e/closed/a.parquet", 400),
        (f"simplecache::s3://{bucket}/closed/a.parquet", 400),
        ("http://169.254.169.254/latest/meta-data/a.csv", 422),
        ("memory://a.csv", 422),
    ):
        refused = await ask("POST", "visualizations", {"recipe": "table", "source": source})
        assert refused.status == status
        assert "secret" not in refused.body.decode()


async def test_a_refusing_store_is_told_and_works_once_it_is_put_right(
    ask: Ask, service: Any, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a restart of the server. The arguments are looked at once the source was."""
    body = {"recipe": "table", "source": f"s3://{bucket}/open/a.parquet", "arguments": {"rows": "many"}}
    with monkeypatch.context() as wrong:
        wrong.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
        refused = await ask("POST", "visualizations", body)
        assert (refused.status, refused.json()["code"]) == (503, "store_unavailable")
        assert refused.json()["message"].startswith(f"s3://{bucket} refused access. Check the credentials")
        assert refused.headers["Retry-After"] == "5"
    read = await ask("POST", "visualizations", body)
    assert (read.status, read.json()["code"]) == (422, "invalid_argument")


async def test_a_store_that_hangs_holds_up_nobody_else(
    ask: Ask, service: Any, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes connections and says nothing: whoever asks for what is elsewhere is answered meanwhile."""
    churn()
    artifact = Client().get_pipeline_run("churn@latest").outputs["scores"]
    monkeypatch.setattr(base, "_READERS", ThreadPoolExecutor(4))  # all of them wait for the store
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        body = {"recipe": "table", "source": f"s3://{bucket}/open/a.parquet"}
        waiting = [asyncio.ensure_future(ask("POST", "visualizations", body)) for _ in range(3)]
        looking = [asyncio.ensure_future(ask("GET", f"artifacts/{artifact.id}")) for _ in range(4)]
        reached, _ = await asyncio.to_thread(silent.accept)
        for path in ("status", "runs", "recipes"):
            assert (await ask("GET", path)).status == 200
        assert not any(task.done() for task in (*waiting, *looking))
        reached.close()
    assert {answer.json()["available"] for answer in await asyncio.gather(*looking)} == {False}
    for answer in await asyncio.gather(*waiting):
        assert (answer.status, answer.json()["code"]) == (503, "store_unavailable")
        assert f"s3://{bucket} can't be reached" in answer.json()["message"]
