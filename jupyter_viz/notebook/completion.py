"""Completion of `%viz` lines, in Lab and in a terminal.

It never raises, and gives up after a moment: what was being looked for then is there at the next Tab.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher

_SECONDS = 0.08
_MOST = 50

Asked = tuple[str, int, int]
"""The cell, and where the cursor is: line and column."""
Answer = tuple[str, list[tuple[str, str]]]
"""What is to be replaced, and what may take its place: of each what kind of thing it is."""


class Completing:
    """The matcher of one IPython."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._late: tuple[Asked, Future[Answer | None]] | None = None
        self._prepared = False

        # A function: IPython looks for a qualified name, and sets its marks on it. Asked before those that look for
        # Python, which take longer: where this one answers they are not asked.
        @context_matcher(identifier="jupyter_viz.notebook.completion", priority=100)  # type: ignore[untyped-decorator]
        def match(context: CompletionContext) -> dict[str, Any]:
            return self._match(context)

        self.matcher: Callable[[CompletionContext], dict[str, Any]] = match

    def prepare(self) -> None:
        """Have at hand what the first Tab needs, as somebody uses `%viz`. Returns at once."""
        if not self._prepared:
            self._prepared = True
            threading.Thread(target=_look_around, name="jupyter_viz completes", daemon=True).start()

    def _match(self, context: CompletionContext) -> dict[str, Any]:
        answer = self._in_time(context) if "%viz" in context.full_text else None
        if answer is None:
            return {"completions": []}
        begin, found = answer
        completions = [SimpleCompletion(text=text, type=kind) for text, kind in found]
        return {"completions": completions, "suppress": True, "ordered": True, "matched_fragment": begin}

    def _in_time(self, context: CompletionContext) -> Answer | None:
        asked = (context.full_text, context.cursor_line, context.cursor_position)
        before, self._late = self._late, None
        if before is not None and before[0] == asked:
            done = before[1]
        elif before is not None and not before[1].done():
            self._late = before
            return None
        else:
            done = self._begun(context)
        try:
            return done.result(_SECONDS)
        except Exception:  # not in time
            self._late = (asked, done)
            return None

    def _begun(self, context: CompletionContext) -> Future[Answer | None]:
        # As they are now: the thread must not walk through a namespace that code changes meanwhile.
        variables = dict(self._shell.user_ns)
        hidden = set(getattr(self._shell, "user_ns_hidden", ()))
        own = {name: value for name, value in variables.items() if not name.startswith("_") and name not in hidden}
        done: Future[Answer | None] = Future()

        def work() -> None:
            try:
                done.set_result(_answer(context, own))
            except Exception:  # whatever it meets: a Tab is no place for a traceback
                done.set_result(None)
            _look_around()  # while the user goes on writing

        threading.Thread(target=work, name="jupyter_viz completes", daemon=True).start()
        return done


def _look_around() -> None:
    """Imports what an answer needs, and opens the catalog."""
    from ..recipes import known  # noqa: F401
    from .suggestions import Looking

    with suppress(Exception):  # whatever it meets, it meets again where it is said
        list(Looking({}).sources("@"))


def _answer(context: CompletionContext, variables: dict[str, Any]) -> Answer | None:
    from .suggestions import Looking, line_of

    until = context.text_until_cursor
    line = line_of(until, "\n".join([*context.full_text.split("\n")[: context.cursor_line], until]))
    if line is None:
        return None
    looking = Looking(variables)
    begin, found = looking.in_body(line) if line.body is not None else looking.on_line(line)
    return begin, list(islice(found(), _MOST))
