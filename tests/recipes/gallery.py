"""The gallery in docs/: each recipe over real data, as it is made now.

    python -m tests.recipes.gallery

Writes `docs/gallery.md` and its pictures. The data are the sets that scikit-learn brings along, see `examples.py`.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_viz import registry, visualize
from jupyter_viz.recipes.known import find_recipe
from jupyter_viz.rendering.bundles import MIME, PLOTLY
from jupyter_viz.still import still_picture

from .examples import EXAMPLES, OF_JSON, source_of
from .searched import record

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


# Over runs that were recorded for it (`searched.py`): what is asked, and of which sources.
_OVER_RUNS = {
    "metric_trend": ("metric_trend", "tumours", {"metrics": ["roc_auc", "accuracy"]}),
    "metrics_table": ("metrics_table", "tumours@latest~7:", {}),
    "metric_scatter": ("metric_scatter", "tumours", {"x": "log_loss", "y": "roc_auc", "by": "features"}),
    "parallel_coordinates": ("parallel_coordinates", "tumours", {"metric": "roc_auc"}),
    "repeats": ("repeats", "tumours", {"metric": "roc_auc"}),
    "roc_curve_over_runs": ("roc_curve", "tumours@{}/scores", {}),
    "confusion_matrix_over_runs": ("confusion_matrix", "tumours@{}/scores", {}),
    "diff_of_runs": ("diff", "tumours@{}", {}),
    "diff_of_tables": ("diff", "tumours@{}/scores", {}),
}
_THREE = ["features-2-l2-100-seed-0", "features-5-l2-1-seed-0", "features-10-l2-1-seed-0"]
_RUNS_HEAD = """\
# Over runs

18 runs of a logistic regression on the tumours: three numbers of features, two regularizations, three seeds each.
"""


class Page(NamedTuple):
    file: str
    title: str
    text: str
    call: str
    bundle: Mapping[str, Any]


def call_of(name: str, data: str, arguments: Mapping[str, Any]) -> str:
    """How one asks for the example."""
    options = "".join(f" --{key} {_option(value)}" for key, value in arguments.items())
    return f"%viz {name} {data}{options}"


def _option(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"'{text}'" if " " in text or '"' in text else text


def pages() -> Iterator[Page]:
    for name in sorted(_ALL):
        data, arguments = _ALL[name]
        info = find_recipe(name).info
        bundle = visualize(name, source_of(data), **arguments)._repr_mimebundle_()
        yield Page(name, info.title, info.description, call_of(name, data, arguments), bundle)


def pages_over_runs() -> Iterator[Page]:
    record()
    for file, (name, source, arguments) in _OVER_RUNS.items():
        info = find_recipe(name).info
        runs = _THREE[1:] if info.least_sources == 2 else _THREE
        named = [source.format(run) for run in runs] if "{}" in source else source
        call = call_of(name, named if isinstance(named, str) else " ".join(named), arguments)
        title = info.title if file == name else f"{info.title}, {file.removeprefix(name).strip('_').replace('_', ' ')}"
        yield Page(file, title, info.description, call, visualize(name, named, **arguments)._repr_mimebundle_())


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
    parts += [_shown(page, folder) for page in pages()]
    with tempfile.TemporaryDirectory() as home:
        os.environ["JUPYTER_VIZ_HOME"] = home
        parts += [_RUNS_HEAD, *(_shown(page, folder) for page in pages_over_runs())]
    (DOCS / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


def _shown(page: Page, folder: Path) -> str:
    own = page.bundle[MIME]
    parts = [f"## {page.title}\n\n{page.text}\n\n    {page.call}\n"]
    if PLOTLY in page.bundle:
        picture = still_picture(page.bundle[PLOTLY])
        assert picture is not None
        kind, _, data = picture.partition(";base64,")
        file = folder / f"{page.file}.{'png' if 'png' in kind else 'svg'}"
        file.write_bytes(base64.b64decode(data))
        parts.append(f"![{own['alt']}](gallery/{file.name})\n")
    else:
        parts.append(f"{_table(own)}\n")
    if own["note"]:
        parts.append(f"{own['note']}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    main()
