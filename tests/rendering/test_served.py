"""A server whose kernels run behind a gateway renders there, through the same API."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _server(folder: Path, *words: str) -> Iterator[tuple[str, int]]:
    """A Jupyter server in a process of its own: its address and process number."""
    port = _free_port()
    own = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_RUNTIME_DIR": str(folder / f"runtime{port}")}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    command += ["--ServerApp.disable_check_xsrf=True", *words]
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **own}, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=100) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def test_behind_a_gateway(tmp_path: Path) -> None:
    """Any Jupyter server is a gateway to another: the kernel is a child of the one, asked for through the other."""
    without = "--ServerApp.jpserver_extensions={'jupyter_viz': False}"
    with (
        _server(tmp_path, without) as (gateway, gateway_pid),
        _server(tmp_path, f"--GatewayClient.url={gateway}") as (server, _),
    ):
        code = "import os; print(os.getppid())"
        made = _post(f"{server}/jupyter-viz/visualizations?wait=60", {"recipe": "custom", "code": code})
        failed = _post(f"{server}/jupyter-viz/visualizations?wait=60", {"recipe": "custom", "code": "1 / 0"})
        with urllib.request.urlopen(f"{gateway}/api/kernels", timeout=10) as answer:
            left = json.loads(answer.read())
    assert made["status"] == "completed", made["error"]
    assert [output["text"] for output in made["outputs"]] == [f"{gateway_pid}\n"]
    assert failed["error"]["message"] == "ZeroDivisionError: division by zero"
    assert left == []
