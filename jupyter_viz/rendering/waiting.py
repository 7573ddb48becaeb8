"""Kernels of one parent that wait for work: forked ahead, one at a time, and rehearsed while nothing else is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from .link import Child, Refused

_log = logging.getLogger("jupyter_viz")

Forked = asyncio.Task[Child]


class Waiting:
    """Each is handed out once. Lives in one event loop.

    Args:
        most: How many wait where there is time; where something is rendered there is one.
        fork: Makes a kernel, and returns it once it answers.
        discard: Ends one.
        begin: Runs a coroutine that nobody waits for.
    """

    def __init__(
        self,
        most: int,
        fork: Callable[[], Coroutine[Any, Any, Child]],
        discard: Callable[[Child], None],
        begin: Callable[[Coroutine[Any, Any, Child]], Forked],
    ) -> None:
        self._most = most
        self._fork = fork
        self._discard = discard
        self._begin = begin
        self._kernels: list[Forked] = []
        self._quiet = False

    def take(self) -> Forked | None:
        """The first that is ready, or else the first that is about to be; None where there is none."""
        self._quiet = False
        if not self._kernels:
            return None
        taken = next((kernel for kernel in self._kernels if kernel.done()), self._kernels[0])
        self._kernels.remove(taken)
        return taken

    def fill(self, quiet: bool) -> None:
        """Make up for what was taken.

        Args:
            quiet: Nothing is rendered: there is time for all of them, and for rehearsals.
        """
        self._quiet = quiet
        if not all(kernel.done() for kernel in self._kernels):
            return  # goes on when it is ready
        if len(self._kernels) < (self._most if quiet else min(1, self._most)):
            self._kernels.append(self._watched(self._fork()))
        elif quiet:
            for place, kernel in enumerate(self._kernels):
                if not kernel.result().rehearsed:
                    self._kernels[place] = self._watched(self._rehearse(kernel.result()))
                    return

    def clear(self) -> None:
        kernels, self._kernels = self._kernels, []
        for kernel in kernels:
            kernel.cancel()
            if kernel.done() and not kernel.cancelled() and not kernel.exception():
                self._discard(kernel.result())

    async def _rehearse(self, child: Child) -> Child:
        try:
            await child.rehearse()
        except BaseException:
            self._discard(child)
            raise
        return child

    def _watched(self, work: Coroutine[Any, Any, Child]) -> Forked:
        kernel = self._begin(work)
        kernel.add_done_callback(self._came)
        return kernel

    def _came(self, kernel: Forked) -> None:
        if kernel not in self._kernels:
            return
        if kernel.cancelled() or (reason := kernel.exception()):
            self._kernels.remove(kernel)
            if isinstance(reason, Refused):
                _log.warning("jupyter_viz: kernels can't be forked (%s); renderings take seconds.", reason)
            return
        # One that died while it waited is nobody's loss, but must not be handed out.
        kernel.result().dead.add_done_callback(lambda _: self._forget(kernel))
        self.fill(self._quiet)

    def _forget(self, kernel: Forked) -> None:
        if kernel in self._kernels:
            self._kernels.remove(kernel)
