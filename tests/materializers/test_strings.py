"""Text is stored byte for byte, and shown as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_viz.enums import VisualizationType
from jupyter_viz.errors import InvalidOutput
from jupyter_viz.materializers.strings import CSVMaterializer, JSONStringMaterializer, TextMaterializer


@pytest.mark.parametrize("text", ["", "a", "\r\n\r", "\ufeffbom", "nul\0", "🚀é", " trailing \n"])
def test_every_character_comes_back(text: str, tmp_path: Path) -> None:
    materializer = TextMaterializer(str(tmp_path))
    materializer.save(text)
    assert materializer.load() == text
    assert (tmp_path / "data.txt").read_bytes() == text.encode()


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match="can't be stored as UTF-8"):
        TextMaterializer(str(tmp_path)).save("\ud800")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["plain", "```\nnot the end\n```", "````` five", "<script>alert(1)</script>"])
def test_plain_text_stays_in_its_block(text: str, tmp_path: Path) -> None:
    """Text that looks like Markdown or HTML is shown as the text it is."""
    [(path, kind)] = TextMaterializer(str(tmp_path)).save_visualizations(text).items()
    lines = Path(path).read_text().splitlines()
    fence = lines[0].removesuffix("text")
    assert kind is VisualizationType.MARKDOWN
    assert set(fence) == {"`"}
    assert fence not in text
    assert lines.index(fence) == len(text.splitlines()) + 1


def test_a_long_text_says_that_it_was_cut(tmp_path: Path) -> None:
    [path] = TextMaterializer(str(tmp_path)).save_visualizations("x" * 123_456)
    text = Path(path).read_text()
    assert "The first 100,000 of 123,456 characters." in text
    assert len(text) < 101_000


@pytest.mark.parametrize(
    ("text", "where"),
    [("{", "line 1 column 2"), ('{"a": 1,\n b}', "line 2 column 2"), ("", "char 0"), ("[1] x", "char 4")],
)
def test_what_is_not_json_is_refused_with_the_position(text: str, where: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match="is not JSON") as caught:
        JSONStringMaterializer(str(tmp_path)).save(text)
    assert where in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_json_nested_too_deeply_is_refused_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput):
        JSONStringMaterializer(str(tmp_path)).save("[" * 100_000 + "]" * 100_000)


def test_a_csv_is_described_as_it_will_be_read(tmp_path: Path) -> None:
    """Quoted line ends and blank lines are not counted as rows; a zip code is no number."""
    materializer = CSVMaterializer(str(tmp_path))
    text = 'zip,"b, c",n\n01234,"x\ny",1\n\n90210,z,\n'
    before = materializer.describe(text)
    materializer.save(text)
    for description in (before, materializer.describe(text), CSVMaterializer("memory://bucket").describe(text)):
        assert description.rows == 2
        assert [(column.name, column.type) for column in description.columns] == [
            ("zip", "VARCHAR"),
            ("b, c", "VARCHAR"),
            ("n", "BIGINT"),
        ]
    assert materializer.describe("").rows == 0


@pytest.mark.parametrize("text", ["a,b\n1\n", "no table at all,\n\n1"])
def test_a_csv_that_no_recipe_could_read_is_not_described(tmp_path: Path, text: str) -> None:
    """It is stored all the same: the step did what it was asked to."""
    assert CSVMaterializer(str(tmp_path)).describe(text).columns == ()


def test_a_csv_with_a_huge_field_is_described(tmp_path: Path) -> None:
    """A base64 picture in a cell is no reason for a step to fail."""
    description = CSVMaterializer(str(tmp_path)).describe("a,b\n" + "x" * 200_000 + ",1\n")
    assert [column.name for column in description.columns] == ["a", "b"]
