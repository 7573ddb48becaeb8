"""The special strings are strings."""

from __future__ import annotations

import copy
import pickle

import pytest

from jupyter_viz.types import CSVString, HTMLString, JSONString, MarkdownString


@pytest.mark.parametrize("kind", [CSVString, HTMLString, JSONString, MarkdownString])
def test_a_special_string_goes_wherever_a_string_goes(kind: type[str]) -> None:
    value = kind("<b>1</b>")
    assert value == "<b>1</b>"
    assert isinstance(value, str)
    assert type(pickle.loads(pickle.dumps(value))) is kind
    assert type(copy.copy(value)) is kind
