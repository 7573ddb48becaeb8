"""Numbers and texts in figures mean what they say."""

from __future__ import annotations

import json
import math

import pytest

from jupyter_viz.recipes.style import layout, plain, rounded, short


def test_numbers_are_rounded_to_six_digits_and_plain_json() -> None:
    values = rounded([1 / 3, 1e-9 / 3, 123456789.0, math.nan, math.inf, 0])
    assert values == [0.333333, 3.33333e-10, 123457000.0, None, None, 0]
    json.dumps(values, allow_nan=False)


@pytest.mark.parametrize("text", ["<b>bold</b>", "a & b", "<a href='javascript:x'>", "1 < 2 > 0"])
def test_no_text_is_markup(text: str) -> None:
    """A column called `<b>` is shown as that, not as bold."""
    assert "<" not in plain(text)
    assert "<" not in json.dumps(layout(text, text, text))


@pytest.mark.parametrize(
    ("value", "expected"), [("x" * 41, "x" * 39 + "…"), (1.0, "1"), (0.1 + 0.2, "0.3"), (True, "True")]
)
def test_long_names_are_cut(value: object, expected: str) -> None:
    assert short(value) == expected
