"""What kernels do before anybody asks, so that a click does not pay for what happens only once in a process."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from .artifacts.connections import connect_ahead, disconnect
from .artifacts.source import Source
from .client import visualize
from .enums import ArtifactKind
from .recipes.known import import_all
from .rendering import export, trees
from .rendering.bundles import show_for_store

_ROWS = 40


def exercise() -> None:
    """What can be done before a fork, as it starts no thread: the rehearsal, more plots by hand, an error, an export.

    Leaves connections that each forked process has for its own.
    """
    import pandas as pd
    import plotly.express as px

    import_all()
    rehearse()
    line = px.line(pd.DataFrame({"x": [1.0, 2.0], "y": [1, 2], "class": ["a", "b"]}), x="x", y="y", color="class")
    output = {"output_type": "display_data", "data": line._repr_mimebundle_()}
    export.drawn({"metadata": {}, "cells": [{"cell_type": "code", "outputs": [output]}]})
    _fail()
    connect_ahead(2)  # for the rehearsal of a kernel that waits, and for what it waits for
    if trees.threads() != 1:
        disconnect()


def rehearse() -> None:
    """Look at a small table by a recipe and by hand.

    A forked process shares memory until it writes there, which counting references does already: a kernel that waits
    has that behind it.
    """
    import pandas as pd
    import plotly.graph_objects as go
    from IPython.display import display

    show_for_store()
    path = Path("rehearsal.csv").absolute()
    path.write_text("label,score\n" + "".join(f"{row % 2},{row / _ROWS}\n" for row in range(_ROWS)))
    try:
        result = visualize("roc_curve", Source(path.name, ArtifactKind.TABLE, str(path)))
        frame = pd.read_csv(path).sort_values("score")
    finally:
        path.unlink()
    figure = go.Figure(go.Scatter(x=frame.score, y=frame.label.cumsum() / frame.label.sum()))
    json.dumps([result._repr_mimebundle_(), figure._repr_mimebundle_()])
    frame.to_html()
    display(result, figure)


def _fail() -> None:
    """Have IPython put an error into words: the first time takes it a tenth of a second."""
    from IPython.core.ultratb import VerboseTB

    try:
        raise ValueError
    except ValueError:
        VerboseTB(ostream=io.StringIO()).text(*sys.exc_info())
