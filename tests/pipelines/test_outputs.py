"""Outputs get the names their author wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypedDict

import pandas as pd
import pytest

from jupyter_viz.errors import InvalidOutput
from jupyter_viz.pipelines.outputs import named_outputs, output_names

if TYPE_CHECKING:
    from somewhere import Model  # type: ignore[import-not-found]


class Split(NamedTuple):
    train: Annotated[int, "ignored: the field's name counts"]
    test: int


class Parts(TypedDict):
    train: pd.DataFrame
    test: Annotated[int, "ignored: the key counts"]


class SomeParts(TypedDict, total=False):
    train: int
    test: int


def nothing(): ...  # type: ignore[no-untyped-def]
def none() -> None: ...
def plain() -> int: ...
def anything() -> Any: ...
def one() -> Annotated[pd.DataFrame, "scores"]: ...
def documented() -> Annotated[int, 5, "n", "the number"]: ...
def two() -> tuple[Annotated[int, "a"], Annotated[str, "b"]]: ...
def half_named() -> tuple[Annotated[int, "a"], str]: ...
def unnamed_tuple() -> tuple[int, str]: ...
def many() -> tuple[int, ...]: ...
def whole_tuple() -> Annotated[tuple[int, str], "pair"]: ...
def named_tuple() -> Split: ...
def typed_dict() -> Parts: ...
def open_dict() -> SomeParts: ...
def plain_dict() -> dict[str, int]: ...
def whole_dict() -> Annotated[Parts, "parts"]: ...
def of_checkers_only() -> Model: ...
def annotated_checkers_only() -> Annotated[Model, "model"]: ...
def parameter_of_checkers_only(model: Model) -> Annotated[int, "n"]: ...
def no_such_attribute() -> pd.NoSuchThing: ...
def twice() -> tuple[Annotated[int, "a"], Annotated[int, "a"]]: ...


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (nothing, None),
        (none, []),
        (plain, None),
        (anything, None),
        (one, ["scores"]),
        (documented, ["n"]),
        (two, ["a", "b"]),
        (half_named, ["a", "output_1"]),
        (unnamed_tuple, ["output_0", "output_1"]),
        (many, None),
        (whole_tuple, ["pair"]),
        (named_tuple, ["train", "test"]),
        (typed_dict, ["train", "test"]),
        (plain_dict, None),
        (whole_dict, ["parts"]),
        (of_checkers_only, None),
        (parameter_of_checkers_only, ["n"]),
        (no_such_attribute, None),
    ],
)
def test_names_of_every_annotation(function: Any, names: list[str] | None) -> None:
    assert output_names(function) == names


@pytest.mark.parametrize(
    ("function", "returned", "outputs"),
    [
        (nothing, 5, {"output": 5}),
        (nothing, None, {}),
        (nothing, (1, 2), {"output": (1, 2)}),
        (nothing, Split(1, 2), {"train": 1, "test": 2}),
        (none, None, {}),
        (plain, 5, {"output": 5}),
        (one, None, {"scores": None}),
        (two, (1, "x"), {"a": 1, "b": "x"}),
        (two, [1, "x"], {"a": 1, "b": "x"}),
        (two, Split(1, 2), {"a": 1, "b": 2}),
        (unnamed_tuple, (1, "x"), {"output_0": 1, "output_1": "x"}),
        (many, (1, 2, 3), {"output": (1, 2, 3)}),
        (whole_tuple, (1, "x"), {"pair": (1, "x")}),
        (named_tuple, Split(1, 2), {"train": 1, "test": 2}),
        (typed_dict, {"test": 2, "train": 1}, {"train": 1, "test": 2}),
        (open_dict, {"test": 2}, {"test": 2}),
        (plain_dict, {"train": 1}, {"output": {"train": 1}}),
        (whole_dict, {"train": 1}, {"parts": {"train": 1}}),
        (nothing, {"train": 1}, {"output": {"train": 1}}),
    ],
)
def test_values_by_name(function: Any, returned: Any, outputs: dict[str, Any]) -> None:
    assert named_outputs(function, returned) == outputs


@pytest.mark.parametrize(
    ("function", "returned", "said"),
    [
        (none, 5, "annotated to return None, but returned a int"),
        (two, (1,), r"names 2 outputs \(a, b\), but returned 1"),
        (two, (1, 2, 3), r"names 2 outputs \(a, b\), but returned 3"),
        (two, 5, "but returned 1"),
        (two, None, "but returned 1"),
        (two, "ab", "but returned 1"),
        (twice, (1, 2), "several outputs 'a'"),
        (typed_dict, {"train": 1}, "names an output 'test', but the dict it returned has none"),
        (typed_dict, {"train": 1, "tset": 2}, "returned 'tset', which is not named. Did you mean 'test'"),
        (typed_dict, (1, 2), r"names 2 outputs \(train, test\), but returned a tuple, no dict"),
    ],
)
def test_what_does_not_fit_is_said_with_the_names(function: Any, returned: Any, said: str) -> None:
    with pytest.raises(InvalidOutput, match=said):
        named_outputs(function, returned)


@pytest.mark.parametrize(
    ("given", "returned", "outputs"),
    [
        (["a", "b"], {"b": 2, "a": 1}, {"a": 1, "b": 2}),
        (["a", "b"], (1, 2), {"a": 1, "b": 2}),
        (["a"], {"a": 1}, {"a": {"a": 1}}),
    ],
)
def test_names_given_to_the_step_go_before_the_annotations(given: Any, returned: Any, outputs: Any) -> None:
    assert named_outputs(plain, returned, given) == outputs


@pytest.mark.parametrize(
    ("returned", "said"), [({"a": 1}, "'b', but the dict it returned has none"), ((1,), "but returned 1")]
)
def test_what_does_not_fit_the_given_names_is_said(returned: Any, said: str) -> None:
    with pytest.raises(InvalidOutput, match=said):
        named_outputs(nothing, returned, ["a", "b"])
