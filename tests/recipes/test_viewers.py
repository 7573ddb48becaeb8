"""Files are shown as they are, and what is in them can do no harm."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, UnreadableSource
from jupyter_viz.rendering.bundles import MIME


def _file(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_text_from_either_end(tmp_path: Path) -> None:
    path = _file(tmp_path, "train.log", "".join(f"epoch {n} <b>\n" for n in range(5000)))
    first = visualize("text", path)._repr_mimebundle_()
    assert first["text/plain"].startswith("epoch 0 <b>\nepoch 1 ")
    assert "&lt;b&gt;" in first["text/html"]
    assert first[MIME]["note"] == "Shows the first 2,000 of 5,000 lines."
    last = visualize("text", path, lines=2, end=True)._repr_mimebundle_()
    assert last["text/plain"] == "epoch 4998 <b>\nepoch 4999 <b>"
    assert last[MIME]["metrics"] == {"lines": 5000, "bytes": Path(path).stat().st_size}


def test_a_huge_log_is_read_in_part_and_says_so(tmp_path: Path) -> None:
    path = _file(tmp_path, "train.log", "é" * 3_000_000)
    own = visualize("text", path)._repr_mimebundle_()[MIME]
    assert "The first 1,000,000 of 6,000,000 bytes were read." in own["note"]


def test_text_that_is_none_is_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"not text in UTF-8.*byte 3"):
        visualize("text", _file(tmp_path, "a.txt", b"abc\xff\xfe"))


def test_markdown_is_named_after_its_first_heading(tmp_path: Path) -> None:
    result = visualize("markdown", _file(tmp_path, "a.md", "# Churn\n\n*fine*\n## Data\n"))
    bundle = result._repr_mimebundle_()
    assert bundle["text/markdown"] == "# Churn\n\n*fine*\n## Data\n"
    assert (bundle[MIME]["title"], bundle[MIME]["kind"]) == ("Churn", "document")
    assert "Churn, Data" in bundle[MIME]["alt"]


def test_a_page_runs_in_a_frame_that_reaches_nothing(tmp_path: Path) -> None:
    page = "<title>Report &amp; more</title><script>parent.document.title = 'x'</script>"
    bundle = visualize("html", _file(tmp_path, "a.html", page))._repr_mimebundle_()
    assert bundle[MIME]["title"] == "Report & more"
    html = bundle["text/html"]
    assert html.startswith('<iframe sandbox="allow-scripts"')
    assert "allow-same-origin" not in html
    assert "<script" not in html
    assert "default-src &#x27;none&#x27;" in html


def test_json_is_a_tree_with_its_size(tmp_path: Path) -> None:
    value = {"a": [1, 2, {"b": None}], "c": "<b>"}
    bundle = visualize("json", _file(tmp_path, "a.json", json.dumps(value)))._repr_mimebundle_()
    assert bundle["application/json"] == value
    assert bundle[MIME]["metrics"] == {"values": 7, "depth": 4}
    assert "one object with a, c" in bundle[MIME]["alt"]
    nan = visualize("json", _file(tmp_path, "nan.json", '{"a": NaN}'))._repr_mimebundle_()
    assert "application/json" not in nan
    assert "NaN" in nan["text/plain"]


@pytest.mark.parametrize("depth", [150, 1_000, 200_000])
def test_json_too_deep_is_an_answer(tmp_path: Path, depth: int) -> None:
    with pytest.raises(UnreadableSource, match="nested"):
        visualize("json", _file(tmp_path, "deep.json", "[" * depth + "]" * depth))


def test_json_that_is_none_is_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="line 1 column 7"):
        visualize("json", _file(tmp_path, "a.json", '{"a": }'))


def test_a_picture_has_its_size(tmp_path: Path) -> None:
    path = tmp_path / "digit.png"
    PIL.Image.fromarray(np.zeros((20, 30), "uint8")).save(path)
    bundle = visualize("picture", str(path))._repr_mimebundle_()
    assert bundle[MIME]["metrics"] == {"width": 30, "height": 20, "bytes": path.stat().st_size}
    assert 'src="data:image/png;base64,' in bundle["text/html"]
    svg = _file(tmp_path, "a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
    assert 'src="data:image/svg+xml;base64,' in visualize("picture", svg).to_html()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"x" * 50])
def test_an_image_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableSource, match="no picture"):
        visualize("picture", _file(tmp_path, "a.png", content))


def test_a_recipe_for_other_files_says_which(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"'html' reads a html; .* is image"):
        visualize("html", _file(tmp_path, "a.png", b"x"))
