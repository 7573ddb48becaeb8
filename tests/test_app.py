"""Every route, for everybody: who gets what, and that it is documented."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from jupyter_server.auth import Authorizer, User
from jupyter_server.auth.identity import IdentityProvider
from openapi_spec_validator import validate
from tornado.web import RequestHandler

from jupyter_viz.api.base import UUID
from jupyter_viz.app import ROUTES
from jupyter_viz.service import Service

XSRF = "ab" * 16


class ByHeader(IdentityProvider):
    """Who asks is whom a header names: several users on one server."""

    def get_user(self, handler: Any) -> User | None:
        name = handler.request.headers.get("X-Test-User")
        return User(username=name) if name else None


class Rules(Authorizer):
    """`reader` reads, `editor` may not execute kernels, everybody else may all."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        if user.username == "nobody":
            return False
        if user.username == "reader":
            return action == "read"
        return not (user.username == "editor" and (action, resource) == ("execute", "kernels"))


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    server = {**jp_server_config["ServerApp"], "identity_provider_class": ByHeader, "authorizer_class": Rules}
    return {**jp_server_config, "ServerApp": server}


def _as(user: str | None) -> dict[str, str]:
    headers = {"Authorization": "", "Cookie": f"_xsrf={XSRF}", "X-XSRFToken": XSRF}
    return headers | ({"X-Test-User": user} if user else {})


def _verbs(handler: type[RequestHandler]) -> list[str]:
    return [
        verb
        for verb in ("get", "head", "post", "put", "patch", "delete")
        if getattr(handler, verb) is not getattr(RequestHandler, verb)
    ]


def _templates(pattern: str) -> list[str]:
    """The paths of a route as openapi.yaml writes them; one of several words is several paths."""
    pattern = pattern.replace(UUID, "{id}")
    several = re.search(r"\(\?P<\w+>([\w|-]+)\)", pattern)
    return [pattern.replace(several[0], word) for word in several[1].split("|")] if several else [pattern]


TEMPLATES = {template: handler for pattern, handler in ROUTES for template in _templates(pattern)}
OPERATIONS = sorted((template, verb) for template, handler in TEMPLATES.items() for verb in _verbs(handler))

# What of Ann's each operation is tried on: only a rendering is hers alone.
OF_ALL, OF_ANN = "all", "ann"
EXPECTED: dict[tuple[str, str], tuple[str, int]] = {
    ("status", "get"): (OF_ALL, 200),
    ("recipes", "get"): (OF_ALL, 200),
    ("projects", "get"): (OF_ALL, 200),
    ("pipelines", "get"): (OF_ALL, 200),
    ("experiments", "get"): (OF_ALL, 200),
    ("models", "get"): (OF_ALL, 200),
    ("deployments", "get"): (OF_ALL, 200),
    ("syncs", "get"): (OF_ALL, 200),
    ("syncs", "post"): (OF_ALL, 400),  # with fields of another form: past every door
    ("runs", "get"): (OF_ALL, 200),
    ("runs/{id}", "get"): (OF_ALL, 200),
    ("runs/{id}", "delete"): (OF_ALL, 200),
    ("runs/{id}/metrics", "get"): (OF_ALL, 200),
    ("runs/{id}/logs", "get"): (OF_ALL, 200),
    ("artifacts/{id}", "get"): (OF_ALL, 200),
    ("artifacts/{id}/visualizations", "get"): (OF_ALL, 200),
    ("artifacts/{id}/content", "get"): (OF_ALL, 200),
    ("visualizations", "post"): (OF_ALL, 422),  # of a recipe that doesn't exist: past every door
    ("visualizations/{id}", "get"): (OF_ANN, 200),
    ("visualizations/{id}", "delete"): (OF_ANN, 204),
    ("visualizations/{id}/content", "get"): (OF_ALL, 200),
    ("visualizations/{id}/notebook", "get"): (OF_ANN, 200),
    ("visualizations/{id}/export", "get"): (OF_ANN, 200),
}


def _allowed(user: str | None, template: str, verb: str) -> int | set[int]:
    """The status, or the statuses one of which it must be."""
    whose, status = EXPECTED[template, verb]
    if user is None:
        return {401, 403, 404}
    if user == "nobody" or (user == "reader" and verb != "get"):
        return 403
    if whose == OF_ANN and user != "ann":
        return 404
    return status


@pytest.mark.parametrize("user", [None, "nobody", "reader", "bob", "ann"])
async def test_every_route_for_everybody(
    ask: Callable[..., Awaitable[Any]], service: Any, recorded: Any, user: str | None
) -> None:
    """No route, also none added later, answers somebody it should not. Deleting comes last, of something of its own."""
    ids = {
        "runs": recorded.run.id,
        "artifacts": recorded.artifacts["scores"].id,
        "visualizations": recorded.of_ann.id,
        "visualizations/{id}/content": recorded.shown["report/report"].id,
    }
    assert set(OPERATIONS) == set(EXPECTED), "a route is not listed here: say who may do what"
    wrong = []
    for template, verb in OPERATIONS:
        found = ids.get(template, ids.get(template.partition("/")[0], ""))
        if verb == "delete":
            found = _queued_of_ann(service) if template.startswith("visualizations") else _new_run(service)
        body = {"recipe": "no_such_recipe"} if verb == "post" else None
        answer = await ask(verb.upper(), template.replace("{id}", found), body, headers=_as(user))
        if (template, verb) == ("runs/{id}", "delete") and answer.status != 200:
            service.catalog.recording.delete_run(found)
        expected = _allowed(user, template, verb)
        if answer.status not in (expected if isinstance(expected, set) else {expected}):
            wrong.append(f"{verb} {template}: {answer.status} {answer.body[:200]!r}, not {expected}")
    assert not wrong, "\n".join(wrong)


def _new_run(service: Any) -> str:
    from jupyter_viz.models import NewRun

    run_id, _ = service.catalog.recording.start_run(NewRun("deleted", "otter"))
    return str(run_id)


def _queued_of_ann(service: Any) -> str:
    from jupyter_viz.models import Principal, RenderRequest

    row, _ = service.catalog.visualizations.queue(
        Principal("user:ann"),
        RenderRequest("table"),
        key=uuid.uuid4().hex,
        title="t",
        artifact_id=None,
        provenance={},
    )
    return str(row.id)


@pytest.mark.parametrize("path", ["nowhere", "runs/not-an-id", "visualizations/../../etc", "status/"])
async def test_below_the_prefix_nothing_is_told_to_strangers(ask: Callable[..., Awaitable[Any]], path: str) -> None:
    assert (await ask("GET", path, headers=_as(None))).status in (401, 403, 404)


async def test_anothers_rendering_answers_exactly_like_none(ask: Callable[..., Awaitable[Any]], recorded: Any) -> None:
    """Neither status nor body tells Bob whether Ann has a rendering of that id."""
    absent = str(uuid.uuid4())
    for verb, below in (("GET", ""), ("DELETE", ""), ("GET", "/content"), ("GET", "/notebook"), ("GET", "/export")):
        answers = []
        for each in (recorded.of_ann.id, absent):
            answer = await ask(verb, f"visualizations/{each}{below}", headers=_as("bob"))
            answers.append((answer.status, answer.body.replace(each.encode(), b"ID")))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    listed = await ask("GET", f"artifacts/{recorded.artifacts['scores'].id}/visualizations", headers=_as("bob"))
    assert recorded.of_ann.id not in {each["id"] for each in listed.json()["visualizations"]}


async def test_whoever_is_called_owner_is_not_the_owner(ask: Callable[..., Awaitable[Any]], recorded: Any) -> None:
    """A login name opens nobody else's renderings."""
    for name in ("owner", "user:ann"):
        for each in (recorded.rendering, recorded.of_ann):
            assert (await ask("GET", f"visualizations/{each.id}", headers=_as(name))).status == 404


async def test_who_may_not_execute_starts_no_kernel_by_custom_code(
    ask: Callable[..., Awaitable[Any]], service: Any, recorded: Any
) -> None:
    """403, by name, before anything is started or stored; the recipes remain."""
    body = {"recipe": "custom", "source": recorded.scores, "code": "print(1)"}
    for request in (body, {**body, "source": None}, {**body, "code": ""}, {**body, "refresh": True}):
        answer = await ask("POST", "visualizations", request, headers=_as("editor"))
        assert (answer.status, answer.json()["code"]) == (403, "custom_disabled")
    assert service.load_of_queue() == (0, 0)
    listed = await ask("GET", f"artifacts/{recorded.artifacts['scores'].id}/visualizations", headers=_as("editor"))
    assert not [each for each in listed.json()["visualizations"] if each["origin"] == "recipe"]
    status = await ask("GET", "status", headers=_as("editor"))
    assert status.json()["custom_allowed"] is False
    assert (await ask("GET", "status", headers=_as("ann"))).json()["custom_allowed"] is True
    refused = await ask("POST", "visualizations", {"recipe": "table", "source": "x@latest/y"}, headers=_as("editor"))
    assert refused.json()["code"] == "not_found"  # past the door


@pytest.mark.parametrize("broken", ["header", "cookie", "other"])
async def test_a_write_without_the_xsrf_token_is_refused(ask: Callable[..., Awaitable[Any]], broken: str) -> None:
    """Another site that a logged-in browser visits can't render, cancel or delete."""
    headers = _as("ann")
    if broken == "header":
        del headers["X-XSRFToken"]
    elif broken == "cookie":
        del headers["Cookie"]
    else:
        headers["X-XSRFToken"] = "cd" * 16
    for verb, path in (("POST", "visualizations"), ("DELETE", f"visualizations/{uuid.uuid4()}")):
        answer = await ask(verb, path, {"recipe": "x"} if verb == "POST" else None, headers=headers)
        assert (answer.status, answer.json()["code"]) == (403, "forbidden")


def test_the_document_is_valid_and_names_exactly_the_routes(openapi: dict[str, Any]) -> None:
    validate(openapi)
    documented = sorted(
        (path.strip("/"), verb)
        for path, operations in openapi["paths"].items()
        for verb in operations
        if verb in ("get", "post", "put", "patch", "delete", "head")
    )
    assert documented == OPERATIONS


def test_every_id_in_a_route_must_be_one() -> None:
    assert all(re.fullmatch(r"[\w-]+(/\{id\}(/\w+)?)?", template) for template in TEMPLATES)


async def test_the_servers_kernels_see_its_catalog_and_not_its_root(service: Any, jp_serverapp: Any) -> None:
    """What the server is configured with reaches every kernel it starts, as variables, with the catalog's id."""
    [extension] = jp_serverapp.extension_manager.extension_apps["jupyter_viz"]
    await extension._start_jupyter_server_extension(jp_serverapp)
    await extension._announcing
    for name, value in service.config.environment().items():
        if name != "JUPYTER_VIZ_SOURCE_ROOT":
            assert os.environ[name] == value
    assert "JUPYTER_VIZ_SOURCE_ROOT" not in os.environ
    assert os.environ["JUPYTER_VIZ_SERVER_CATALOG"] == service.catalog.id
    assert service.config.source_root == jp_serverapp.root_dir


async def test_a_catalog_that_is_not_there_does_not_stop_the_server(
    service: Any, jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """JupyterLab opens as ever; the log and `/status` say what is wrong."""
    [extension] = jp_serverapp.extension_manager.extension_apps["jupyter_viz"]
    broken = replace(service.config, catalog="postgresql://ann:geheim@127.0.0.1:1/viz")
    monkeypatch.setattr(extension, "service", Service(broken))
    await extension._start_jupyter_server_extension(jp_serverapp)
    await extension._announcing
    assert "could not be used" in caplog.text
    assert "geheim" not in caplog.text
    assert "JUPYTER_VIZ_SERVER_CATALOG" not in os.environ
