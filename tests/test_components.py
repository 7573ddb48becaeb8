"""Components in KFP's style: what goes in by value and by file, what comes out, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from jupyter_viz import pipeline
from jupyter_viz.client import Client, load
from jupyter_viz.components import (
    InputPath,
    OutputPath,
    create_component_from_func,
    load_component_from_file,
    load_component_from_text,
    load_component_from_url,
)
from jupyter_viz.errors import ConfigurationError, InvalidOutput, RecordingFailed

_HEADER = "name: Shout\ninputs:\n- {name: Text, type: String}\n- {name: Times, type: Integer, default: '2'}\n"
_SHOUT = f"""{_HEADER}outputs:
- {{name: Loud text}}
implementation:
  container:
    image: alpine
    command:
    - {sys.executable}
    - -c
    - import sys; open(sys.argv[3], 'w').write(open(sys.argv[1]).read().upper() * int(sys.argv[2]))
    args: [{{inputPath: Text}}, {{inputValue: Times}}, {{outputPath: Loud text}}]
"""


class Counted(NamedTuple):
    words: int
    longest: str


def count(text_path: InputPath(str), note_path: OutputPath(str), least: int = 1) -> Counted:  # type: ignore[valid-type]
    """Count the words of a text."""
    words = [word for word in Path(text_path).read_text().split() if len(word) >= least]
    Path(note_path).write_text("counted")
    return Counted(len(words), max(words, key=len))


def test_a_functions_files_and_values_go_in_and_come_out(home: Path, tmp_path: Path) -> None:
    """`_path` drops off the names; files written and values returned are outputs alike; steps chain."""
    op = create_component_from_func(count, output_component_file=tmp_path / "component.yaml", base_image="python:3.11")
    shout = load_component_from_text(_SHOUT)

    @pipeline
    def words() -> None:
        note, *_ = op(text="a bb ccc", least=2)
        shout(note, times=3)

    run = words()
    assert [artifact.name for artifact in run.steps["count"].artifacts] == ["note", "words", "longest"]
    assert load("words@latest/count/words") == 2
    assert load("words@latest/count/longest") == "ccc"
    assert load("words@latest/Loud text".replace(" ", "%20")) == "COUNTED" * 3
    assert [given.name for given in run.steps["Shout"].inputs] == ["text"]


def test_the_written_yaml_says_what_kfp_needs(tmp_path: Path) -> None:
    import yaml

    create_component_from_func(count, output_component_file=tmp_path / "c.yaml", packages_to_install=["pandas"])
    component = yaml.safe_load((tmp_path / "c.yaml").read_text())
    assert component["inputs"] == [
        {"name": "text", "type": "String"},
        {"name": "least", "type": "Integer", "default": "1", "optional": True},
    ]
    assert component["outputs"] == [
        {"name": "note", "type": "String"},
        {"name": "words", "type": "Integer"},
        {"name": "longest", "type": "String"},
    ]


def test_a_command_that_fails_fails_its_step_with_what_it_said(home: Path) -> None:
    failing = _SHOUT.replace("import sys;", "import sys; sys.exit('no voice today');")
    with pytest.raises(RecordingFailed, match="no voice today"):
        load_component_from_text(failing)(text="hello")
    run = Client().get_pipeline_run("Shout@newest")
    assert "no voice today" in run.error
    assert "no voice today" in run.steps["Shout"].logs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\nimplementatoin: {}", "Did you mean 'implementation'"),
        ("name: x", "no implementation: container"),
        ("name: x\nimplementation: {container: {comand: []}}", "Did you mean 'command'"),
        ("[1", "not YAML"),
        ("- 1", "must hold names and values"),
    ],
)
def test_a_component_that_is_none_is_refused_by_its_key(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load_component_from_text(text)


def test_an_output_that_was_not_written_is_named(home: Path) -> None:
    silent = _SHOUT.replace("open(sys.argv[3], 'w').write", "print")
    with pytest.raises(InvalidOutput, match="'Loud text'"):
        load_component_from_text(silent)(text="hello")


def test_only_files_are_fetched(tmp_path: Path) -> None:
    (tmp_path / "component.yaml").write_text(_SHOUT)
    assert load_component_from_url((tmp_path / "component.yaml").as_uri()).name == "Shout"
    with pytest.raises(ConfigurationError, match="not fetched"):
        load_component_from_url("https://example.org/component.yaml")
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_component_from_file(tmp_path / "none.yaml")
