from __future__ import annotations

import pytest

from jupyter_viz.materializers import registered


@pytest.fixture(autouse=True)
def only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test defines is forgotten after it."""
    monkeypatch.setattr(registered, "_defined", dict(registered._defined))
