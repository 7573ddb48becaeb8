"""Runs as the sidebar shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[..., Awaitable[Any]]


async def test_runs_newest_first_with_the_top_two_metrics(ask: Ask, recorded: Any) -> None:
    """Each run's own numbers in its own row; the columns are the two that most runs have, then by name."""
    page = (await ask("GET", "runs")).json()
    assert [run["id"] for run in page["runs"]] == [recorded.run.id, recorded.failed_run.id]
    assert [run["status"] for run in page["runs"]] == ["completed", "failed"]
    assert page["runs"][1]["error"] == "ValueError: as asked"
    assert [column["name"] for column in page["metric_columns"]] == ["accuracy", "loss"]
    assert page["metric_columns"][0]["format"] == "PERCENTAGE"
    assert [each["goal"] for each in page["metric_columns"]] == ["higher", "lower"]
    for run in page["runs"]:
        assert {name: metric["value"] for name, metric in run["metrics"].items()} == {"accuracy": 0.9, "loss": 1.5}
    assert page["next_cursor"] is None


async def test_pages_follow_each_other(ask: Ask, recorded: Any) -> None:
    first = (await ask("GET", "runs", limit=1, pipeline="churn")).json()
    second = (await ask("GET", "runs", limit=1, pipeline="churn", cursor=first["next_cursor"])).json()
    assert [run["id"] for run in first["runs"] + second["runs"]] == [recorded.run.id, recorded.failed_run.id]
    assert second["next_cursor"] is None


async def test_a_run_with_its_steps_and_artifacts(ask: Ask, recorded: Any) -> None:
    run = (await ask("GET", f"runs/{recorded.run.id}")).json()
    assert run["address"] == recorded.run.address
    assert run["parameters"] == {"rate": 0.1, "fail": False}
    [step] = run["steps"]
    assert [each["name"] for each in step["artifacts"]] == list(recorded.artifacts)
    scores = step["artifacts"][0]
    assert (scores["kind"], scores["rows"]) == ("table", 200)
    assert scores["python_type"].endswith("DataFrame")
    assert sorted(run["metrics"]) == ["accuracy", "loss", "roc_auc"]


async def test_all_metrics_of_a_run(ask: Ask, recorded: Any) -> None:
    metrics = (await ask("GET", f"runs/{recorded.run.id}/metrics")).json()["metrics"]
    assert [(each["name"], each["value"], each["format"]) for each in metrics] == [
        ("accuracy", 0.9, "PERCENTAGE"),
        ("loss", 1.5, "RAW"),
        ("roc_auc", 0.75, "RAW"),
    ]


async def test_deleting_a_run_tells_what_goes_before_and_after(ask: Ask, recorded: Any, service: Any) -> None:
    """`dry_run` changes nothing and says the same as the deletion then does."""
    from jupyter_viz.models import NewRun

    run_id, _ = service.catalog.recording.start_run(NewRun("deleted", "otter"))
    service.store.write(f"{service.store.artifact_folder(run_id, recorded.run.id)}/data.txt", b"12345")
    told = (await ask("DELETE", f"runs/{run_id}", dry_run=1)).json()
    nothing = {"count": 0, "bytes": 0}
    shown = {"count": 0, "bytes": 5}
    parts = {"artifacts": nothing, "visualizations": shown, "renderings": nothing, "bytes": 5}
    assert told == {"id": run_id, "address": "deleted@otter", "dry_run": True, **parts}
    assert (await ask("GET", f"runs/{run_id}")).status == 200
    assert (await ask("DELETE", f"runs/{run_id}", dry_run="perhaps")).status == 400
    assert (await ask("DELETE", f"runs/{run_id}")).json() == {**told, "dry_run": False}
    assert (await ask("GET", f"runs/{run_id}")).status == 404
    assert (await ask("DELETE", f"runs/{run_id}")).status == 404
