"""What jupyter_viz adds to the start of a process: its imports, and JupyterLab with and without its server extension.

    python benchmarks/start.py [--rounds N]

Medians of the rounds, by turns, each in a new process. JupyterLab counts from its start to its answer to GET /lab.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict

IMPORTS = {
    "import jupyter_viz": ("", "jupyter_viz"),
    "from jupyter_viz import step": ("", "jupyter_viz.pipelines.step"),
    "the server extension, in a server": ("import jupyter_server.serverapp", "jupyter_viz.app"),
}


def imported(before: str, module: str) -> float:
    code = f"import time\n{before}\nbegan = time.perf_counter()\nimport {module}\nprint(time.perf_counter() - began)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def lab(extension: bool) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        own = {"HOME": home, "JUPYTER_VIZ_HOME": home, "JUPYTER_CONFIG_DIR": home, "JUPYTER_DATA_DIR": home}
        options = [f"--port={port}", "--no-browser", "--allow-root", "--IdentityProvider.token="]
        chosen = f"--ServerApp.jpserver_extensions={{'jupyter_viz': {extension}}}"
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, chosen, f"--notebook-dir={home}"],
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while process.poll() is None:
                connection = http.client.HTTPConnection("127.0.0.1", port)
                try:
                    connection.request("GET", "/lab")
                    if connection.getresponse().status == 200:
                        return time.perf_counter() - began
                except OSError:
                    time.sleep(0.01)
                finally:
                    connection.close()
            raise RuntimeError(f"JupyterLab ended with {process.returncode} before it answered.")
        finally:
            process.terminate()
            process.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(options.rounds):
        for title, (before, module) in IMPORTS.items():
            found[title].append(imported(before, module))
        for title, extension in {"JupyterLab without": False, "JupyterLab with": True}.items():
            found[title].append(lab(extension))
    for title, times in found.items():
        print(f"{title:36s}{statistics.median(times) * 1000:8.0f} ms  (least {min(times) * 1000:.0f})")


if __name__ == "__main__":
    main()
