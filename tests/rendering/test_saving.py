"""A result as a file, whether it was made in this process or came out of the store."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from PIL import Image

from jupyter_viz import visualize
from jupyter_viz.client import Client
from jupyter_viz.errors import InvalidArgument
from jupyter_viz.rendering.bundles import MIME
from jupyter_viz.rendering.carried import DATA

FRAME = pd.DataFrame({"label": [0, 1, 1], "score": [0.1, 0.9, 0.4]})


@pytest.fixture(params=["of an artifact", "of a variable", "stored"])
def result(request: pytest.FixtureRequest, recorded_home: Any) -> Any:
    if request.param == "of a variable":
        return visualize("roc_curve", FRAME)
    if request.param == "stored":
        return Client().get_visualization(recorded_home.rendering.id).result()
    return visualize("roc_curve", recorded_home.scores, target="label", score="p")


def test_a_page_a_notebook_a_text_a_picture(result: Any, tmp_path: Path) -> None:
    """Each is whole: the plot is in it, nothing is read from elsewhere, and the rows' own bytes are in none."""
    page = result.save(tmp_path / "plot.html").read_text()
    assert "plotly" in page
    assert 'src="http' not in page
    notebook = nbformat.read(result.save(tmp_path / "plot.ipynb"), as_version=4)
    nbformat.validate(notebook)
    [output] = [output for cell in notebook.cells for output in cell.outputs]
    assert output.data[MIME]["kind"] == "figure"
    assert "<img" in output.data["text/html"]
    text = result.save(str(tmp_path / "plot.md"))
    assert text == tmp_path / "plot.md"
    assert "data:image/" in text.read_text()
    with Image.open(result.save(tmp_path / "plot.PNG")) as image:
        assert image.size[0] > 500
    for path in tmp_path.glob("plot.*"):
        if path.suffix != ".PNG":
            assert DATA not in path.read_text()


def test_it_knows_what_it_was_made_of(result: Any, recorded_home: Any) -> None:
    if result.notebook is None:
        assert result.artifact is None
        return
    assert result.artifact.address == recorded_home.scores
    assert list(result.artifact.load().columns) == ["label", "p"]
    assert result.notebook.cells[-1].outputs[0].data[MIME]["kind"] == "figure"
    json.dumps(result.notebook, allow_nan=False)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.svg", r"ends with '.svg'.*\.html, \.ipynb, \.md, \.png"),
        ("a", "has no ending"),
        ("a.pgn", "Did you mean '.png'"),
    ],
)
def test_another_ending_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said):
        visualize("roc_curve", FRAME).save(tmp_path / name)
    assert list(tmp_path.glob("a*")) == []


def test_a_table_is_no_picture_and_a_picture_is_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="is no picture that can be drawn"):
        visualize("table", FRAME).save(tmp_path / "a.png")
    Image.new("RGB", (3, 2), "red").save(tmp_path / "photo.jpg")
    saved = visualize("picture", str(tmp_path / "photo.jpg")).save(tmp_path / "b.png")
    with Image.open(io.BytesIO(saved.read_bytes())) as image:
        assert (image.format, image.size) == ("PNG", (3, 2))


def test_plain_python_and_plain_ipython_print_it(recorded_home: Any) -> None:
    """Without a notebook there is a text, and no trace of an error."""
    code = f"from jupyter_viz import visualize\nr = visualize('roc_curve', {recorded_home.scores!r}, score='p')\n"
    plain = [sys.executable, "-W", "ignore", "-c", code + "print(r)"]
    ipython = [sys.executable, "-W", "ignore", "-m", "IPython", "--colors=NoColor", "--no-banner", "-c"]
    magic = "%load_ext jupyter_viz\n%viz\n%viz recipes\n%viz runs\n%viz table churn@latest/scores --rows 2"
    for command in (plain, [*ipython, f"{code}display(r)\nr"], [*ipython, magic]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert "auc 0." in done.stdout or "label" in done.stdout
        assert "Traceback" not in done.stdout
