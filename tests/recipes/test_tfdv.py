"""A file of TFDV without the library that reads it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingExtra


def test_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow_metadata", None)
    (tmp_path / "FeatureStats.pb").write_bytes(b"")
    with pytest.raises(MissingExtra, match=r"pip install 'jupyter_viz\[tfdv\]'"):
        visualize("tfdv", str(tmp_path / "FeatureStats.pb"))


def test_other_recipes_say_what_they_read(tmp_path: Path) -> None:
    (tmp_path / "FeatureStats.pb").write_bytes(b"")
    with pytest.raises(InvalidArgument, match=r"'table' reads a table; .* is statistics"):
        visualize("table", str(tmp_path / "FeatureStats.pb"))
