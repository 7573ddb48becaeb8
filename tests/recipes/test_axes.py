"""Groups and names of the user's data, as figures and sentences have them."""

from __future__ import annotations

import pytest

from jupyter_viz.recipes.axes import all_of, in_order, left_out, legend_of, listed, names_of


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["10", "9", "-1", "2.5"], ["-1", "2.5", "9", "10"]),
        (["run-10", "run-9", "run-1"], ["run-1", "run-9", "run-10"]),
        (["b", "10", "a", "9"], ["9", "10", "a", "b"]),
        (["2024-02-01", "2023-12-31"], ["2023-12-31", "2024-02-01"]),
        (["1", "01", "1.0"], ["01", "1", "1.0"]),
        (["nan", "b", "1", "inf"], ["1", "b", "inf", "nan"]),
        (["a²", "a2", "³"], ["a2", "a²", "³"]),
    ],
)
def test_groups_stand_in_the_order_people_count_in(values: list[str], expected: list[str]) -> None:
    assert in_order(values) == expected
    assert in_order(reversed(values)) == expected


def test_no_two_names_are_the_same() -> None:
    assert names_of(["other", None, "", "a" * 50, "a" * 51]) == [
        "other",
        "other (2)",
        "(empty)",
        "a" * 39 + "…",
        "a" * 39 + "… (2)",
    ]


def test_a_long_legend_stands_beside_the_plot() -> None:
    assert legend_of(["a", "b"])["legend"]["orientation"] == "h"
    assert legend_of(list("abcdefgh"))["legend"]["orientation"] == "h"
    assert legend_of(list("abcdefghi"))["legend"]["orientation"] == "v"
    assert legend_of(["a" * 40] * 3)["legend"]["orientation"] == "v"


def test_sentences() -> None:
    assert left_out(5, 5, 0, "x") is None
    assert left_out(5, 3, 0, "x or y") == "2 of 5 rows have no x or y and are left out."
    assert listed([f"c{number}" for number in range(12)]) == "c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more"


def test_many_conditions_are_no_deep_chain() -> None:
    def depth(made: object) -> int:
        return 1 + max(map(depth, made.args)) if isinstance(made, _Both) else 0

    assert depth(all_of([_Both() for _ in range(1000)])) == 11


class _Both:
    def __init__(self, *args: object) -> None:
        self.args = args or (None,)

    def __and__(self, other: object) -> _Both:
        return _Both(self, other)
