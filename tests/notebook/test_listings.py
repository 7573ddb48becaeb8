"""Lists that read well in a notebook and in a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from jupyter_viz.config import load_configuration
from jupyter_viz.notebook.listings import other_catalog, recipes_listing, status_lines
from jupyter_viz.registry import Broken
from jupyter_viz.service import Service


def test_a_broken_plugin_is_listed() -> None:
    assert "ImportError: no" in repr(recipes_listing([], [Broken("mine", "ImportError: no")]))


def test_status_names_the_catalog_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_VIZ_CATALOG", "postgresql://ann:geheim@127.0.0.1:1/viz")
    lines = "\n".join(status_lines(Service(load_configuration())))
    assert "unavailable" in lines
    assert "problem" in lines
    assert "geheim" not in lines


def test_a_kernel_that_sees_another_catalog_is_told_in_one_line(
    recorded_home: Any, monkeypatch: pytest.MonkeyPatch, python: Callable[..., str], tmp_path: Any
) -> None:
    """A kernel of another environment with a JUPYTER_VIZ_HOME of its own: told, with the way out."""
    identity = Service(load_configuration()).catalog.id
    monkeypatch.setenv("JUPYTER_VIZ_SERVER_CATALOG", identity)
    assert other_catalog(identity) is None
    code = """if True:
        from jupyter_viz.config import load_configuration
        from jupyter_viz.notebook.listings import status_lines
        from jupyter_viz.service import Service
        print("\\n".join(status_lines(Service(load_configuration()))))
    """
    lines = python(code, JUPYTER_VIZ_HOME=str(tmp_path / "other")).splitlines()
    [problem] = [line for line in lines if line.startswith("problem")]
    assert f"the sidebar {identity}: remove JUPYTER_VIZ_HOME" in problem
    same = python(code, HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path), USER="another")
    assert identity in same
    assert "problem" not in same
    assert os.environ["JUPYTER_VIZ_HOME"] == str(recorded_home.home)
