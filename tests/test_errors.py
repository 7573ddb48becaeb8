"""Programs switch on `code`; people read the sentence."""

from __future__ import annotations

import inspect
import re

import pytest

from jupyter_viz import errors
from jupyter_viz.errors import VizError, did_you_mean


def _tree(kind: type[VizError]) -> list[type[VizError]]:
    # Only the package's own: a test elsewhere may have made one.
    below = [sub for sub in kind.__subclasses__() if sub.__module__ == errors.__name__]
    return [kind, *(each for sub in below for each in _tree(sub))]


ALL = _tree(VizError)


def test_codes_are_unique() -> None:
    """Two different failures are never told apart by their text alone."""
    codes = [kind.__dict__.get("code") for kind in ALL]
    assert None not in codes
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z][a-z_]{1,39}", code) for code in codes)  # 40: the width of the catalog's column


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_an_http_status(kind: type[VizError]) -> None:
    assert 400 <= kind.status < 600


def test_the_documented_tree_is_the_tree() -> None:
    """The tree in the docstring names every error, under its parent, with its status."""
    stack: list[type[VizError]] = []
    seen = []
    for line in inspect.cleandoc(errors.__doc__ or "").splitlines():
        if not (match := re.match(r"([│├└─ ]*)([A-Z]\w+)(?: (\d{3}))?(?:\s|$)", line)) or not hasattr(errors, match[2]):
            continue
        depth, kind = len(match[1]) // 4, getattr(errors, match[2])
        seen.append(kind)
        assert (match[3] is not None) == ("status" in kind.__dict__ and kind is not VizError)
        if match[3]:
            assert kind.status == int(match[3])
        if depth:
            assert kind.__base__ is stack[depth - 1]
        stack[depth:] = [kind]
    assert sorted(kind.__name__ for kind in seen) == sorted(kind.__name__ for kind in ALL)


def test_a_typo_is_answered_with_the_nearest_name() -> None:
    assert "'roc_curve'" in did_you_mean("roc_curv", ["roc_curve", "table"])


def test_few_names_are_all_offered_and_many_are_not() -> None:
    """Where nothing is near, the names there are help; a thousand of them would not."""
    assert did_you_mean("xyz", ["b", "a"]) == " There is: a, b."
    many = [f"column_{number}" for number in range(1000)]
    assert did_you_mean("column_77x", many) == " Did you mean 'column_77'?"
    assert did_you_mean("zzz", many).endswith(", ….")
    assert did_you_mean("xyz", []) == ""
