"""One call of a function of ours, in a process that does nothing else: JSON in, JSON out.

`python -m jupyter_viz.rendering.calls MODULE:NAME` reads the argument from its input and writes the answer to its
output.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import traceback


def answer(function: str, argument: bytes) -> bytes:
    """What `module:name` gives for an argument as JSON: `{"value": …}`, or `{"error": …, "traceback": …}`."""
    module, _, name = function.partition(":")
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what is printed is no part of the answer
            value = getattr(importlib.import_module(module), name)(json.loads(argument))
        return json.dumps({"value": value}).encode()
    except Exception as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}).encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.argv[1], sys.stdin.buffer.read()))
