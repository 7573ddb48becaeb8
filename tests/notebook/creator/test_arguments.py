"""Arguments as a form and as JSON, each a view of the other."""

from __future__ import annotations

import json
from pathlib import Path

import ipywidgets as widgets
import pytest
from notebook.creator.conftest import choose

from jupyter_viz import Creator

SCORES = "churn@latest/scores"


def test_columns_are_chosen_from_those_of_the_source(panel: Creator) -> None:
    choose(panel, "roc_curve", SCORES)
    score = panel.arguments.fields["score"]
    assert [label for label, _ in score.options] == ["Choose…", "label", "p"]
    assert panel.arguments.fields["target"].label == "default: label"
    score.value = "p"
    panel.arguments.value = {}
    assert score.label == "Choose…"
    choose(panel, "table", SCORES)
    assert panel.arguments.fields["columns"].options == ("label", "p")
    choose(panel, "roc_curve", "s3://bucket/far-away.csv")  # nobody knows them: their names are typed
    assert panel.arguments.fields["score"].placeholder == "default: score"


@pytest.mark.parametrize(
    ("header", "filled"),
    [
        ("Y_true,proba", {"target": "Y_true", "score": "proba"}),
        ("label,score,p", {}),  # what the defaults say is there
        ("truth,actual,p", {"score": "p"}),  # which of them, nobody knows
        ("target,Target,x", {"target": "target"}),
    ],
)
def test_columns_that_are_called_as_usual_are_chosen(
    panel: Creator, tmp_path: Path, header: str, filled: dict[str, str]
) -> None:
    """Each is a proposal that stands in the form, to be seen and changed."""
    (tmp_path / "x.csv").write_text(f"{header}\n{','.join('1' for _ in header.split(','))}\n")
    choose(panel, "roc_curve", "x.csv")
    assert panel.arguments.value == filled
    shown = {name: panel.arguments.fields[name].value for name in ("target", "score")}
    assert {name: value for name, value in shown.items() if value in filled.values()} == filled


def test_a_field_is_as_its_argument(panel: Creator) -> None:
    choose(panel, "table", SCORES)
    kinds = {name: type(field) for name, field in panel.arguments.fields.items()}
    assert kinds["rows"] is widgets.IntSlider
    assert kinds["descending"] is kinds["sort"] is widgets.Dropdown
    assert kinds["search"] is kinds["where"] is widgets.Text
    assert "headers" not in kinds  # Kubeflow's word, which JSON has
    assert all(field.description and field.tooltip for field in panel.arguments.fields.values())
    choose(panel, "line", SCORES)
    assert isinstance(panel.arguments.fields["smooth"], widgets.FloatSlider)
    assert panel.arguments.fields["x"].description == "x *"


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("columns", ("p",), ["p"]),
        ("columns", (), None),
        ("rows", 20, 20),
        ("where", "p > 0.5, label = 1", ["p > 0.5", "label = 1"]),
        ("where", '["p > 0.5"]', ["p > 0.5"]),
        ("search", "x", "x"),
        ("sort", "p", "p"),
        ("descending", 0, True),
    ],
)
def test_what_the_form_has_json_has(panel: Creator, name: str, given: object, value: object) -> None:
    choose(panel, "table", SCORES)
    panel.arguments.fields[name].value = given
    wanted = {} if value is None else {name: value}
    assert panel.arguments.value == json.loads(panel.arguments.json.value) == wanted


def test_what_json_has_the_form_has(panel: Creator) -> None:
    choose(panel, "table", SCORES)
    panel.arguments.json.value = '{"columns": ["p"], "rows": 7, "where": ["p > 0"], "descending": true}'
    fields = panel.arguments.fields
    assert fields["columns"].value == ("p",)
    assert (fields["rows"].value, fields["where"].value, fields["descending"].label) == (7, "p > 0", "true")
    panel.arguments.json.value = ""
    assert (fields["columns"].value, fields["rows"].value, panel.arguments.value) == ((), 1000, {})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('{"rows": ', "Not JSON"),
        ("[1]", "a JSON object"),
        ('{"rosw": 1}', "Did you mean &#x27;rows&#x27;"),
    ],
)
def test_json_that_is_none_is_said_and_the_form_keeps_what_it_has(panel: Creator, typed: str, said: str) -> None:
    choose(panel, "table", SCORES, rows=7)
    panel.arguments.toggle.click()
    panel.arguments.json.value = typed
    assert said in panel.arguments.problem.value
    panel.arguments.toggle.click()  # there is no form of it to go back to
    panel.wait()
    assert panel.arguments.form.layout.display == "none"
    assert (panel.arguments.json.value, panel.arguments.value, panel.making.button.disabled) == (
        typed,
        {"rows": 7},
        True,
    )
    panel.arguments.json.value = '{"rows": 8}'
    panel.arguments.toggle.click()
    panel.wait()
    assert (panel.arguments.form.layout.display, panel.arguments.fields["rows"].value) == (None, 8)
    assert not panel.making.button.disabled


def test_what_two_types_know_stays_filled_in(panel: Creator) -> None:
    choose(panel, "roc_curve", SCORES, score="p", positive=1)
    choose(panel, "histogram", SCORES)
    assert panel.arguments.value == {}
    choose(panel, "roc_curve", SCORES, score="p")
    choose(panel, "precision_recall", SCORES)
    assert panel.arguments.fields["score"].value == "p"


def test_code_takes_arguments_as_json(panel: Creator) -> None:
    choose(panel, "custom")
    assert panel.arguments.json.layout.display is None
    panel.arguments.json.value = '{"any": [1]}'
    assert panel.arguments.value == {"any": [1]}
