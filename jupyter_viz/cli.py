"""`jupyter viz demo | recipes | runs | sync | du | gc | doctor`"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

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
    runs = commands.add_parser("runs", help="list the newest runs with their metrics, or delete one")
    runs.add_argument("pipeline", nargs="?", help="of one pipeline")
    runs.add_argument("--delete", metavar="RUN", help="say what goes with a run, ask, and delete it: churn@quick-otter")
    runs.add_argument("--yes", action="store_true", help="with --delete: don't ask")
    sync = commands.add_parser("sync", help="bring in the runs of another system: sync mlflow sqlite:///mlflow.db")
    sync.add_argument(
        "system",
        nargs="?",
        help="mlflow, zenml, kfp, kubeflow, folder (each folder in it a run), the name of a plugin's connector, or a "
        "name in the setting `connectors`; without it all places are read again that were read before",
    )
    sync.add_argument("location", nargs="?", help="a folder, database or server, as that system writes it")
    sync.add_argument("--python", metavar="INTERPRETER", help="that has the system's library; this one by default")
    sync.add_argument("--project", metavar="NAME", help="that the runs are to belong to")
    sync.add_argument("--watch", action="store_true", help="go on, every 30 seconds")
    du = commands.add_parser("du", help="say what takes how many bytes")
    du.add_argument("--json", action="store_true", help="for programs")
    gc = commands.add_parser("gc", help="remove what nobody needs: old renderings, orphans, unfinished writes")
    gc.add_argument("--dry-run", action="store_true", help="only say what would go")
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
        from .config import load_configuration
        from .notebook.listings import recipes_listing
        from .recipes.known import import_all

        print(recipes_listing(*import_all(load_configuration().recipe_places)))
        return 0
    if chosen.command == "sync":
        return _sync(chosen)
    if chosen.command == "du":
        return _du(chosen.json)
    if chosen.command == "gc":
        return _gc(chosen.dry_run)
    if chosen.command == "runs" and chosen.delete:
        return _delete(chosen.delete, chosen.yes)
    if chosen.command == "runs":
        from .client import Client

        print(Client().list_pipeline_runs(chosen.pipeline))
        return 0
    from .doctor import check

    lines, well = check()
    print("\n".join(lines))
    return 0 if well else 1


def _sync(chosen: argparse.Namespace) -> int:
    from .config import load_configuration
    from .connectors.command import Words, run
    from .service import Service

    service = Service(load_configuration())
    words = Words(chosen.system, chosen.location, chosen.python, chosen.project, chosen.watch)
    return run(service.catalog, service.store, service.config, words)


def _du(as_json: bool) -> int:
    from .config import load_configuration
    from .keeping.usage import usage
    from .notebook.listings import usage_listing
    from .service import Service

    service = Service(load_configuration())
    found = usage(service.catalog, service.store, service.config)
    print(json.dumps({**asdict(found), "total": found.total}, indent=2) if as_json else usage_listing(found))
    return 0


def _gc(dry_run: bool) -> int:
    from .config import load_configuration
    from .keeping.sizes import readable
    from .keeping.sweep import Sweep
    from .service import Service

    service = Service(load_configuration())
    total = 0
    for swept in Sweep(lambda: service.catalog, service.store, service.config, dry_run).run():
        total += swept.amount.bytes
        note = f"  {swept.note}" if swept.note else ""
        print(f"{swept.kind:32}  {swept.amount.count:>8,}  {readable(swept.amount.bytes):>8}{note}", flush=True)
    print(f"{readable(total)} {'would be' if dry_run else 'are'} free.")
    return 0


def _delete(run: str, yes: bool) -> int:
    from .client import Client
    from .notebook.listings import removal_text

    client = Client()
    told = client.delete_pipeline_run(run, dry_run=True)
    print(removal_text(told))
    if not yes:
        if not sys.stdin.isatty():
            print("jupyter viz: nobody is there to ask; --yes deletes it.", file=sys.stderr)
            return 1
        if input("Delete it? [y/N] ").strip().lower() not in ("y", "yes"):
            print("Nothing was deleted.")
            return 1
    client.delete_pipeline_run(told.run.id)
    print("Deleted.")
    return 0
