"""Kernels of the Jupyter server's own kernel manager: where that is a gateway, renderings run on its machine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async

from ..config import Configuration
from ..errors import RenderingFailed
from .client import connect, execute
from .kernels import Kernels
from .plain import START_SECONDS, PlainKernels, started_within, within

if TYPE_CHECKING:
    from nbformat import NotebookNode


class ServedKernels(Kernels):
    """Plain kernels by a `MappingKernelManager`. Their folder, and what they may take, are the gateway's business."""

    def __init__(self, config: Configuration, environ: Mapping[str, str], manager: Any) -> None:
        super().__init__(config, environ)
        self._manager = manager
        self._here = PlainKernels(config, environ)

    async def execute(
        self, notebook: NotebookNode, before: Sequence[str] = (), kernel_name: str | None = None
    ) -> dict[str, Any]:
        name = kernel_name or self._manager.default_kernel_name
        try:
            # A gateway passes on what begins with KERNEL_ only; a server of this machine all of it.
            kernel_id = await ensure_async(self._manager.start_kernel(kernel_name=name, env=self.environment))
        except Exception as error:  # whatever a gateway's answer is turned into
            raise RenderingFailed(f"No kernel could be started by the server's kernel manager: {error}") from error
        client = None
        try:
            client = self._manager.get_kernel(kernel_id).client()
            await started_within(START_SECONDS, connect(client))
            await within(self.limits.seconds, execute(client, notebook, before, self.limits.output))
            return {"id": kernel_id, "name": name}
        finally:
            await asyncio.shield(self._stop(kernel_id, client))

    async def call(self, function: str, argument: Any) -> Any:
        return await self._here.call(function, argument)

    def renew(self) -> None:
        """Each kernel imports anew."""

    async def close(self) -> None:
        """Nothing is kept between two notebooks."""

    async def _stop(self, kernel_id: str, client: Any) -> None:
        if client is not None:
            await ensure_async(client.stop_channels())
        await ensure_async(self._manager.shutdown_kernel(kernel_id, now=True))
