"""What the connector `kubeflow` asks of a server. It runs this file as `runner` runs the connector: by its path."""

from __future__ import annotations

import base64
import os
import re
import runpy
import shutil
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

API = "/apis/v2beta1/"
PAGE = 200
"""The most that a server gives at once."""
TRIES, PAUSE, SECONDS = 4, 0.25, 60
"""How often a server that fails is asked, how long it is let alone at first, and how long it may take."""
SOURCES = {"gs": "gcs"}
"""What the page calls a store, where that is not the scheme of its URIs."""
NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
REFUSED = (
    "the server refuses ({}). Where a token or a login has expired, renew it where this process looks for it: "
    "KFP_EXISTING_TOKEN, KFP_COOKIES, the service account's token, what kfp.Client uses"
)
A_PAGE = (
    "the server answers with a page instead of data. Where a login has expired, renew it (KFP_COOKIES, "
    "KFP_EXISTING_TOKEN); else the address may be another one: https://host/pipeline is Kubeflow's usual"
)
Store: Any = runpy.run_path(str(Path(__file__).with_name("kubeflow_store.py")))["Store"]


class Gone(FileNotFoundError):
    """The server knows nothing of that name."""


class Server:
    """A server, by the connection that `kfp.Client` makes.

    Raises `PermissionError` where it refuses, `FileNotFoundError` where there is nothing of that name,
    `ConnectionError` where it fails again and again: each a sentence without a credential.
    """

    def __init__(self, location: str) -> None:
        address, namespace = _place(location)
        self._ahead = 0.0
        self._pipelines: dict[str, str | None] = {}
        client = _client(address, namespace)
        self.namespace = client.get_user_namespace().strip()
        # Answers as they are: what the library makes of them lacks what newer servers tell.
        self._api = client._run_api.api_client
        self._root = urlunsplit(urlsplit(address)._replace(path=""))
        self.store = Store(self._sent)
        """The metadata store beside it."""

    def seconds(self) -> float:
        """The time there: a cluster's clock may be another."""
        return time.time() + self._ahead

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """What the API has at a path."""
        found, headers = _got(self._api, path, query)
        if date := headers.get("Date"):
            self._ahead = parsedate_to_datetime(date).timestamp() - time.time()
        return found

    def listed(self, what: str, **query: Any) -> dict[str, Any]:
        """A page of the namespace's `runs` or `experiments`."""
        try:
            return self.get(what, **query, **({"namespace": self.namespace} if self.namespace else {}))
        except FileNotFoundError as error:
            hint = (
                "" if self.namespace else ". Where Kubeflow has users, name one's namespace: https://host/pipeline#team"
            )
            raise FileNotFoundError(f"{what} can't be listed at this address: {error}{hint}") from None

    def pages(self, what: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All pages of them."""
        token = ""
        while True:
            page = self.listed(what, page_size=PAGE, page_token=token, **query)
            yield page
            token = page.get("next_page_token", "")
            if not token:
                return

    def artifact(self, artifact_id: str) -> dict[str, Any]:
        """What is known of one: by the artifacts API; where there is none, by the metadata store."""
        try:
            found = self.get(f"artifacts/{quote(artifact_id, safe='')}")
        except (FileNotFoundError, PermissionError) as error:
            try:
                return self.store.artifact(artifact_id)  # type: ignore[no-any-return]
            except FileNotFoundError as absent:
                raise type(error)(f"the server gives no artifacts ({error}), and {absent}") from None
        if "artifact_type" in found and "metadata" not in found:  # the API that OpenShift AI has
            with suppress(FileNotFoundError, ConnectionError):
                found["metadata"] = self.store.artifact(artifact_id)["metadata"]
        return found

    def pipeline(self, pipeline_id: str) -> str | None:
        """Its name; None where it was deleted, or is not for us."""
        if pipeline_id not in self._pipelines:
            name = None
            with suppress(FileNotFoundError, PermissionError):
                found = self.get(f"pipelines/{quote(pipeline_id, safe='')}")
                name = found.get("display_name") or found.get("name")
            self._pipelines[pipeline_id] = name
        return self._pipelines[pipeline_id]

    def bring(self, artifact: dict[str, Any], to: str) -> None:
        """Write an artifact's bytes to a file. Raises `FileNotFoundError` that says why none gives them."""
        try:
            self._bring_by_link(artifact, to)
        except FileNotFoundError as by_link:
            try:
                self._bring_from_page(artifact.get("uri", ""), to)
            except (FileNotFoundError, ConnectionError, PermissionError) as from_page:
                raise FileNotFoundError(f"{by_link}; {from_page}") from None

    def bring_from_node(self, place: str, to: str) -> None:
        """The same by what API servers know of the pods of older runs: `place` is run/node/name."""
        run_id, node, name = (quote(part, safe="") for part in place.split("/", 2))
        try:
            data = self.get(f"runs/{run_id}/nodes/{node}/artifacts/{name}:read")["data"]
        except (FileNotFoundError, ConnectionError) as error:
            reason = f"the server has no artifacts API, and does not read it from the pod's outputs ({error})"
            raise FileNotFoundError(reason) from None
        Path(to).write_bytes(base64.b64decode(data))

    def _bring_by_link(self, artifact: dict[str, Any], to: str) -> None:
        """By the address for a single download that the artifacts API of some servers makes."""
        link = ""
        if "artifact_type" in artifact:
            found = self.get(f"artifacts/{quote(artifact['artifact_id'], safe='')}", view="DOWNLOAD")
            link = found.get("download_url", "")
        if urlsplit(link).scheme not in ("http", "https"):
            raise FileNotFoundError("the server's artifacts API gives no address to download it")
        # The store's address has its permission in itself: our credentials are none of its business.
        try:
            with urllib.request.urlopen(link, timeout=SECONDS) as source, open(to, "wb") as target:  # noqa: S310 — http
                shutil.copyfileobj(source, target)
        except OSError as error:
            raise FileNotFoundError(f"its store can't be reached at {urlsplit(link).netloc}: {error}") from None

    def _bring_from_page(self, uri: str, to: str) -> None:
        """As Kubeflow's page gives it to a browser."""
        split = urlsplit(uri)
        source, key = SOURCES.get(split.scheme, split.scheme), split.path.lstrip("/")
        if not split.netloc or not key:
            raise FileNotFoundError(f"it has no file: its address is {uri!r}")
        path, query = f"/artifacts/{source}/{split.netloc}/{quote(key)}", {}
        if self.namespace:
            query["namespace"] = self.namespace
        try:
            answer = _patiently(lambda: _called(self._api, path, query, _preload_content=False))
        except (FileNotFoundError, ConnectionError, PermissionError) as error:
            s3 = f"s3://{split.netloc}/{key}, with AWS_ENDPOINT_URL and the store's keys in the environment"
            raise FileNotFoundError(
                f"nor does Kubeflow's page give {uri} ({error}). Who may read the store reads {s3}"
            ) from None
        with open(to, "wb") as target:
            shutil.copyfileobj(answer, target)

    def _sent(self, path: str, form: str, body: bytes) -> Any:
        """The answer to a body that is sent to a path of the host."""
        headers = {"Content-Type": form, "Accept": form, "X-Grpc-Web": "1"}
        how = {"auth_settings": ["Bearer"], "_host": self._root, "_request_timeout": SECONDS, "_preload_content": False}
        return _patiently(lambda: self._api.call_api(path, "POST", {}, {}, headers, body=body, **how))


def _called(api: Any, path: str, query: dict[str, Any], **how: Any) -> Any:
    return api.call_api(path, "GET", {}, query, {}, auth_settings=["Bearer"], _request_timeout=SECONDS, **how)


def _got(api: Any, path: str, query: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """(what the API has at a path, the answer's headers)."""
    found, _, headers = _patiently(lambda: _called(api, API + path, query, response_type="object"))
    if not isinstance(found, dict):
        raise PermissionError(A_PAGE)
    return found, headers


def _patiently(asked: Callable[[], Any]) -> Any:
    for attempt in range(TRIES):
        time.sleep(PAUSE * 2**attempt if attempt else 0)
        try:
            return asked()
        except Exception as error:  # of several libraries, and hidden by what the client makes of them
            status = next((each.status for each in _chain(error) if getattr(each, "status", None)), None)
            said = f"it answers {status}" if status else type(getattr(error, "reason", error)).__name__
            if status in (401, 403):
                raise PermissionError(REFUSED.format(status)) from None
            if status in (404, 410):
                raise Gone(said) from None
            if status == 501 or (status and status < 500 and status != 429):
                raise FileNotFoundError(said) from None
            if "Timeout" in said:
                break
    raise ConnectionError(f"the server can't be asked now: {said}")


def _chain(error: BaseException | None) -> Iterator[Any]:
    while error is not None:
        yield error
        error = error.__context__


def _place(location: str) -> tuple[str, str]:
    """(address, namespace), the latter empty where none is named."""
    split = urlsplit(location)
    if split.scheme not in ("http", "https"):
        raise ValueError(
            "that is no address; https://host/pipeline is the form, with a namespace https://host/pipeline#team"
        )
    address = urlunsplit(split._replace(query="", fragment="")).rstrip("/")
    if split.query:  # as a browser shows Kubeflow's dashboard
        namespace = parse_qs(split.query).get("ns", ["team"])[0]
        raise ValueError(f"write the namespace behind a #, and no ?: {address.replace('/_/', '/')}#{namespace}")
    return address, split.fragment if NAMESPACE.fullmatch(split.fragment) else ""


def _client(address: str, namespace: str) -> Any:
    warnings.simplefilter("ignore")  # its own of versions, that nobody can do anything about
    import kfp
    from kfp.client import KF_PIPELINES_SA_TOKEN_ENV, KF_PIPELINES_SA_TOKEN_PATH
    from kfp.client.set_volume_credentials import ServiceAccountTokenVolumeCredentials

    class Client(kfp.Client):  # type: ignore[misc]
        """The library's, that waits no half minute for a server that refuses, and writes no file of its user."""

        def get_kfp_healthz(self, sleep_duration: int = 0) -> Any:
            try:
                found, _ = _got(self._healthz_api.api_client, "healthz", {})
            except FileNotFoundError as error:
                raise FileNotFoundError(f"there is no Kubeflow Pipelines at this address: {error}") from None
            return SimpleNamespace(multi_user=found.get("multi_user", False))

        def set_user_namespace(self, namespace: str) -> None:
            self._context_setting["namespace"] = namespace

    volume = os.environ.get(KF_PIPELINES_SA_TOKEN_ENV, KF_PIPELINES_SA_TOKEN_PATH)
    return Client(
        host=address,
        existing_token=os.environ.get("KFP_EXISTING_TOKEN") or None,
        cookies=os.environ.get("KFP_COOKIES") or None,
        credentials=ServiceAccountTokenVolumeCredentials() if os.path.exists(volume) else None,
        ssl_ca_cert=os.environ.get("SSL_CERT_FILE"),
        **({"namespace": namespace} if namespace else {}),
    )
