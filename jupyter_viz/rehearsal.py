"""What kernels do before anybody asks, so that a click does not pay for what happens only once in a process."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from .artifacts.source import Source
from .artifacts.tables import connect_ahead
from .client import visualize
from .enums import ArtifactKind
from .recipes.known import import_all
from .rendering import export

_ROWS = 40


def exercise() -> None:
    """What can be done before a fork: it starts no thread. Plots by hand, an error, a still picture, an export."""
    import pandas as pd
    import plotly.express as px
    import plotly.graph_objects as go

    import_all()
    frame = pd.DataFrame({"x": [1.0, 2.0], "y": [1, 2], "class": ["a", "b"]})
    bundles = [
        figure._repr_mimebundle_()
        for figure in (go.Figure(go.Scatter(x=frame.x, y=frame.y)), px.line(frame, x="x", y="y", color="class"))
    ]
    cell = {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": each} for each in bundles]}
    export.drawn({"metadata": {}, "cells": [cell]})
    frame.to_html()
    _fail()


def rehearse() -> None:
    """What each process does for itself: a small table rendered; leaves nothing but warm caches and a connection."""
    path = Path("rehearsal.csv").absolute()
    path.write_text("label,score\n" + "".join(f"{row % 2},{row / _ROWS}\n" for row in range(_ROWS)))
    try:
        source = Source(path.name, ArtifactKind.TABLE, str(path))
        json.dumps(visualize("roc_curve", source)._repr_mimebundle_())
    finally:
        path.unlink()
    connect_ahead()


def _fail() -> None:
    """Have IPython put an error into words: the first time takes it a tenth of a second."""
    from IPython.core.ultratb import VerboseTB

    try:
        raise ValueError
    except ValueError:
        VerboseTB(ostream=io.StringIO()).text(*sys.exc_info())
