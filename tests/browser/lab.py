"""A real JupyterLab in a process of its own, and the way into it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the benchmarks start a Lab too, where there may be no Playwright
    from playwright.sync_api import Page

TOKEN = "for-these-tests-only"
BASE = "/user/ann@x/"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers; whether it lets us in is for the tests
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer:\n{log.read_text()[-3000:]}")


@dataclass
class Lab:
    """JupyterLab, or another app of it, in a home of its own. `stop` and `start` restart it over the same files."""

    folder: Path
    base: str = BASE
    python: str = sys.executable
    module: str = "jupyterlab"
    app: str = "LabApp"
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        return kept | {
            "HOME": str(self.folder / "home"),
            "JUPYTER_VIZ_HOME": str(self.folder / "viz"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    def start(self, *more: str) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
        log = self.folder / "lab.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    self.python,
                    *("-m", self.module, "--no-browser", "--allow-root"),
                    *("--ServerApp.ip=127.0.0.1", f"--port={self.port}", "--ServerApp.port_retries=0"),
                    *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.base_url={self.base}"),
                    *(f"--ServerApp.root_dir={self.root}", f"--{self.app}.expose_app_in_browser=True"),
                    *(f"--{self.app}.user_settings_dir={self.folder / 'settings'}",),
                    *(f"--{self.app}.workspaces_dir={self.folder / 'workspaces'}",),
                    *more,
                ],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_until_answers(f"{self.url}api", self._process, log)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                # One that is told to stop while it starts a kernel may wait for a thread of its own for ever.
                self._process.wait(6)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
            self._process = None

    def run(self, script: str, *arguments: str) -> str:
        """Run Python in another process that sees the same catalog; returns what it printed."""
        done = subprocess.run(
            [self.python, "-c", script, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def open_lab(page: Page, address: str, path: str = "lab") -> None:
    """Log in with the token in the address, as the link that Jupyter prints does, and wait until Lab is up."""
    page.goto(f"{address}{path}?token={TOKEN}")
    page.wait_for_function("window.jupyterapp?.restored !== undefined")
    page.evaluate("() => window.jupyterapp.restored.then(() => undefined)")
    page.wait_for_selector("#jp-main-dock-panel")
