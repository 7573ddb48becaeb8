"""Runs a connector in whatever interpreter has its library: `python runner.py CONNECTOR.py read|check|fetch`.

Knows nothing but the standard library, as jupyter_viz need not be installed there. A request comes as a line of JSON on
stdin, for `read` a second one once it was said which store is there; each record that the connector's `read` yields
goes as a line to stdout. What libraries print goes to stderr.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Iterator
from typing import Any


def main(connector: str, what: str) -> None:
    del sys.path[0]  # the folder of this file, in which `mlflow` is not the library
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(record: dict[str, Any]) -> None:
        # Between the systems' own and ours, names may hold half a surrogate pair: JSON in ASCII carries it.
        answers.write(json.dumps(record) + "\n")
        answers.flush()

    try:
        functions, request = runpy.run_path(connector), json.loads(sys.stdin.readline())
        store = functions["store"](request) if "store" in functions and what != "check" else ""
        if what == "read":
            say({"type": "store", "id": store})
            request |= json.loads(sys.stdin.readline())
        elif what == "fetch" and request["store"] not in ("", store):
            raise LookupError(f"its run was read from {request['store']}, and now {store} is there")
        for record in answered(functions, what, request):
            say(record)
    except BrokenPipeError:  # who asked is gone
        os._exit(1)
    except ModuleNotFoundError as error:
        say({"type": "missing", "module": error.name})
    except Exception as error:  # whatever the library raises is one sentence
        told = str(error).strip().splitlines() or [""]
        say({"type": "error", "message": f"{type(error).__name__}: {told[0]}"})


def answered(functions: dict[str, Any], what: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if what == "read":
        yield from functions["read"](request)
    elif what == "check":
        yield {"type": "checked", "about": functions["check"](request)}
    elif what == "fetch":
        functions["fetch"](request)
        yield {"type": "fetched"}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
