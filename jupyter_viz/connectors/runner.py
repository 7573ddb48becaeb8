"""Runs a connector in whatever interpreter has its library: `python runner.py CONNECTOR.py read|check|fetch`.

Knows nothing but the standard library, as jupyter_viz need not be installed there. A request comes as a line of JSON on
stdin; each record that the connector's `read` yields goes as a line to stdout. What libraries print goes to stderr.
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
    # Between the systems' own and ours, names may hold half a surrogate pair: JSON in ASCII carries it.
    try:
        for record in answered(runpy.run_path(connector), what, json.loads(sys.stdin.readline())):
            answers.write(json.dumps(record) + "\n")
            answers.flush()
    except BrokenPipeError:  # who asked is gone
        os._exit(1)
    except ModuleNotFoundError as error:
        answers.write(json.dumps({"type": "missing", "module": error.name}) + "\n")
    except Exception as error:  # whatever the library raises is one sentence
        told = str(error).strip().splitlines() or [""]
        answers.write(json.dumps({"type": "error", "message": f"{type(error).__name__}: {told[0]}"}) + "\n")
    answers.flush()


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
