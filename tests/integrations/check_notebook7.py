"""Beside Notebook 7: both halves of the extension are found and enabled. What it shows, a browser looks at."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def listed(command: str, *words: str) -> str:
    # By its path: `jupyter COMMAND` would take the first that PATH leads to.
    program = Path(sys.executable).with_name(command)
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=120)
    # Where each of them writes differs by version; it is coloured.
    return re.sub(r"\x1b\[\d*m", "", done.stdout + done.stderr)


def test_the_front_end_is_enabled() -> None:
    lines = listed("jupyter-labextension", "list").splitlines()
    assert any("jupyter-viz" in line and "enabled" in line for line in lines)


def test_the_server_side_is_enabled() -> None:
    assert "jupyter_viz enabled" in listed("jupyter-server", "extension", "list")
