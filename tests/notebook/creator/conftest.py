"""A panel over the recorded home, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz import Creator
from jupyter_viz.notebook import elsewhere


@pytest.fixture(autouse=True, scope="module")
def ended() -> Iterator[None]:
    yield
    elsewhere.stop()


@pytest.fixture
def panel(recorded_home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Creator]:
    monkeypatch.chdir(tmp_path)
    made = Creator()
    yield made
    made.close()
    assert made.wait(60)


def choose(panel: Creator, recipe: str, source: str = "", **arguments: Any) -> None:
    """Fill in the fields, and wait until the panel has looked at them."""
    panel.type.value, panel.source.value = recipe, source
    assert panel.wait(60)
    panel.arguments.value = {**panel.arguments.value, **arguments}
    assert panel.wait(60)


def generate(panel: Creator) -> None:
    """Press the button, and wait for what comes of it."""
    assert not panel.making.button.disabled, panel.making.progress.value
    panel.making.button.click()
    assert panel.wait(120)
