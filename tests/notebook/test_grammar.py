"""What is written on the line is what arrives."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_viz.errors import InvalidArgument
from jupyter_viz.notebook.grammar import parse_body, parse_line, typed
from jupyter_viz.recipes.known import find_recipe


@pytest.mark.parametrize(
    ("text", "words", "options"),
    [
        ("", [], {}),
        ("  ", [], {}),
        ("roc_curve a@latest/b", ["roc_curve", "a@latest/b"], {}),
        ("roc_curve a@latest/b --target label", ["roc_curve", "a@latest/b"], {"target": "label"}),
        ("--target=label roc_curve x", ["roc_curve", "x"], {"target": "label"}),
        ("r x --a-b c", ["r", "x"], {"a_b": "c"}),
        ("r 'two words.csv' --t \"it's\"", ["r", "two words.csv"], {"t": "it's"}),
        ("r x --t '{y} $HOME {{z}}'", ["r", "x"], {"t": "{y} $HOME {{z}}"}),
        ("r x --t=a=b", ["r", "x"], {"t": "a=b"}),
        ("r x --t ''", None, None),
        ("r x --t=", ["r", "x"], {"t": ""}),
        ("r x --n -5", ["r", "x"], {"n": "-5"}),
        ("r x # no comment", ["r", "x", "#", "no", "comment"], {}),
        ("r é🚀", ["r", "é🚀"], {}),
    ],
)
def test_lines(text: str, words: Any, options: Any) -> None:
    if words is None:
        with pytest.raises(InvalidArgument):
            parse_line(text)
        return
    line = parse_line(text)
    assert (line.words, line.options) == (words, options)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("r 'open", "Close the quotation"),
        ("r x --target", "--target needs a value: --target VALUE"),
        ("r x --target --score p", "--target needs a value"),
        ("r x --t a --t b", "--t is given twice"),
        ("r x --a-b 1 --a_b 2", "--a_b is given twice"),
    ],
)
def test_lines_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        parse_line(text)


@pytest.mark.parametrize(
    ("recipe", "options", "values"),
    [
        ("roc_curve", {"target": "1", "score": "true"}, {"target": "1", "score": "true"}),  # names of columns stay text
        ("roc_curve", {"positive": "1"}, {"positive": 1}),
        ("roc_curve", {"positive": "yes please"}, {"positive": "yes please"}),
        ("table", {"rows": "5"}, {"rows": 5}),
        ("table", {"columns": "a, b"}, {"columns": ["a", "b"]}),
        ("table", {"columns": "a"}, {"columns": ["a"]}),
        ("table", {"columns": "['a, b', c]"}, {"columns": ["a, b", "c"]}),
        ("table", {"headers": "false"}, {"headers": False}),
        ("table", {"headers": "a, b"}, {"headers": ["a", "b"]}),
        ("roc_curve", {"true_score_column": "true"}, {"true_score_column": "true"}),
        ("roc_curve", {"true_score_column": "null"}, {"true_score_column": None}),
        ("custom", {"anything": "[1, {a: null}]"}, {"anything": [1, {"a": None}]}),
    ],
)
def test_options_are_of_their_type(recipe: str, options: dict[str, str], values: dict[str, Any]) -> None:
    found = typed(options, find_recipe(recipe).info)
    assert found == values


@pytest.mark.parametrize(
    ("options", "said"),
    [({"row": "5"}, r"no option --row.*Did you mean 'rows'"), ({"rows": "[1"}, "Option --rows is not YAML")],
)
def test_options_that_are_none(options: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        typed(options, find_recipe("table").info)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("# only a comment\n", {}),
        ("target: label\nscore: p", {"target": "label", "score": "p"}),
        ("columns: [a, b]\nrows: 5", {"columns": ["a", "b"], "rows": 5}),
        ("text: '{x} $HOME'", {"text": "{x} $HOME"}),
    ],
)
def test_bodies(text: str, values: dict[str, Any]) -> None:
    assert parse_body(text) == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [", "not YAML in line"),
        ("just text", "one a line: `target: label`"),
        ("- a\n- b", "one a line"),
        ("1: a", "one a line"),
        ("a: !!python/object/apply:os.system ['x']", "not YAML in line 1"),
        ("a: \0", "not YAML"),
    ],
)
def test_bodies_that_are_none(text: str, said: str) -> None:
    """The line of the mistake is named, and no YAML tag builds an object."""
    with pytest.raises(InvalidArgument, match=said):
        parse_body(text)
