"""What a rendering in a kernel of its own showed, shown here."""

from __future__ import annotations

import sys

from ..rendering.results import Kept, Result


def show_before(result: Result) -> None:
    """What came before the last thing that it showed: text goes where text goes, all else is displayed."""
    from IPython.display import display

    if not isinstance(result.shown, Kept):
        return
    for output in result.shown.before:
        if output["output_type"] == "stream":
            print(output["text"], end="", file=sys.stderr if output["name"] == "stderr" else sys.stdout)
        elif "data" in output:
            display(Kept(output["data"]).bundle(result.provenance), raw=True)
