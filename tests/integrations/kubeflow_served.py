"""A stand-in for a cluster behind HTTP: who may ask, what fails, and whether all that is said is in the definition."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kubeflow_cluster import Cluster
from kubeflow_mlmd import MESSAGES, framed, unframed
from kubeflow_shapes import check_answer, check_listing


class Handler(BaseHTTPRequestHandler):
    cluster: Cluster
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one: else each answer waits for the acknowledgement of its head

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        path, query = unquote(url.path), dict(parse_qsl(url.query))
        cluster = self.cluster
        cluster.asked.append(path)
        try:
            if path.startswith("/signed/"):
                assert not {"Authorization", "Cookie"} & set(self.headers), "a store got a credential"
                return self._send(cluster.made[int(path.rpartition("/")[2])][1].data)
            if refused := self._refused(path):
                return self._send_status(refused)
            if cluster.cookie and self.headers.get("Cookie") != cluster.cookie:
                return self._send(b"<html>Log in</html>", "text/html; charset=utf-8")
            return self._send_answer(self._answer(path.removeprefix("/pipeline"), query))
        except Exception as error:
            cluster.faults.append(f"{self.path}: {error!r}")
            return self._send_status(400)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service, _, method = self.path.removeprefix("/").partition("/")
        self.cluster.asked.append(self.path)
        if refused := self._refused(self.path):
            return self._send_status(refused)
        if not self.cluster.has_store or service != "ml_metadata.MetadataStoreService":
            return self._send(b"<html>Kubeflow</html>", "text/html")
        try:
            assert self.headers["Content-Type"] == "application/grpc-web+proto"
            answer, status = self.cluster.stored(method, MESSAGES[f"{method}Request"].FromString(unframed(body)))
            return self._send(framed(answer.SerializeToString(), status), "application/grpc-web+proto")
        except Exception as error:
            self.cluster.faults.append(f"{self.path}: {error!r}")
            return self._send_status(400)

    def _refused(self, path: str) -> int | None:
        cluster = self.cluster
        if cluster.token and self.headers.get("Authorization") != f"Bearer {cluster.token}":
            return 401
        if cluster.expires_after is not None and len(cluster.asked) > cluster.expires_after:
            return 401
        if cluster.forbidden and re.search(cluster.forbidden, path):
            return 403
        if cluster.broken and re.search(cluster.broken, path):
            return 500
        return cluster.failing.pop(0) if cluster.failing else None

    def _answer(self, path: str, query: dict[str, str]) -> Any:
        cluster, parts = self.cluster, path.removeprefix("/apis/v2beta1/").split("/")
        if path.startswith("/artifacts/"):
            return cluster.bytes_of(*path.split("/", 4)[2:], query)
        if parts == ["healthz"]:
            return "Healthz", {"multi_user": bool(cluster.namespaces), "pipeline_store": "database"}
        if parts in (["runs"], ["experiments"]):
            check_listing(query)
            if cluster.namespaces and query.get("namespace") not in cluster.namespaces:
                return 403 if query.get("namespace") else 400
            return cluster.run_list(query) if parts == ["runs"] else cluster.experiment_list(query)
        if parts[0] == "runs" and len(parts) == 2:
            return cluster.run_get(parts[1], query)
        if parts[0] == "pipelines" and len(parts) == 2:
            name = cluster.pipelines.get(parts[1])
            return 404 if name is None else ("Pipeline", {"pipeline_id": parts[1], "display_name": name})
        if parts[0] == "artifacts" and len(parts) == 2:
            return cluster.artifact_get(parts[1], query)
        if match := re.fullmatch(r"/apis/v2beta1/runs/([^/]+)/nodes/([^/]+)/artifacts/(.+):read", path):
            return cluster.pod_bytes(*match.groups())
        raise AssertionError("there is no such path")

    def _send_answer(self, answer: Any) -> None:
        if isinstance(answer, int):
            return self._send_status(answer)
        if isinstance(answer, bytes):
            return self._send(answer)
        shape, value = answer
        check_answer(shape, value, shape)
        return self._send(json.dumps(value).encode(), "application/json")

    def _send_status(self, status: int) -> None:
        self._send(json.dumps({"code": 2, "message": "told by the server"}).encode(), "application/json", status)

    def _send(self, body: bytes, form: str = "application/octet-stream", status: int = 200) -> None:
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.cluster.now(), usegmt=True))
        self.send_header("Content-Type", form)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *about: Any) -> None:
        pass


class Listener(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked was killed."""


def serve(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster while it is there, with its `address`."""
    handler = type("Handler", (Handler,), {"cluster": cluster})
    with Listener(("127.0.0.1", 0), handler) as server:
        cluster.address = f"http://127.0.0.1:{server.server_port}/pipeline"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield cluster
        server.shutdown()
