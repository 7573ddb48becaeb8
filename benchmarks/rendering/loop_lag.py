"""A Jupyter server extension for measurements only: how late the server's event loop calls what is due.

While it records, a callback is due every 5 ms; its lag is how much later it was called. What holds the loop for d ms
shows as a lag between d - 5 and d.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

INTERVAL = 0.005
PATH = "benchmark/loop-lag"


class Recorder:
    """Lags in seconds, from `start` to `stop`."""

    def __init__(self) -> None:
        self.lags: list[float] = []
        self._due: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self.stop()
        self.lags.clear()
        self._next()

    def stop(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _next(self) -> None:
        loop = asyncio.get_running_loop()
        at = loop.time() + INTERVAL
        self._due = loop.call_at(at, self._called, at)

    def _called(self, at: float) -> None:
        self.lags.append(asyncio.get_running_loop().time() - at)
        self._next()


class LoopLagHandler(APIHandler):
    def initialize(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @web.authenticated
    def post(self) -> None:
        """Start anew."""
        self.recorder.start()
        self.finish("{}")

    @web.authenticated
    def get(self) -> None:
        """Stop, and tell the lags in ms."""
        self.recorder.stop()
        lags = sorted(1000 * lag for lag in self.recorder.lags) or [0.0]
        found = {"count": len(lags), "p50": statistics.median(lags), "p99": lags[int(0.99 * (len(lags) - 1))]}
        self.finish(json.dumps(found | {"max": lags[-1]}))


def _load_jupyter_server_extension(app: Any) -> None:
    base = app.web_app.settings["base_url"]
    app.web_app.add_handlers(".*$", [(f"{base}{PATH}", LoopLagHandler, {"recorder": Recorder()})])


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]
