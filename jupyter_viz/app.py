"""The Jupyter server extension: routes, traits, wiring, stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from tornado import web
from traitlets import Float, List, Type, Unicode

from .api import artifacts, runs, status, syncs, visualizations
from .api.base import JSONHandler
from .config import PREFIX, Configuration, load_configuration
from .errors import ConfigurationError, NotFound
from .rendering.kernels import Kernels, suited_kernels
from .service import Service

ROUTES = [*status.ROUTES, *syncs.ROUTES, *runs.ROUTES, *artifacts.ROUTES, *visualizations.ROUTES]
SERVER_CATALOG = PREFIX + "SERVER_CATALOG"


class UnknownRoute(JSONHandler):
    """Whatever else is asked below our prefix: an error of the same form as all others."""

    @web.authenticated
    async def get(self) -> None:
        raise NotFound(f"There is nothing at {self.request.path!r}.")

    post = put = patch = delete = get


class VizExtension(ExtensionApp):
    """Runs, artifacts and renderings over REST; see `api/openapi.yaml`."""

    name = "jupyter_viz"
    extension_url = "/lab"
    load_other_extensions = True

    home = Unicode("", help="Folder of the configuration, the catalog and the artifacts.").tag(config=True)
    catalog = Unicode("", help="SQLAlchemy URL of the catalog.").tag(config=True)
    artifacts = Unicode("", help="Folder or fsspec URL below which artifacts are stored.").tag(config=True)
    allowed_sources = List(
        Unicode(), help="Folders and URIs whose files a rendering may read, besides the server's root folder."
    ).tag(config=True)
    time_limit = Float(0, help="Seconds a rendering may take; 0 for the configured value.").tag(config=True)
    kernels_class = Type(
        None,
        Kernels,
        allow_none=True,
        help="What executes renderings; by default forked kernels on Linux, plain ones elsewhere.",
    ).tag(config=True)

    service: Service

    def initialize_settings(self) -> None:
        kernels = self._kernels()
        try:
            self.service = Service(self._configuration(), kernels)
        except ConfigurationError as error:
            # The server must start all the same: the sidebar tells what is wrong.
            self.log.warning("jupyter_viz: %s", error)
            self.service = Service(error, kernels)
            return
        # The kernels this server starts see the same catalog, whatever their environment's HOME says. Where files may
        # be read from is the server's business alone.
        shared = self.service.config.environment()
        shared.pop(PREFIX + "SOURCE_ROOT", None)
        os.environ.update(shared)

    def initialize_handlers(self) -> None:
        context = {"service": self.service}
        routes = [*ROUTES, (".*", UnknownRoute)]
        self.handlers.extend((f"/jupyter-viz/{pattern}", handler, context) for pattern, handler in routes)

    async def _start_jupyter_server_extension(self, _serverapp: Any) -> None:
        # Not awaited: a database that is slow to answer must not hold up the server.
        self._announcing = asyncio.create_task(asyncio.to_thread(self._announce_catalog))

    async def stop_extension(self) -> None:
        await self.service.close()

    def _kernels(self) -> Callable[[Configuration, Mapping[str, str]], Kernels]:
        """What executes renderings: as configured; by the gateway, where the server has one; else what suits best."""
        if self.kernels_class is not None:
            return self.kernels_class
        if self.serverapp is None or not self.serverapp.gateway_config.gateway_enabled:
            return suited_kernels
        from .rendering.served import ServedKernels

        return partial(ServedKernels, manager=self.serverapp.kernel_manager)

    def _announce_catalog(self) -> None:
        """Tell the kernels which catalog this is, so that one that sees another can say so."""
        state = self.service.catalog_state()
        if state.id is not None:
            os.environ[SERVER_CATALOG] = state.id
        else:
            self.log.warning("jupyter_viz: %s", state.message)

    def _configuration(self) -> Configuration:
        root = self.serverapp.root_dir if self.serverapp else os.getcwd()
        traits = {name: getattr(self, name) for name in ("home", "catalog", "artifacts", "time_limit")}
        given = {name: value for name, value in traits.items() if value}
        if self.allowed_sources:
            given["allowed_sources"] = list(self.allowed_sources)
        return load_configuration(overrides={**given, "source_root": root})
