"""Every error has one form; whatever is sent, the server answers with a sentence and goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from jupyter_viz.catalog.tables import visualizations

Ask = Callable[..., Awaitable[Any]]
DEEP = 100_000
ABSENT = "d5c4bfd3-a2d7-4890-b935-78bd115cc8ee"


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("nowhere", {}, 404, "not_found"),
        ("runs/not-an-id", {}, 404, "not_found"),
        ("runs/00000000-0000-0000-0000-00000000000", {}, 404, "not_found"),
        (f"runs/{ABSENT}", {}, 404, "not_found"),
        (f"runs/{ABSENT}/metrics", {}, 404, "not_found"),
        (f"runs/{ABSENT}/logs", {}, 404, "not_found"),
        (f"runs/{ABSENT}/nowhere", {}, 404, "not_found"),
        (f"artifacts/{ABSENT}", {}, 404, "not_found"),
        (f"artifacts/{ABSENT}/visualizations", {}, 404, "not_found"),
        (f"artifacts/{ABSENT}/content", {}, 404, "not_found"),
        (f"visualizations/{ABSENT}", {}, 404, "not_found"),
        (f"visualizations/{ABSENT}/content", {}, 404, "not_found"),
        (f"visualizations/{ABSENT}/notebook", {}, 404, "not_found"),
        ("runs", {"limit": "0"}, 400, "bad_request"),
        ("runs", {"limit": "-1"}, 400, "bad_request"),
        ("runs", {"limit": "201"}, 400, "bad_request"),
        ("runs", {"limit": "1e99"}, 400, "bad_request"),
        ("runs", {"limit": "nan"}, 400, "bad_request"),
        ("runs", {"limit": "inf"}, 400, "bad_request"),
        ("runs", {"limit": "ten"}, 400, "bad_request"),
        ("runs", {"limit": "9" * 5000}, 400, "bad_request"),
        ("runs", {"cursor": "x"}, 400, "bad_request"),
        ("runs", {"cursor": "bnVsbA=="}, 400, "bad_request"),
        ("runs", {"pipeline": "chrun"}, 404, "not_found"),
        ("runs", {"pipeline": "' OR 1=1 --"}, 404, "not_found"),
        ("runs", {"pipeline": "nul\0"}, 404, "not_found"),
    ],
)
async def test_a_wrong_question_is_answered_with_code_and_sentence(
    ask: Ask, recorded: Any, path: str, query: dict[str, str], status: int, code: str
) -> None:
    answer = await ask("GET", path, **query)
    assert (answer.status, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert str(recorded.home) not in answer.json()["message"]
    assert len(answer.body) < 1000


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "runs"), ("DELETE", "status"), ("PATCH", "recipes"), ("PUT", "x")]
)
async def test_a_wrong_verb_is_an_error_of_the_same_form(ask: Ask, method: str, path: str) -> None:
    answer = await ask(method, path, b"{}")
    assert answer.status in (404, 405)
    assert answer.json()["code"] in ("not_found", "method_not_allowed")


def _count(service: Any) -> int:
    with service.catalog._database.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(visualizations)))


SCORES, CLASSES = "{scores}", "{classes}"
BAD_POSTS: list[tuple[Any, int, str]] = [
    (b"", 400, "bad_request"),
    (b"{", 400, "bad_request"),
    (b"[]", 400, "bad_request"),
    (b'"roc_curve"', 400, "bad_request"),
    (b"null", 400, "bad_request"),
    (b"\xff\xfe", 400, "bad_request"),
    (b"[" * DEEP, 400, "bad_request"),
    (b'{"recipe": ' + b"[" * DEEP + b"]" * DEEP + b"}", 400, "bad_request"),
    (b'{"recipe": "table", "arguments": {"rows": NaN}}', 400, "bad_request"),
    (b'{"recipe": "table", "arguments": {"rows": -Infinity}}', 400, "bad_request"),
    (b'{"recipe": "table", "arguments": {"rows": ' + b"9" * 5000 + b"}}", 400, "bad_request"),
    (b'{"recipe": "' + b"x" * 9_000_000 + b'"}', 400, "bad_request"),
    ({}, 400, "bad_request"),
    ({"recipe": 5}, 400, "bad_request"),
    ({"recipe": "table", "sorce": SCORES}, 400, "bad_request"),
    ({"recipe": "table", "source": 5}, 400, "bad_request"),
    ({"recipe": "table", "source": [SCORES, 3]}, 400, "bad_request"),
    ({"recipe": "table", "source": []}, 422, "invalid_argument"),
    ({"recipe": "table", "source": SCORES, "arguments": []}, 400, "bad_request"),
    ({"recipe": "table", "source": SCORES, "arguments": None}, 400, "bad_request"),
    ({"recipe": "table", "source": SCORES, "code": 5}, 400, "bad_request"),
    ({"recipe": "table", "source": SCORES, "refresh": "yes"}, 400, "bad_request"),
    ({"recipe": "table", "source": SCORES, "refresh": 1}, 400, "bad_request"),
    ({"recipe": "roc_curv", "source": SCORES}, 422, "unknown_recipe"),
    ({"recipe": "", "source": SCORES}, 422, "unknown_recipe"),
    ({"recipe": "__import__('os')", "source": SCORES}, 422, "unknown_recipe"),
    ({"recipe": "nul\0 \ud800", "source": SCORES}, 422, "unknown_recipe"),
    ({"recipe": "table"}, 422, "invalid_argument"),
    ({"recipe": "table", "source": ""}, 422, "invalid_argument"),
    ({"recipe": "table", "source": SCORES, "arguments": {"row": 1}}, 422, "invalid_argument"),
    ({"recipe": "table", "source": SCORES, "arguments": {"rows": "many"}}, 422, "invalid_argument"),
    ({"recipe": "table", "source": SCORES, "arguments": {"columns": ["nope"]}}, 422, "missing_column"),
    ({"recipe": "roc_curve", "source": SCORES, "arguments": {"target": "lable"}}, 422, "missing_column"),
    ({"recipe": "roc_curve", "source": SCORES, "arguments": {"target": "\ud800\0"}}, 422, "missing_column"),
    ({"recipe": "roc_curve", "source": SCORES, "arguments": {"score": None}}, 422, "invalid_argument"),
    ({"recipe": "table", "source": SCORES, "code": "print(1)"}, 422, "invalid_argument"),
    ({"recipe": "custom", "source": SCORES}, 422, "invalid_argument"),
    ({"recipe": "custom", "source": SCORES, "code": " \n"}, 422, "invalid_argument"),
    ({"recipe": "roc_curve", "source": "churn@latest/evaluate/report"}, 422, "invalid_argument"),
    ({"recipe": "table", "source": "churn@latest/evaluate/score"}, 404, "not_found"),
    ({"recipe": "table", "source": "chrun@latest/evaluate/scores"}, 404, "not_found"),
    ({"recipe": "table", "source": "churn@nope/evaluate/scores"}, 404, "not_found"),
    ({"recipe": "table", "source": "churn@latest"}, 400, "invalid_address"),
    ({"recipe": "table", "source": "churn@"}, 400, "invalid_address"),
    ({"recipe": "table", "source": "churn@%ff/x"}, 400, "invalid_address"),
    ({"recipe": "table", "source": "churn@\ud800/x"}, 400, "invalid_address"),
    ({"recipe": "table", "source": "absent.csv"}, 404, "not_found"),
    ({"recipe": "table", "source": "/etc/passwd"}, 404, "not_found"),
    ({"recipe": "table", "source": "%2e%2e/secret.csv"}, 404, "not_found"),
    ({"recipe": "table", "source": "../secret.csv"}, 400, "bad_request"),
    ({"recipe": "table", "source": "//server/share.csv"}, 400, "bad_request"),
    ({"recipe": "table", "source": "a\0.csv"}, 400, "bad_request"),
    ({"recipe": "table", "source": "s3://bucket/a.csv"}, 404, "not_found"),
    ({"recipe": "table", "source": "https://example.org/a.csv"}, 422, "unprocessable"),
    ({"recipe": "table", "source": "http://127.0.0.1/a.csv"}, 422, "unprocessable"),
    ({"recipe": "table", "source": "picture.csv"}, 422, "unreadable_source"),
    ({"recipe": "table", "source": "empty.csv"}, 422, "unreadable_source"),
    ({"recipe": "table", "source": "notes.txt"}, 422, "invalid_argument"),
    ({"recipe": "table", "source": "churn@latest/evaluate/gone"}, 404, "not_found"),
    ({"recipe": "custom", "code": "1", "arguments": {"x": 1}, "source": "absent.csv"}, 404, "not_found"),
    (b'{"recipe": "custom", "code": "1", "arguments": {"x": 1e400}}', 400, "bad_request"),
    (b'{"recipe": "custom", "code": "1", "arguments": {"x": ' + b"[" * 600 + b"]" * 600 + b"}}", 400, "bad_request"),
    (b'{"recipe": "custom", "code": "1", "arguments": {"x": ' + b"[" * 900 + b"]" * 900 + b"}}", 400, "bad_request"),
]


@pytest.mark.parametrize(
    ("body", "status", "code"), BAD_POSTS, ids=lambda value: ascii(value)[:60] if not isinstance(value, int) else None
)
async def test_a_request_that_cannot_work_is_refused_and_leaves_nothing(
    ask: Ask, service: Any, recorded: Any, jp_root_dir: Any, body: Any, status: int, code: str
) -> None:
    """4xx with a code, a sentence that names no folder of the server, no row, no kernel."""
    (jp_root_dir / "picture.csv").write_bytes(b"\x89PNG\xff")
    (jp_root_dir / "empty.csv").touch()
    (jp_root_dir / "notes.txt").write_text("notes")
    (jp_root_dir.parent / "secret.csv").write_text("a\n1\n")
    if isinstance(body, dict):
        fill = {SCORES: recorded.scores, CLASSES: recorded.artifacts["classes"].address}
        body = {
            key: fill.get(value, value)
            if isinstance(value, str)
            else [fill.get(str(each), each) for each in value]
            if isinstance(value, list)
            else value
            for key, value in body.items()
        }
    before = _count(service)
    answer = await ask("POST", "visualizations", body)
    assert (answer.status, answer.json()["code"]) == (status, code), answer.body[:500]
    assert str(jp_root_dir) not in answer.json()["message"]
    assert str(recorded.home) not in answer.json()["message"]
    assert len(answer.json()["message"]) < 3000
    assert _count(service) == before
    assert service.load_of_queue() == (0, 0)


@pytest.mark.parametrize("wait", ["-1", "61", "soon", "nan", "inf"])
async def test_a_wait_out_of_bounds_is_refused(ask: Ask, service: Any, recorded: Any, wait: str) -> None:
    before = _count(service)
    answer = await ask("POST", "visualizations", {"recipe": "table", "source": recorded.scores}, wait=wait)
    assert (answer.status, answer.json()["code"]) == (400, "bad_request")
    assert _count(service) == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"recipe": "roc_curv", "source": SCORES}, "Did you mean 'roc_curve'"),
        ({"recipe": "table", "source": SCORES, "arguments": {"row": 1}}, "Did you mean 'rows'"),
        ({"recipe": "roc_curve", "source": SCORES}, "There is: label, p."),
        ({"recipe": "table", "source": "chrun@latest/evaluate/scores"}, "Did you mean 'churn'"),
        ({"recipe": "table", "source": "churn@latest/evaluate/score"}, "Did you mean 'evaluate/scores'"),
        ({"recipe": "table", "sorce": "x"}, "Did you mean 'source'"),
        ({"recipe": "table", "source": "empty.csv"}, "'empty.csv' is empty"),
    ],
)
async def test_the_sentence_names_the_way_out(
    ask: Ask, recorded: Any, jp_root_dir: Any, body: dict[str, Any], said: str
) -> None:
    (jp_root_dir / "empty.csv").touch()
    sent = {key: recorded.scores if value == SCORES else value for key, value in body.items()}
    assert said in (await ask("POST", "visualizations", sent)).json()["message"]


async def test_a_login_by_cookie_needs_the_xsrf_token_to_write(
    ask: Ask, jp_auth_header: dict[str, str], service: Any
) -> None:
    """A browser that is logged in may read; to write it must show that the page is Jupyter's own."""
    token = jp_auth_header["Authorization"].partition(" ")[2]
    login = await ask("GET", "status", headers={"Authorization": ""}, token=token)
    cookies = [each.partition(";")[0] for each in login.headers.get_list("Set-Cookie")]
    [session] = [each for each in cookies if each.startswith("username-")]
    logged_in = {"Authorization": "", "Cookie": session}
    assert (await ask("GET", "status", headers=logged_in)).status == 200
    body = {"recipe": "no_such_recipe"}
    refused = await ask("POST", "visualizations", body, headers=logged_in)
    assert (refused.status, refused.json()["code"]) == (403, "forbidden")
    deleted = await ask("DELETE", f"visualizations/{ABSENT}", headers=logged_in)
    assert deleted.status == 403
    xsrf = "ab" * 16
    own = {**logged_in, "Cookie": f"{session}; _xsrf={xsrf}", "X-XSRFToken": xsrf}
    assert (await ask("POST", "visualizations", body, headers=own)).json()["code"] == "unknown_recipe"
    foreign = {**own, "Origin": "https://evil.example"}
    assert (await ask("POST", "visualizations", body, headers=foreign)).status in (403, 404)
