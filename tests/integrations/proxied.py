"""What stands before most servers: a proxy that asks for a token, and is sometimes overrun."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Proxy:
    """`fails_each`: of how many requests one is answered by 500; `failed` counts them."""

    address: str
    token: str
    fails_each: int = 0
    asked: int = 0
    failed: int = 0


@contextmanager
def proxied(server: str, token: str) -> Iterator[Proxy]:
    """A proxy before `server` that lets through who has the token."""

    class Handler(BaseHTTPRequestHandler):
        def _pass(self) -> None:
            proxy.asked += 1
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != f"Bearer {proxy.token}":
                self._answer(401, b"the token has expired")
            elif proxy.fails_each and proxy.asked % proxy.fails_each == 0:
                proxy.failed += 1
                self._answer(500, b"overrun")
            else:
                headers = {"Content-Type": self.headers["Content-Type"]} if body else {}
                request = urllib.request.Request(server + self.path, body or None, headers, method=self.command)
                try:
                    with urllib.request.urlopen(request, timeout=60) as answer:
                        self._answer(answer.status, answer.read(), answer.headers["Content-Type"])
                except urllib.error.HTTPError as error:
                    self._answer(error.code, error.read(), error.headers["Content-Type"])

        def _answer(self, status: int, body: bytes, form: str = "text/plain") -> None:
            self.send_response(status)
            self.send_header("Content-Type", form)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

        do_GET = do_POST = do_PATCH = _pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        proxy = Proxy(f"http://127.0.0.1:{httpd.server_port}", token)
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        try:
            yield proxy
        finally:
            httpd.shutdown()
