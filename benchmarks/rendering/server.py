"""The server that is measured, in a process of its own, and a client with one kept connection."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.lab import TOKEN, Lab

from . import loop_lag

HEADERS = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
VISUALIZATIONS = "jupyter-viz/visualizations"
WAIT = f"{VISUALIZATIONS}?wait=60"
_ROOT = str(Path(__file__).parents[2])


@dataclass
class Server(Lab):
    """JupyterLab as in the browser tests, with built-in settings, a temporary folder of its own and the lag probe."""

    base: str = "/"
    options: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [_ROOT, os.environ.get("PYTHONPATH")]))
        return super().environment | {"PYTHONPATH": path, "TMPDIR": str(self.temporary)}

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    def start(self, *more: str) -> None:
        self.temporary.mkdir(exist_ok=True)
        super().start(f"--ServerApp.jpserver_extensions={loop_lag.__name__}=True", *self.options, *more)

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server is not running"
        return self._process.pid


@contextmanager
def running(options: list[str]) -> Iterator[Server]:
    """A server in a new folder, ended and removed after.

    Args:
        options: For the command line of JupyterLab, e.g. `--VizExtension.time_limit=5`.
    """
    # Told to end, it ends the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # Not in TMPDIR, which may be long: the path of a socket may have 107 characters.
    with tempfile.TemporaryDirectory(prefix="viz", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder), options=tuple(options))
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Connection:
    """One connection to the server, kept open."""

    def __init__(self, server: Lab) -> None:
        self._base = server.base
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=150)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[Any, float]:
        """(answer, seconds from the request to its last byte). Raises RuntimeError with the text of a refusal."""
        data = None if body is None else json.dumps(body).encode()
        began = time.perf_counter()
        self._connection.request(method, self._base + path, data, HEADERS)
        response = self._connection.getresponse()
        text = response.read()
        seconds = time.perf_counter() - began
        if response.status >= 300:
            raise RuntimeError(f"{method} {path} answers {response.status}: {text[:500]!r}")
        return json.loads(text), seconds

    def render(self, request: dict[str, Any]) -> tuple[dict[str, Any], float]:
        """(finished visualization, seconds)."""
        answer, seconds = self.ask("POST", WAIT, request)
        assert "outputs" in answer, f"not finished after {seconds:.0f} s"
        return answer, seconds

    def close(self) -> None:
        self._connection.close()
