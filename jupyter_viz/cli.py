"""`jupyter viz demo | recipes | runs | doctor`"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .errors import VizError


def main(argv: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit status: 0, or 1 with a sentence on stderr."""
    parser = argparse.ArgumentParser(prog="jupyter viz", description=__doc__.strip("`"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="record runs of a real pipeline and open JupyterLab on them")
    demo.add_argument("--remove", action="store_true", help="remove what the demo made; what you added stays")
    demo.add_argument("--all", action="store_true", help="with --remove: what you added to its home too")
    demo.add_argument("lab", nargs=argparse.REMAINDER, help="words for JupyterLab, e.g. --no-browser --port=9123")
    commands.add_parser("recipes", help="list the recipes")
    runs = commands.add_parser("runs", help="list the newest runs with their metrics")
    runs.add_argument("pipeline", nargs="?", help="of one pipeline")
    commands.add_parser("doctor", help="check that every part works, and say what to do where one doesn't")
    words = sys.argv[1:] if argv is None else list(argv)
    # Everything after `demo` but --remove is JupyterLab's, options too; argparse would take them for ours.
    if words[:1] == ["demo"]:
        chosen = argparse.Namespace(command="demo", remove="--remove" in words, all="--all" in words, lab=words[1:])
        if words[1:] in (["-h"], ["--help"]):
            demo.print_help()
            return 0
    else:
        chosen = parser.parse_args(words)
    try:
        return _run(chosen)
    except VizError as error:
        print(f"jupyter viz: {error}", file=sys.stderr)
        return 1


def _run(chosen: argparse.Namespace) -> int:
    if chosen.command == "demo":
        from .demo import launch

        return launch.remove(chosen.all) if chosen.remove else launch.start(chosen.lab)
    if chosen.command == "recipes":
        from .notebook.listings import recipes_listing
        from .recipes.known import import_all

        print(recipes_listing(*import_all()))
        return 0
    if chosen.command == "runs":
        from .client import Client

        print(Client().list_pipeline_runs(chosen.pipeline))
        return 0
    from .doctor import check

    lines, well = check()
    print("\n".join(lines))
    return 0 if well else 1
