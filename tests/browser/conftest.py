"""A real JupyterLab, straight and behind nginx, and a page of Chromium on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.court import RECORD, Recorded
from browser.lab import Lab, free_port, wait_until_answers
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE_MS = 45_000
expect.set_options(timeout=PATIENCE_MS)

# nginx decodes and normalizes the path before it sends it on, as proxies that strip a prefix do.
_NGINX = """\
{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port};
    location {base} {{
      proxy_pass http://127.0.0.1:{upstream}{base};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 300s;
    }}
  }}
}}
"""


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """pytest-jupyter's event loop, not wanted here: Playwright runs one of its own in this thread."""


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> None:
    """pytest-jupyter's server, not wanted here: these run in processes of their own."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests: Playwright's event loop must be gone when other folders' tests start theirs."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: `make system` installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    lab.start()
    yield lab
    lab.stop()


@pytest.fixture(scope="module")
def runs(lab: Lab) -> list[Recorded]:
    return [Recorded(**run) for run in json.loads(lab.run(RECORD, "11", "12", "13"))]


@pytest.fixture(scope="module", params=["straight", "behind nginx"])
def address(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the browser finds the Lab: its own port, or that of a proxy in front of it."""
    if request.param == "straight":
        yield lab.url
        return
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    folder.chmod(0o755)
    config, log = folder / "nginx.conf", folder / "nginx.log"
    # Its worker must be able to write below `folder`; only root can, and need, say who that is.
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(_NGINX.format(user=user, folder=folder, port=port, upstream=lab.port, base=lab.base))
    with log.open("wb") as output:
        proxy = subprocess.Popen(["nginx", "-e", "stderr", "-c", str(config)], stdout=output, stderr=output)
    try:
        wait_until_answers(f"http://127.0.0.1:{port}{lab.base}api", proxy, log)
        yield f"http://127.0.0.1:{port}{lab.base}"
    finally:
        proxy.terminate()
        proxy.wait(10)


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a fresh profile at 1440×900; where the test fails, its picture is kept in test-results/."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    errors: list[str] = []
    # Ours only: Lab itself throws "Failed to fetch" at a reload, for requests that were under way.
    page.on("pageerror", lambda error: errors.append(str(error.stack)) if "jupyter-viz" in str(error.stack) else None)
    failed_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed_before:
        results = Path(request.config.rootpath, "test-results")
        results.mkdir(exist_ok=True)
        page.screenshot(path=results / f"{request.node.name.replace('/', '_')}.png")
    context.close()
    assert not errors, f"JavaScript errors on the page: {errors}"
