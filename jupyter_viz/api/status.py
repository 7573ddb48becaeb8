"""GET /status, /recipes, /projects, /pipelines, /experiments, /models, /deployments"""

from __future__ import annotations

from importlib.metadata import version

from jupyter_server.auth.decorator import authorized
from tornado import web

from .base import JSONHandler, jsonable


class StatusHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        queued, running = self.service.load_of_queue()
        self.answer(
            {
                "version": version("jupyter_viz"),
                "catalog": await self.look_up(self.service.catalog_state),
                "custom_allowed": self.principal.may_execute,
                "renderings": {"queued": queued, "running": running},
            }
        )


class RecipesHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        recipes, broken = await self.look_up(self.service.recipes, self.principal)
        # Whoever may run no code of their own is offered none, nor shown any.
        shown = [recipe for recipe in recipes if recipe.saved is None or self.principal.may_execute]
        listed = [{**jsonable(recipe), "placeholder": recipe.placeholder} for recipe in shown]
        self.answer({"recipes": listed, "broken": broken})
        if self.principal.may_execute:  # who looks for a recipe is about to have something rendered
            self.service.warm()


class ProjectsHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        found = await self.look_up(self.service.projects, self.principal)
        self.answer({"projects": [{"id": project_id, "name": name} for project_id, name in found]})


class PipelinesHandler(JSONHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        self.answer({"pipelines": await self.look_up(self.service.pipelines, self.principal)})


class NamedHandler(JSONHandler):
    """Experiments, models and deployments: the last word of the path says which."""

    @web.authenticated
    @authorized
    async def get(self, kind: str) -> None:
        self.answer({kind: await self.look_up(self.service.named, self.principal, kind)})


ROUTES = [
    (r"status", StatusHandler),
    (r"recipes", RecipesHandler),
    (r"projects", ProjectsHandler),
    (r"pipelines", PipelinesHandler),
    (r"(?P<kind>experiments|models|deployments)", NamedHandler),
]
