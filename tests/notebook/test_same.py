"""One request, asked for in three ways, is one result: in the user's kernel, in one of its own, on the server."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_viz.client import Client

CELL = """
import json
import pyarrow as pa

%load_ext jupyter_viz
results = {{}}
for name, line in {lines!r}.items():
    for where, more in {{"here": "", "fresh": " --kernel fresh --refresh"}}.items():
        result = get_ipython().run_line_magic("viz", line + more)
        with pa.OSFile(f"{{name}}-{{where}}.arrow", "wb") as file:
            table = pa.Table.from_pandas(result.data)
            with pa.ipc.new_stream(file, table.schema) as writer:
                writer.write_table(table)
        results[name, where] = [result.provenance["kernel"]["id"], result.metrics, result.freshness]
with open("results.json", "w") as file:
    json.dump([[*key, *value] for key, value in results.items()], file)
%unload_ext jupyter_viz
"""
SCORES = "churn@latest/evaluate/scores"
ASKED: dict[str, dict[str, Any]] = {
    "roc_curve": {"target": "label", "score": "p"},
    "table": {"rows": 7},
    "data_statistics": {},
}


async def test_the_rows_are_the_same_byte_for_byte(
    recorded_home: Any, ask: Callable[..., Awaitable[Any]], tmp_path: Path
) -> None:
    """Whoever doubts a picture can make it again elsewhere: other kernels, no cache, the same bytes."""
    lines = {
        name: " ".join([name, SCORES, *(f"--{key} {value}" for key, value in arguments.items())])
        for name, arguments in ASKED.items()
    }
    notebook = new_notebook(cells=[new_code_cell(CELL.format(lines=lines))])
    await NotebookClient(notebook, timeout=100, resources={"metadata": {"path": str(tmp_path)}}).async_execute()
    made = {(name, where): rest for name, where, *rest in json.loads((tmp_path / "results.json").read_text())}
    for name, arguments in ASKED.items():
        body = {"recipe": name, "source": SCORES, "arguments": arguments, "refresh": True}
        answer = (await ask("POST", "visualizations", body, wait="60")).json()
        assert answer["status"] == "completed", answer
        on_server = Client().get_visualization(answer["id"]).result()
        here, fresh = made[name, "here"], made[name, "fresh"]
        assert len({here[0], fresh[0], answer["provenance"]["kernel"]["id"]}) == 3
        assert on_server.provenance == answer["provenance"]
        assert here[1] == fresh[1] == on_server.metrics == answer["metrics"]
        assert here[2] == fresh[2] == answer["freshness"] == "new"
        served = _bytes(on_server.data)
        for where in ("here", "fresh"):
            assert (tmp_path / f"{name}-{where}.arrow").read_bytes() == served, (name, where)


def _bytes(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    found: bytes = sink.getvalue().to_pybytes()
    return found
