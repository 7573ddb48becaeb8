"""A cell of one's own code becomes a recipe: named, with typed arguments, a cell again, and shown of every run."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from jupyter_viz import cli
from jupyter_viz.errors import CustomDisabled
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.recipes.known import import_all

from .conftest import Shell

CELL = """%%viz custom churn@latest/evaluate/scores --by label --bins 3 --save-as label_slices{more}
# How many rows each label has
frame = source.table().to_pandas()
print('bins', arguments['bins'])
frame.groupby(arguments['by']).size().to_dict()"""


@pytest.fixture(autouse=True)
def forgotten(recorded_home: Any) -> Iterator[None]:
    """What a test saves is gone after it: the home is that of all tests."""
    yield
    for path in (recorded_home.home / "recipes").glob("*"):
        path.unlink()
    (recorded_home.home / "recipes").rmdir()


def save(shell: Shell, more: str = "") -> None:
    shell.run(CELL.format(more=more))


def test_a_cell_becomes_a_recipe_with_typed_arguments(shell: Shell, recorded: Any, capsys: Any) -> None:
    """The options that the cell was given are its arguments, with these defaults; a column is told as one."""
    save(shell)
    assert str(recorded.home / "recipes" / "label_slices.yaml") in shell.captured.stdout
    recipes, broken = import_all([str(recorded.home / "recipes")])
    [info] = [each for each in recipes if each.name == "label_slices"]
    assert broken == []
    assert (info.title, info.description) == ("Label slices", "How many rows each label has")
    properties = info.arguments["properties"]
    assert properties["by"] == {"type": "string", "format": "column", "title": "by", "default": "label"}
    assert properties["bins"] == {"type": "integer", "title": "bins", "default": 3}
    shell.run("%viz churn_slices?".replace("churn", "label"))
    assert "--bins" in shell.captured.stdout
    assert "label_slices" in repr(shell.run("%viz recipes"))
    assert cli.main(["recipes"]) == 0
    assert "label_slices" in capsys.readouterr().out


def test_it_is_asked_for_by_its_name(shell: Shell) -> None:
    """Here, with this kernel's names; or in a kernel of its own, its result kept; arguments as of any recipe."""
    save(shell)
    shell.run("%viz label_slices churn@latest/scores")
    assert "bins 3" in shell.captured.stdout
    shell.run("%%viz label_slices churn@latest/scores\nbins: 7")
    assert "bins 7" in shell.captured.stdout
    assert "source" not in shell.names
    result = shell.run("%viz label_slices churn@latest/scores --bins 5 --kernel fresh --refresh")
    assert result.provenance["recipe"] == "label_slices"
    assert result.provenance["arguments"] == {"by": "label", "bins": 5}
    assert "bins 5" in shell.captured.stdout
    assert result.id in [each.id for each in result.artifact.visualizations]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%viz label_slice churn@latest/scores", "Did you mean 'label_slices'"),
        ("%viz label_slices churn@latest/scores --bin 3", "no option --bin. Did you mean 'bins'"),
        ("%viz label_slices churn@latest/scores --bins many", "argument 'bins'"),
        ("%viz label_slices churn@latest/scores --by labl", "no column 'labl'. Did you mean 'label'"),
        ("%viz label_slices --bins 3", "needs a source"),
        ("%%viz custom --save-as roc_curve\n1", "'roc_curve' already"),
        ("%%viz custom --save-as edit\n1", "'edit' already"),
        ("%%viz custom --save-as 'a b'\n1", "'a b' is not a name"),
        ("%%viz custom --save-as x --when 2024-01-01\n1", "is a text, a number, true or false, or a list"),
        ("%%viz custom --save-as x --kernel fresh\n1", "keeps a cell that ran here"),
        ("%%viz custom --for churn\n1", "needs --save-as NAME"),
        ("%%viz custom --save-as x --for churn\n1", "name one artifact as the cell's source"),
        ("%viz table churn@latest/scores --save-as x", "for cells of your own code"),
        ("%viz edit label_slice", "no saved recipe 'label_slice'. Did you mean 'label_slices'"),
        ("%viz edit", "name one"),
    ],
)
def test_every_mistake_has_its_way_out(shell: Shell, cell: str, said: str) -> None:
    save(shell)
    assert said in shell.refused(cell)


def test_a_cell_that_raises_is_not_saved(shell: Shell, recorded: Any) -> None:
    (recorded.home / "recipes").mkdir()
    done = shell.shell.run_cell("%%viz custom --save-as broken\n1 / 0")
    assert not done.success
    assert list((recorded.home / "recipes").iterdir()) == []


def test_edit_brings_it_back_as_the_cell_it_was(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run again it is saved again, the same."""
    save(shell, " --for churn")
    shown: list[str] = []
    monkeypatch.setattr(shell.shell, "set_next_input", shown.append)
    shell.run("%viz edit label_slices")
    first, _, code = shown[0].partition("\n")
    assert code == CELL.partition("\n")[2]
    assert first == "%%viz custom churn@latest/evaluate/scores --by label --bins 3 --save-as label_slices --for churn"
    shell.run(shown[0])
    shell.run("%viz edit label_slices")
    assert shown[0] == shown[1]


async def test_who_may_run_no_code_runs_no_saved_code(shell: Shell, service: Any) -> None:
    """It is refused by name, before a kernel starts, and not offered."""
    save(shell)
    bob = Principal("user:bob", may_execute=False)
    with pytest.raises(CustomDisabled):
        await service.render(bob, RenderRequest("label_slices", "churn@latest/scores"))


async def test_every_run_has_it(shell: Shell, ask: Callable[..., Awaitable[Any]], service: Any, recorded: Any) -> None:
    """Whoever looks at that output of a run finds it there, once, whatever else was asked of the recipe."""
    save(shell, " --for churn")
    [listed] = [each for each in (await ask("GET", "recipes")).json()["recipes"] if each["name"] == "label_slices"]
    assert listed["saved"] == CELL.partition("\n")[2] + "\n"
    scores, classes = (recorded.artifacts[name].id for name in ("scores", "classes"))
    path = f"artifacts/{scores}/visualizations"
    before = {each.id for each in service.visualizations_of(Principal(), scores)}
    [first] = [each for each in (await ask("GET", path)).json()["visualizations"] if each["id"] not in before]
    assert first["recipe"] == "label_slices"
    for _ in range(600):
        whole = (await ask("GET", f"visualizations/{first['id']}")).json()
        if whole["status"] not in ("queued", "running"):
            break
        await asyncio.sleep(0.1)
    assert whole["status"] == "completed", whole["error"]
    assert "bins 3" in json.dumps(whole["outputs"])
    again = (await ask("GET", path)).json()["visualizations"]
    assert {each["id"] for each in again} == before | {first["id"]}
    others = (await ask("GET", f"artifacts/{classes}/visualizations")).json()["visualizations"]
    assert not [each for each in others if each["recipe"] == "label_slices"]
    answer = await ask(
        "POST", "visualizations", {"recipe": "label_slices", "source": "churn@latest/scores", "code": whole["code"]}
    )
    assert answer.json()["id"] == first["id"], "as the tab asks for it again"


def test_a_file_that_is_none_is_listed_as_broken(shell: Shell, recorded: Any) -> None:
    """A slip of the editor takes no other recipe away."""
    save(shell)
    (recorded.home / "recipes" / "slip.yaml").write_text("code: [")
    listed = repr(shell.run("%viz recipes"))
    assert re.search(r"slip\s+broken", listed)
    assert "label_slices" in listed
    assert "slip" in shell.refused("%viz slip churn@latest/scores")
