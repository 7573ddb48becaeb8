"""A wish on its way to a result: in a kernel of its own where that can be, in the notebook's where it must."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from IPython import get_ipython

from ...client import Client, visualize
from ...enums import VisualizationStatus
from ...errors import InvalidArgument
from ...recipes.fit import check_fit, runs_named
from ...rendering.results import Kept, Result
from .. import elsewhere
from ..handed import HandedOver
from ..own_code import run_for_each
from .threads import Main, interruptible
from .wish import Wish

_TICK_SECONDS = 0.25
_BOUND = ("duckdb", "ibis", "sqlite3")
"""Modules of values that hold a connection: it belongs to the thread that opened it."""


class Work:
    """One wish that is carried out. `carry_out` belongs in a thread; `cancel` may be called from any.

    Args:
        variables: Of the notebook.
        said: Called with what goes on, and whether that holds up the notebook's own kernel.
    """

    def __init__(self, wish: Wish, variables: Mapping[str, Any], main: Main, said: Callable[[str, bool], None]) -> None:
        self.wish = wish
        self._variables, self._main, self._said = variables, main, said
        self._rendering: elsewhere.Rendering | None = None
        self._cancelled = False

    def cancel(self) -> None:
        self._cancelled = True
        if self._rendering is not None:
            self._rendering.cancel()

    def carry_out(self, held: HandedOver | None = None) -> Result:
        """The result; blocks. Raises `VizError`, `elsewhere.Cancelled` among them.

        Args:
            held: What was read of its sources before.
        """
        named = self.wish.variables(self._variables)
        if any(type(self._variables[name]).__module__.partition(".")[0] in _BOUND for name in named):
            return self._here()
        self._said("Starting…", False)
        try:
            self._rendering = elsewhere.start(self.wish.request(), self._variables, held)
        except InvalidArgument:
            if named:  # too large to be handed over, or no table
                return self._here()
            raise
        if self._cancelled:
            self._rendering.cancel()
        while not self._rendering.wait(_TICK_SECONDS):
            self._said(_told(self._rendering.progress()), False)
        return self._rendering.result()

    def _here(self) -> Result:
        """In the kernel of the notebook, whose main thread it needs."""
        ended = threading.Event()
        found: list[Result | BaseException] = []

        def work() -> None:
            try:
                if self._cancelled:
                    raise elsewhere.Cancelled("It was cancelled.")
                self._said("Rendering in this kernel…", True)
                with interruptible():
                    found.append(self._made_here())
            except KeyboardInterrupt:
                found.append(elsewhere.Cancelled("It was interrupted."))
            except BaseException as error:  # the thread raises it
                found.append(error)
            finally:
                ended.set()

        self._said("Waiting for this kernel…", False)
        self._main.call(work)
        ended.wait()
        [result] = found
        if isinstance(result, BaseException):
            raise result
        return result

    def _made_here(self) -> Result:
        wish, recipe = self.wish, self.wish.recipe
        sources = Client().open_sources(runs_named(recipe, list(wish.words)), self._variables)
        if not recipe.own_code:
            return visualize(recipe.name, list(sources), **wish.arguments)
        from ipykernel.jsonutil import encode_images
        from IPython.utils.capture import capture_output

        shell = get_ipython()
        arguments = check_fit(recipe, sources, wish.arguments)
        with shell.display_trap, capture_output() as captured:
            run_for_each(shell, wish.code or recipe.saved or "", sources, arguments)
        encoded = map(encode_images, (each.data for each in captured.outputs))
        outputs = [{"output_type": "display_data", "data": data} for data in encoded]
        if captured.stdout:
            outputs.insert(0, {"output_type": "stream", "name": "stdout", "text": captured.stdout})
        last = outputs[-1].get("data") if outputs else None
        made = {"recipe": recipe.name, "source": wish.source, "arguments": arguments}
        return Result(Kept(last or {"text/plain": ""}, outputs[:-1] if last else outputs), made)


def _told(progress: elsewhere.Progress) -> str:
    if progress.status is VisualizationStatus.QUEUED:
        return f"Waiting; {progress.position} before it" if progress.position else "Starting…"
    return f"Rendering for {progress.seconds:.0f} s"
