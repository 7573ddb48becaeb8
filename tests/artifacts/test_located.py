"""Sources by URI: a private bucket opens with the user's credentials, and on a server only what was named."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_viz.artifacts.located import uri_source
from jupyter_viz.config import Configuration, load_configuration
from jupyter_viz.enums import ArtifactKind
from jupyter_viz.errors import BadRequest, BytesGone, NotFound, Unprocessable, UnreadableSource, VizError
from jupyter_viz.io import fileio


def put(uri: str, data: str | bytes = "x,y\n1,2\n") -> str:
    with fileio.open(uri, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return uri


@pytest.fixture
def root(bucket: str) -> str:
    """A folder of a bucket, with files in it and beside it."""
    for name in ("root/a.csv", "root/sub/b.csv", "root-evil/secret.csv", "elsewhere/secret.csv"):
        put(f"s3://{bucket}/{name}")
    return f"s3://{bucket}/root"


@pytest.fixture
def server(root: str, tmp_path: Path) -> Configuration:
    (tmp_path / "files").mkdir()
    return load_configuration(overrides={"source_root": str(tmp_path / "files"), "allowed_sources": [root]})


@pytest.fixture
def notebook() -> Configuration:
    return load_configuration()


def test_a_notebook_opens_what_its_credentials_open(root: str, notebook: Configuration) -> None:
    evil = root.replace("/root", "/root-evil")
    for uri in (f"{root}/a.csv", f"{root}/sub/b.csv", f"{evil}/secret.csv", f"S3{root[2:]}/a.csv"):
        found = uri_source(uri, notebook)
        assert found.kind is ArtifactKind.TABLE
        assert found.table().to_pandas().to_dict("list") == {"x": [1], "y": [2]}
        assert found.read() == b"x,y\n1,2\n"


def test_a_server_opens_what_was_named(root: str, server: Configuration) -> None:
    for uri in (f"{root}/a.csv", f"{root}/sub/b.csv", f"s3a{root[2:]}/a.csv"):
        assert uri_source(uri, server).table().count().execute() == 1


def test_the_artifact_store_is_open_too(bucket: str, tmp_path: Path) -> None:
    put(f"s3://{bucket}/store/runs/data.csv")
    put(f"s3://{bucket}/store-2/data.csv")
    config = load_configuration(overrides={"source_root": str(tmp_path), "artifacts": f"s3://{bucket}/store"})
    assert uri_source(f"s3://{bucket}/store/runs/data.csv", config).kind is ArtifactKind.TABLE
    with pytest.raises(NotFound):
        uri_source(f"s3://{bucket}/store-2/data.csv", config)


def test_what_is_outside_answers_like_what_is_not_there(root: str, bucket: str, server: Configuration) -> None:
    """Nobody learns from the answer what a bucket holds, or whether there is one."""
    for uri in (
        f"s3://{bucket}/root-evil/secret.csv",
        f"s3://{bucket}/root-evil/absent.csv",
        f"s3://{bucket}/elsewhere/secret.csv",
        f"s3://{bucket}/secret.csv",
        f"s3://{bucket}//root/a.csv",
        f"s3://{bucket}/root%2Fa.csv",
        f"s3://{bucket.upper()}/root/a.csv",
        f"gs://{bucket}/root/a.csv",
        "s3://no-such-bucket/root/a.csv",
        f"{root}/absent.csv",
        f"{root}/sub",
        f"{root}/a.csv/b.csv",
        f"{root}/a.csv;x",
        f"{root}/*.csv",
    ):
        with pytest.raises(NotFound) as caught:
            uri_source(uri, server)
        assert str(caught.value) == f"There is no file {uri!r} that may be read from here."


def test_a_missing_bucket_and_a_missing_file_are_not_there(root: str, notebook: Configuration) -> None:
    for uri in (f"{root}/absent.csv", "s3://no-such-bucket/a.csv", f"{root}/sub"):
        with pytest.raises(NotFound, match=rf"There is no file '{uri}'\.$"):
            uri_source(uri, notebook)


@pytest.mark.parametrize(
    "text",
    [
        "{root}/../elsewhere/secret.csv",
        "{root}/%2e%2e/elsewhere/secret.csv",
        "{root}/%252e%252e/elsewhere/secret.csv",
        "{root}/a.csv?versionId=1",
        "{root}/a.csv#x",
        "{root}/a.csv\0",
        "{root}\\a.csv",
        "{root}/",
        "s3://key:secret@bucket/root/a.csv",
        "simplecache::{root}/a.csv",
        "filecache::file:///etc/passwd",
        "s3:////server/share/a.csv",
        "http://169.254.169.254/latest/meta-data/",
        "https://example.org/a.csv",
        "ftp://example.org/a.csv",
        "memory://a.csv",
        "github://org:repo@main/a.csv",
        "reference://a.json",
        "local:///etc/passwd",
        "dir::file:///etc",
    ],
)
@pytest.mark.parametrize("where", ["server", "notebook"])
def test_tricks_are_refused(text: str, where: str, root: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises((BadRequest, Unprocessable)):
        uri_source(text.format(root=root), request.getfixturevalue(where))


def test_a_file_of_this_machine_by_uri(server: Configuration, notebook: Configuration, tmp_path: Path) -> None:
    for place in ("files", "files-2"):
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / "a b.csv").write_text("x\n1\n")
    inside, outside = f"file://{tmp_path}/files/a%20b.csv", f"file://{tmp_path}/files-2/a%20b.csv"
    assert uri_source(inside, server).table().count().execute() == 1
    assert uri_source(outside, notebook).table().count().execute() == 1
    for text in (outside, f"file://{tmp_path}/absent", "file:///etc/passwd", f"file://{tmp_path}/files/%252e%252e/x"):
        with pytest.raises(NotFound) as caught:
            uri_source(text, server)
        assert str(caught.value) == f"There is no file {text!r} that may be read from here."
    for text in (f"file://{tmp_path}/files/%2e%2e/files-2/a", "file:////server/a", "file://server/a", "file:///%00"):
        with pytest.raises(BadRequest):
            uri_source(text, server)


def test_the_digest_says_what_it_is_of_and_changes_with_the_file(root: str, notebook: Configuration) -> None:
    """A picture of yesterday's file is not shown as today's."""
    before = uri_source(f"{root}/a.csv", notebook).digest
    assert before
    assert before.startswith("etag ")
    assert uri_source(f"{root}/a.csv", notebook).digest == before
    put(f"{root}/a.csv", "x,y\n1,3\n")
    assert uri_source(f"{root}/a.csv", notebook).digest != before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"\x89PNG\r\n\x1a\n\xff\xff", "not a csv in UTF-8"),
        ("a.csv", b"", "is empty"),
        ("a.parquet", b"x,y\n1,2\n", "not a parquet file"),
        ("a.csv.gz", b"x,y\n1,2\n", "not a gzip file"),
    ],
)
def test_what_is_plainly_no_table_is_refused_at_once(
    root: str, notebook: Configuration, name: str, data: bytes, said: str
) -> None:
    put(f"{root}/{name}", data)
    with pytest.raises(UnreadableSource, match=said):
        uri_source(f"{root}/{name}", notebook)


def test_a_file_removed_meanwhile_is_said_to_be_gone(root: str, notebook: Configuration) -> None:
    found = uri_source(f"{root}/a.csv", notebook)
    fileio.remove(f"{root}/a.csv")
    for read in (found.table, found.read):
        with pytest.raises(BytesGone, match=r"a\.csv' is no longer there"):
            read()


def test_no_one_is_asked_for_what_may_not_be_read(
    root: str, bucket: str, server: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a store that does not answer, or a library that is not there, shows in the answer."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(NotFound):
        uri_source(f"s3://{bucket}/elsewhere/secret.csv", server)
    with pytest.raises(NotFound):
        uri_source("gs://bucket/a.csv", server)
    with pytest.raises(VizError) as caught:
        uri_source(f"{root}/a.csv", server)
    assert caught.value.code == "store_unavailable"
