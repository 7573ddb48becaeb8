"""What holds for every recipe over a table: it says what it is, can be read without eyes, and fits into a notebook."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from jupyter_viz import registry, visualize
from jupyter_viz.enums import ArtifactKind
from jupyter_viz.errors import VizError
from jupyter_viz.recipes.known import find_recipe
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.still import still_picture
from jupyter_viz.views import FigureColumn

from .examples import EXAMPLES, OF_JSON, source_of, table_of

RECIPES = sorted(registry.found(registry.RECIPES))
# Those that look at several sources at once have tests of their own: test_runs, test_diff, test_image_gallery.
OF_TABLES = [
    name
    for name in RECIPES
    if ArtifactKind.TABLE in find_recipe(name).info.source_kinds and not find_recipe(name).takes_all
]
LARGEST = 300_000  # characters of a bundle: a notebook with ten plots stays one that can be mailed


@pytest.mark.parametrize("name", RECIPES)
def test_it_says_what_it_is(name: str) -> None:
    info = find_recipe(name).info
    assert info.name == name
    assert info.title
    assert len(info.description) > 20
    for argument, schema in info.arguments.get("properties", {}).items():
        assert schema.get("description"), f"argument {argument} has no text under Args"


def test_each_has_an_example() -> None:
    assert set(OF_TABLES) == set(EXAMPLES)


@pytest.mark.parametrize("name", [*OF_TABLES, *OF_JSON])
def test_what_it_shows_can_be_read_without_eyes_and_without_a_kernel(name: str) -> None:
    data, arguments = (EXAMPLES | OF_JSON)[name]
    result = visualize(name, source_of(data), **arguments)
    bundle = result._repr_mimebundle_()
    text = json.dumps(bundle, allow_nan=False)
    assert len(text) < LARGEST
    own = bundle[MIME]
    assert own["version"] == 1
    assert len(own["alt"]) > 30
    assert own["alt"].endswith(".")
    assert own["title"]
    assert str(own["title"]) in bundle["text/plain"]
    assert own["metrics"]
    assert "<table" in bundle["text/html"]
    if own["kind"] != "figure":
        return
    columns = own["table"]["columns"]
    lengths = {len(FigureColumn(**column).found_in(bundle[PLOTLY])) for column in columns}
    assert len(lengths) == 1
    assert lengths == {own["table"]["total"]}
    assert own["table"]["total"] > 0
    assert len(result.data)
    assert still_picture(bundle[PLOTLY]), "it has no still picture"
    layout = bundle[PLOTLY]["layout"]
    assert layout["title"]["text"]
    assert layout["xaxis"]["title"]["text"]
    assert layout["yaxis"]["title"]["text"]


@pytest.mark.parametrize("name", OF_TABLES)
def test_the_same_again_is_the_same(name: str) -> None:
    """Nothing depends on the order in which an engine returns rows, nor on chance without a seed."""
    data, arguments = EXAMPLES[name]
    first = visualize(name, table_of(data), **arguments)._repr_mimebundle_()
    mixed = table_of(data).sample(frac=1, random_state=1) if name != "table" else table_of(data)
    again = visualize(name, mixed, **arguments)._repr_mimebundle_()
    assert json.dumps(again[MIME]) == json.dumps(first[MIME])
    assert json.dumps(again.get(PLOTLY)) == json.dumps(first.get(PLOTLY))


# Tables that nobody made for a plot. Each recipe gives an answer, or an error of ours that says what to do.


def _spoilt() -> dict[str, Any]:
    def all_of(value: Any) -> Any:
        def spoil(frame: pd.DataFrame) -> pd.DataFrame:
            return frame.assign(**dict.fromkeys(frame.columns, value))

        return spoil

    return {
        "empty": lambda frame: frame.head(0),
        "one row": lambda frame: frame.head(1),
        "one value": lambda frame: frame.assign(**{name: frame[name].iloc[0] for name in frame.columns}),
        "all missing": all_of(None),
        "not a number": lambda frame: frame.assign(
            **{name: float("nan") for name in frame.select_dtypes("number").columns}
        ),
        "infinite": lambda frame: frame.assign(**{name: float("inf") for name in frame.select_dtypes("float").columns}),
        "text in every column": lambda frame: frame.astype(str) + " $x_1$ <b>bold</b> %{y}",
        "every row another text": lambda frame: pd.concat([frame] * 20, ignore_index=True).assign(
            **{
                name: [f"value {n}" for n in range(20 * len(frame))]
                for name in frame.select_dtypes(exclude="number").columns
            }
        ),
        "dates": all_of(pd.Timestamp("2024-02-29T12:00:00Z")),
        "huge": lambda frame: frame.assign(**dict.fromkeys(frame.select_dtypes("float").columns, 1e308)),
    }


@pytest.mark.parametrize("how", _spoilt())
@pytest.mark.parametrize("name", OF_TABLES)
def test_bad_input_is_answered(name: str, how: str) -> None:
    data, arguments = EXAMPLES[name]
    bundle, said = {}, ""
    try:
        bundle = visualize(name, _spoilt()[how](table_of(data)), **arguments)._repr_mimebundle_()
    except VizError as error:
        said = str(error)
    assert bundle or said.strip().endswith((".", "?"))
    assert len(json.dumps(bundle, allow_nan=False)) < LARGEST
    if PLOTLY in bundle:
        still_picture(bundle[PLOTLY])
