"""What is recorded can be loaded by whoever finds it, with the classes they have."""

from __future__ import annotations

import decimal
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz.errors import InvalidOutput
from jupyter_viz.materializers import BaseMaterializer, load_stored
from jupyter_viz.materializers.base_materializer import qualified_name
from jupyter_viz.materializers.plain import JSONMaterializer

# As on ZenML's page, and what its step does.
PAGE = """
import os
import matplotlib.pyplot as plt
from typing import Any, Dict
from pydantic import BaseModel
from jupyter_viz.materializers.base_materializer import BaseMaterializer
from jupyter_viz.enums import VisualizationType
from jupyter_viz.io import fileio

class MatplotlibVisualization(BaseModel):
    figure: Any

class MatplotlibMaterializer(BaseMaterializer):
    ASSOCIATED_TYPES = (MatplotlibVisualization,)

    def save_visualizations(self, data: MatplotlibVisualization) -> Dict[str, VisualizationType]:
        visualization_path = os.path.join(self.uri, "visualization.png")
        with fileio.open(visualization_path, 'wb') as f:
            data.figure.savefig(f, format='png', bbox_inches='tight')
        return {visualization_path: VisualizationType.IMAGE}

fig, ax = plt.subplots()
ax.plot([1, 2, 3, 4], [1, 4, 2, 3])
value = MatplotlibVisualization(figure=fig)

import sys
from jupyter_viz.materializers import materializer_for, saved_visualizations
materializer = materializer_for(value)(sys.argv[1])
materializer.save(value)
[shown] = saved_visualizations(materializer, value)
assert shown.error is None, shown.error
print(type(materializer).__module__, shown.name, shown.format)
"""


def test_the_page_of_zenml(tmp_path: Path) -> None:
    """A model that holds a figure, shown by a class of the notebook: loaded in another notebook that has neither."""
    script = tmp_path / "page.py"
    script.write_text(PAGE)
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "artifact")],
        capture_output=True, text=True, check=True, env={"MPLBACKEND": "agg", "PATH": "", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.split() == ["__main__", "visualization", "image"]
    assert (tmp_path / "artifact" / "visualization.png").read_bytes().startswith(b"\x89PNG")
    with pytest.warns(UserWarning, match=re.escape(f"Unpickling {tmp_path}")):
        value = load_stored(
            str(tmp_path / "artifact"), "__main__.MatplotlibMaterializer", "__main__.MatplotlibVisualization"
        )
    assert value.figure.axes[0].lines[0].get_ydata().tolist() == [1, 4, 2, 3]


class Point:
    def __init__(self, x: int) -> None:
        self.x = x


class PointMaterializer(BaseMaterializer):
    """As ZenML's are written: `load` is always given the type."""

    def load(self, data_type: Any) -> Any:  # type: ignore[override]
        return data_type(7)


@pytest.mark.parametrize("kind", [Point, int, decimal.Decimal])
def test_the_materializer_is_told_the_type(kind: type, tmp_path: Path) -> None:
    name = qualified_name(kind).removeprefix("builtins.")
    assert type(load_stored(str(tmp_path), qualified_name(PointMaterializer), name)) is kind


@pytest.mark.parametrize("python_type", ["no_such_module.Type", "json.NoSuchType", "", "json.dumps", "a.b.<locals>.c"])
def test_a_type_that_is_gone_hinders_nobody(python_type: str, tmp_path: Path) -> None:
    JSONMaterializer(str(tmp_path)).save([1])
    assert load_stored(str(tmp_path), qualified_name(JSONMaterializer), python_type) == [1]


def test_what_only_its_materializer_reads_names_it(tmp_path: Path) -> None:
    (tmp_path / "data.own").write_text("a")
    with pytest.raises(InvalidOutput, match=r"'mine\.Materializer'"):
        load_stored(str(tmp_path), "mine.Materializer", "mine.Type")
