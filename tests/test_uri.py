"""A URI is parsed once, and nothing that only looks like one gets further."""

from __future__ import annotations

import pytest

from jupyter_viz.errors import BadRequest, Unprocessable, VizError
from jupyter_viz.uri import Uri


@pytest.mark.parametrize(
    ("text", "scheme", "parts"),
    [
        ("s3://bucket/a.csv", "s3", ("bucket", "a.csv")),
        ("S3://bucket/a.csv", "s3", ("bucket", "a.csv")),
        ("s3a://bucket/a b/c.csv", "s3", ("bucket", "a b", "c.csv")),
        ("gcs://bucket/a//b.csv", "gs", ("bucket", "a", "", "b.csv")),
        ("az://container/a.csv", "abfs", ("container", "a.csv")),
        ("abfs://box@account.dfs.core.windows.net/a.csv", "abfs", ("box@account.dfs.core.windows.net", "a.csv")),
        ("s3://bucket/é日%20+&;=@.csv", "s3", ("bucket", "é日%20+&;=@.csv")),
        ("s3://bucket", "s3", ("bucket",)),
        ("s3://bucket/", "s3", ("bucket",)),
    ],
)
def test_what_a_uri_says(text: str, scheme: str, parts: tuple[str, ...]) -> None:
    uri = Uri.parse(text)
    assert (uri.scheme, uri.parts) == (scheme, parts)
    assert uri.text.lower() == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "s3://",
        "s3:///a.csv",
        "s3:////server/share/a.csv",
        "s3://\\\\server\\share\\a.csv",
        "s3://bucket/../other/a.csv",
        "s3://bucket/a/..",
        "s3://bucket/./a.csv",
        "s3://../bucket/a.csv",
        "s3://bucket/%2e%2e/a.csv",
        "s3://bucket/%2E./a.csv",
        "s3://bucket/%252e%252e/a.csv",
        "s3://bucket/a%2f..%2fb.csv",
        "s3://bucket/..%5ca.csv",
        "s3://bucket/a\\..\\b.csv",
        "s3://bucket/a.csv?versionId=1",
        "s3://bucket/a.csv#x",
        "s3://bucket?x/a.csv",
        "s3://bucket/a.csv\0.png",
        "s3://bucket/a\r\nb.csv",
        "s3://bucket/\ud800.csv",
        "s3://bucket:9000/a.csv",
        "s3://buc ket/a.csv",
        "simplecache::s3://bucket/a.csv",
        "s3://bucket/a.zip::zip://x.csv",
        "zip://a.csv::s3://bucket/a.zip",
        "s3://bucket/http://elsewhere/a.csv",
    ],
)
def test_the_wrong_form_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        Uri.parse(text)
    str(caught.value).encode()


@pytest.mark.parametrize(
    "text",
    [
        "http://example.org/a.csv",
        "https://example.org/a.csv",
        "ftp://example.org/a.csv",
        "memory://a.csv",
        "github://org:repo@main/a.csv",
        "reference://a.csv",
        "data://a",
        "sqlite:data.db",
    ],
)
def test_other_schemes_are_not_read(text: str) -> None:
    with pytest.raises(VizError, match=r"are not read|hold no credentials") as caught:
        Uri.parse(text)
    assert isinstance(caught.value, (Unprocessable, BadRequest))


@pytest.mark.parametrize(
    "text",
    [
        "s3://AKIAKEY:wJalrSecret@bucket/a.csv",
        "s3://wJalrSecret@bucket/a.csv",
        "gs://x:wJalrSecret@bucket/a.csv",
        "abfs://box:wJalrSecret@account.dfs.core.windows.net/a.csv",
        "https://x:wJalrSecret@example.org/a.csv",
        "simplecache::s3://x:wJalrSecret@bucket/a.csv",
        "s3://x:wJalrSecret@bucket/../a.csv?b",
    ],
)
def test_a_credential_in_a_uri_is_refused_and_not_repeated(text: str) -> None:
    """It would end up in provenance, logs and notebooks that are sent to others."""
    with pytest.raises(BadRequest) as caught:
        Uri.parse(text)
    assert "wJalrSecret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "folder", "below"),
    [
        ("s3://bucket/root/a.csv", "s3://bucket/root", True),
        ("s3://bucket/root/a.csv", "s3://bucket/root/", True),
        ("s3a://bucket/root/a.csv", "s3://bucket", True),
        ("s3://bucket/root-evil/a.csv", "s3://bucket/root", False),
        ("s3://bucket-evil/root/a.csv", "s3://bucket", False),
        ("s3://bucket/Root/a.csv", "s3://bucket/root", False),
        ("s3://bucket/root", "s3://bucket/root", False),
        ("s3://bucket//root/a.csv", "s3://bucket/root", False),
        ("s3://bucket/root%2Fa.csv", "s3://bucket/root", False),
        ("gs://bucket/root/a.csv", "s3://bucket/root", False),
    ],
)
def test_below_is_told_name_by_name(text: str, folder: str, below: bool) -> None:
    assert Uri.parse(text).is_below(Uri.parse(folder)) is below
