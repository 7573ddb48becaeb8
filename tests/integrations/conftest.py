"""What all checks share: a home and a working folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_VIZ_HOME", str(tmp_path / "viz"))
    monkeypatch.chdir(tmp_path)
    return tmp_path
