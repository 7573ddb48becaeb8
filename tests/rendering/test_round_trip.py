"""Every rendering keeps its notebook: run elsewhere it gives the same picture."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from PIL import Image

from jupyter_viz import registry
from jupyter_viz.config import load_configuration
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.rendering.plain import PlainKernels
from jupyter_viz.service import Service

OWNER = Principal()
# What is asked of each recipe over the recorded scores, other artifacts, a file, or the runs. All recipes are here.
REQUESTS: dict[str, dict[str, Any]] = {
    "bar": {"arguments": {"by": "label", "value": "p"}},
    "calibration": {"arguments": {"score": "label"}},
    "classification_metrics": {"file": "metrics.json"},
    "confusion_matrix": {"arguments": {"predicted": "label"}},
    "correlation": {},
    "custom": {"arguments": {"n": 3}, "code": "print(source.table().to_pandas().p.head(arguments['n']).sum())"},
    "data_statistics": {},
    "diff": {"of": ["scores", "classes"]},
    "embedding_projection": {"arguments": {"columns": ["label", "p"], "by": "label"}},
    "histogram": {"arguments": {"column": "p", "by": "label"}},
    "html": {"of": "report"},
    "image_gallery": {"file": "dot.png"},
    "json": {"of": "settings"},
    "kubeflow_output": {"file": "mlpipeline-ui-metadata.json", "arguments": {"output": 2}},
    "line": {"arguments": {"x": "p", "y": ["label"]}},
    "markdown": {"of": "summary"},
    "metric_scatter": {"runs": True},
    "metric_trend": {"runs": True},
    "metrics_table": {"runs": True},
    "missing_values": {},
    "parallel_coordinates": {"runs": True, "arguments": {"parameters": ["rate"]}},
    "picture": {"file": "dot.png"},
    "precision_recall": {"arguments": {"score": "p"}},
    "predicted_vs_actual": {"arguments": {"target": "label", "predicted": "p"}},
    "repeats": {"runs": True},
    "residuals": {"arguments": {"target": "label", "predicted": "p"}},
    "roc_curve": {"arguments": {"score": "p", "positive": 1}},
    "scatter": {"arguments": {"x": "p", "y": "label"}},
    "score_distribution": {"arguments": {"score": "p"}},
    "slicing_metrics": {"arguments": {"by": ["label"], "target": "label", "predicted": "label"}},
    "table": {"arguments": {"columns": ["p"], "rows": 5}},
    "text": {"of": "log"},
    "threshold_metrics": {"arguments": {"score": "p"}},
}


def _shown(outputs: Any) -> list[Any]:
    """What is seen: without times and versions, and the picture that is drawn later."""
    seen = []
    for output in outputs:
        data = dict(output.get("data", {}))
        own = dict(data.pop(MIME, {}))
        own.pop("provenance", None)
        html = data.pop("text/html", "")
        seen.append((own, data, html.rpartition("<details>")[2], output.get("text")))
    return seen


def _write_files(folder: Path) -> None:
    Image.new("L", (3, 2)).save(folder / "dot.png")
    curve = [{"recall": rate, "falsePositiveRate": rate} for rate in (0, 1)]
    (folder / "metrics.json").write_text(json.dumps({"confidenceMetrics": curve}))
    outputs = [{"type": "markdown"}, {"type": "table", "storage": "inline", "header": ["a"], "source": "1\n2"}]
    (folder / "mlpipeline-ui-metadata.json").write_text(json.dumps({"outputs": outputs}))


async def test_run_all_gives_the_same_result_for_every_recipe(recorded_home: Any) -> None:
    """Open as notebook, Run All, in an ordinary kernel with nothing handed over: the same."""
    assert set(REQUESTS) == set(registry.found(registry.RECIPES))
    config = load_configuration()
    service = Service(config)
    _write_files(recorded_home.home)
    made, expected, cells = {}, {}, {}
    try:
        for recipe, asked in REQUESTS.items():
            how = {name: value for name, value in asked.items() if name not in ("of", "file", "runs")}
            of = asked.get("of", "scores")
            several = isinstance(of, list)
            source: Any = tuple(recorded_home.artifacts[each].address for each in (of if several else [of]))
            source = source if several else source[0]
            if "file" in asked:
                source = str(recorded_home.home / asked["file"])
            if "runs" in asked:
                source = "churn"
            made[recipe] = await service.render(OWNER, RenderRequest(recipe, source, refresh=True, **how))
        for recipe, one in made.items():
            await service.wait(one.id, 60)
            _, outputs = service.visualization(OWNER, one.id)
            expected[recipe] = _shown(outputs.outputs)
            name, data = await service.export(OWNER, one.id, "ipynb")
            assert name
            notebook = nbformat.reads(data.decode(), as_version=4)
            nbformat.validate(notebook)
            for cell in notebook.cells:
                cell.outputs = []
                cell["id"], cell["metadata"] = f"{recipe}-{cell.id}", nbformat.NotebookNode()  # as any notebook's
            cells[recipe] = notebook.cells
        # One after the other in one kernel: starting one takes seconds.
        together = nbformat.v4.new_notebook(cells=[cell for each in cells.values() for cell in each])
        await PlainKernels(config, os.environ).execute(together)
    finally:
        await service.close()
    for recipe, executed in cells.items():
        again = [output for cell in executed for output in cell.outputs]
        assert again, recipe
        assert _shown(again) == expected[recipe], recipe


async def test_an_export_needs_nothing_from_outside(recorded_home: Any) -> None:
    """One HTML file with plotly.js in it once, no address it would load from; Markdown with its picture in it."""
    service = Service(load_configuration())
    try:
        request = RenderRequest("roc_curve", recorded_home.scores, REQUESTS["roc_curve"]["arguments"])
        made = await service.render(OWNER, request)
        await service.wait(made.id, 60)
        page = (await service.export(OWNER, made.id, "html"))[1].decode()
        text = (await service.export(OWNER, made.id, "md"))[1].decode()
    finally:
        await service.close()
    assert page.count("plotly.js v") == 1
    assert page.count("Plotly.newPlot(plot") == 1
    assert not [tag for tag in _tags(page) if "http" in tag], "it would load from outside"
    assert "ROC curve of p for label = 1" in page
    assert "data:image/svg+xml;base64," in text
    assert "parameters = json.loads(" in text


def _tags(page: str) -> list[str]:
    """The tags of a page that load something."""
    import re

    return re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*[\"']http[^>]*>", page)


async def test_another_users_equal_request_is_not_rendered_again(recorded_home: Any) -> None:
    """It is their own visualization, with bytes of its own: one deleted, the other stays."""
    service, ann = Service(load_configuration()), Principal("user:ann")
    try:
        request = RenderRequest("table", recorded_home.scores, {"rows": 7})
        mine = await service.render(OWNER, request)
        await service.wait(mine.id, 60)
        hers = await service.render(ann, request)
        assert (hers.status, hers.freshness) == ("completed", "cached")
        assert hers.id != mine.id
        assert service.visualization(ann, hers.id)[1] == service.visualization(OWNER, mine.id)[1]
        await service.delete(OWNER, mine.id)
        assert service.visualization(ann, hers.id)[1].outputs
        await service.delete(ann, hers.id)
    finally:
        await service.close()


async def test_a_changed_source_makes_what_was_made_of_it_stale(recorded_home: Any, tmp_path: Any) -> None:
    """The badge says so, and asking again renders what the file holds now."""
    file = tmp_path / "data.csv"
    file.write_text("a\n1\n")
    service = Service(load_configuration())
    try:
        first = await service.render(OWNER, RenderRequest("table", str(file)))
        await service.wait(first.id, 60)
        assert service.visualization(OWNER, first.id)[0].freshness == "new"
        file.write_text("a\n1\n2\n")
        assert service.visualization(OWNER, first.id)[0].freshness == "stale"
        second = await service.render(OWNER, RenderRequest("table", str(file)))
        await service.wait(second.id, 60)
        assert second.id != first.id
        [output] = service.visualization(OWNER, second.id)[1].outputs
        assert output["data"][MIME]["table"]["total"] == 2
        file.unlink()
        assert service.visualization(OWNER, second.id)[0].freshness == "stale"
    finally:
        await service.close()


async def test_ten_equal_requests_at_once_are_one_rendering(recorded_home: Any) -> None:
    """Ten tabs, two users: one kernel."""
    service = Service(load_configuration())
    code = "import os; print(os.getpid())"
    who = [OWNER, Principal("user:ann")] * 5
    try:
        made = await asyncio.gather(*(service.render(each, RenderRequest("custom", None, {}, code)) for each in who))
        for each in made:
            await service.wait(each.id, 60)
        assert len({each.id for each in made}) == 2
        shown = {service.visualization(each, one.id)[1].outputs[0]["text"] for each, one in zip(who, made, strict=True)}
        assert len(shown) == 1
    finally:
        await service.close()


@pytest.mark.parametrize("kernel", ["no-such-kernel", "../x"])
async def test_an_unknown_kernel_is_refused(recorded_home: Any, kernel: str) -> None:
    from jupyter_viz.errors import InvalidArgument

    service = Service(load_configuration())
    try:
        with pytest.raises(InvalidArgument, match="There is no kernel"):
            await service.render(OWNER, RenderRequest("table", recorded_home.scores, kernel=kernel))
    finally:
        await service.close()


def test_plots_by_hand_are_frozen_too() -> None:
    """A plotly figure of the user's own code gets a still picture for readers without a kernel."""
    import plotly.graph_objects as go

    from jupyter_viz.rendering.export import drawn

    bundle = {PLOTLY: go.Figure(go.Scatter(x=[1, 2], y=[3, 4])).to_plotly_json(), "text/plain": "Figure"}
    cell = {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": bundle}]}
    notebook = drawn({"metadata": {}, "cells": [cell]})
    assert notebook["cells"][0]["outputs"][0]["data"]["text/html"].startswith("<img alt=")
