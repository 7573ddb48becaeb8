"""Arguments are checked before anything is started, in sentences that name the way out."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_viz.errors import InvalidArgument, MissingColumn
from jupyter_viz.recipes.schema import RecipeInfo

INFO = RecipeInfo(
    "plot",
    "Plot",
    "Plots.",
    arguments={
        "type": "object",
        "properties": {
            "column": {"type": "string", "format": "column"},
            "more": {"type": ["array", "null"], "items": {"type": "string", "format": "column"}, "default": None},
            "bins": {"type": "integer", "default": 10, "description": "How many."},
            "optional": {"type": ["string", "null"], "format": "column", "default": None},
        },
        "required": ["column"],
        "additionalProperties": False,
    },
)
OPEN = RecipeInfo("custom", "Custom", "x", arguments={"type": "object", "additionalProperties": True})


def test_defaults_are_filled_in() -> None:
    assert INFO.checked({"column": "a"}) == {"column": "a", "more": None, "bins": 10, "optional": None}
    assert INFO.checked({"column": "a", "bins": 3})["bins"] == 3


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({}, InvalidArgument, "'plot' needs the argument 'column'"),
        ({"column": "a", "bin": 1}, InvalidArgument, r"no argument 'bin'.*Did you mean 'bins'"),
        ({"column": 5}, InvalidArgument, "argument 'column': 5 is not of type 'string'"),
        ({"column": "a", "bins": "3"}, InvalidArgument, "argument 'bins'"),
        ({"column": "a", "bins": 1.5}, InvalidArgument, "argument 'bins'"),
        ({"column": "a", "bins": True}, InvalidArgument, "argument 'bins'"),
        ({"column": "a", "more": 5}, InvalidArgument, "argument 'more'"),
        ({"column": "a", "more": "c"}, MissingColumn, "'more': the source has no column 'c'"),
        ({"column": "a", "more": [1]}, InvalidArgument, r"argument 'more\.0'"),
        ({"column": "A"}, MissingColumn, r"'column': the source has no column 'A'.*a, b"),
        ({"column": "a", "more": ["b", "c"]}, MissingColumn, "'more': the source has no column 'c'"),
        ({"column": "a", "optional": "c"}, MissingColumn, "'optional'"),
    ],
)
def test_what_does_not_fit_is_named(arguments: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        INFO.checked(arguments, ["a", "b"])


def test_one_text_is_a_list_of_it() -> None:
    """In Python as on a `%viz` line."""
    assert INFO.checked({"column": "a", "more": "b"}, ["a", "b"])["more"] == ["b"]
    assert INFO.checked({"column": "a", "optional": "b"})["optional"] == "b"


def test_columns_that_are_not_known_yet_are_not_checked() -> None:
    assert INFO.checked({"column": "whatever"})["column"] == "whatever"


def test_custom_code_takes_any_argument() -> None:
    assert OPEN.checked({"a": [1, {"b": None}]}) == {"a": [1, {"b": None}]}


def test_a_long_wrong_value_is_not_repeated_whole() -> None:
    with pytest.raises(InvalidArgument) as caught:
        INFO.checked({"column": ["x" * 100_000]})
    assert len(str(caught.value)) < 700


def test_the_example_shows_what_is_needed_and_what_is_optional() -> None:
    assert INFO.placeholder.splitlines() == [
        "column: …",
        "# more: null",
        "# bins: 10  # How many.",
        "# optional: null",
    ]
