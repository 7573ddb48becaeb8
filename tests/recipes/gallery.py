"""The gallery in docs/: each recipe over real data, as it is made now.

    python -m tests.recipes.gallery

Writes `docs/gallery.md` and its pictures. The data are the sets that scikit-learn brings along, see `examples.py`.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jupyter_viz import registry, visualize
from jupyter_viz.recipes.known import find_recipe
from jupyter_viz.recipes.schema import RecipeInfo
from jupyter_viz.rendering.results import MIME, PLOTLY
from jupyter_viz.still import still_picture

from .examples import EXAMPLES, OF_JSON, source_of

DOCS = Path(__file__).parents[2] / "docs"
_ROWS = 8
_ALL = EXAMPLES | OF_JSON
_HEAD = """\
# Gallery

Every recipe that draws a table or JSON, over the sets that scikit-learn brings along: `tumours` are the breast cancer
data with the scores of a logistic regression, `gaps` the same with values removed, `wines` three classes with a small
tree's predictions, `diabetes` a number with a linear model's, `learning` made-up learning curves; `slices.json` and
`mlpipeline-ui-metadata.json` are what a pipeline of Kubeflow keeps of such data. Pictures are the still ones that a
notebook keeps; in Jupyter they can be hovered, zoomed and shown as tables. Made by `python -m tests.recipes.gallery`.

The others show files as they are: """


def call_of(name: str) -> str:
    """How one asks for the example."""
    data, arguments = _ALL[name]
    options = "".join(f" --{key} {_option(value)}" for key, value in arguments.items())
    return f"%viz {name} {data}{options}"


def _option(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"'{text}'" if " " in text or '"' in text else text


def pages() -> Iterator[tuple[RecipeInfo, Mapping[str, Any]]]:
    for name in sorted(_ALL):
        data, arguments = _ALL[name]
        yield find_recipe(name).info, visualize(name, source_of(data), **arguments)._repr_mimebundle_()


def _table(own: Mapping[str, Any]) -> str:
    columns, rows = own["table"]["columns"], own["table"]["rows"][:_ROWS]
    lines = [[column["name"] for column in columns], ["---"] * len(columns), *rows]
    cells = [["" if cell is None else str(cell).replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def main() -> None:
    folder = DOCS / "gallery"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        os.unlink(old)
    known = [find_recipe(name).info for name in sorted(registry.found(registry.RECIPES))]
    others = [info.name for info in known if not info.code and info.name not in _ALL and "run" not in info.source_kinds]
    parts = [_HEAD + ", ".join(f"`{name}`" for name in others) + ".\n"]
    for info, bundle in pages():
        own = bundle[MIME]
        parts.append(f"## {info.title}\n\n{info.description}\n\n    {call_of(info.name)}\n")
        if PLOTLY in bundle:
            picture = still_picture(bundle[PLOTLY])
            assert picture is not None
            kind, _, data = picture.partition(";base64,")
            file = folder / f"{info.name}.{'png' if 'png' in kind else 'svg'}"
            file.write_bytes(base64.b64decode(data))
            parts.append(f"![{own['alt']}](gallery/{file.name})\n")
        else:
            parts.append(f"{_table(own)}\n")
        if own["note"]:
            parts.append(f"{own['note']}\n")
    (DOCS / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
