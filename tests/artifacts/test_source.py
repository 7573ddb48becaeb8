"""What a source is, and which files it may be."""

from __future__ import annotations

import gzip
import os
import socket
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from jupyter_viz.artifacts.source import Source, SourceForm, file_source, form_of, kind_of
from jupyter_viz.config import Configuration, load_configuration
from jupyter_viz.enums import ArtifactKind
from jupyter_viz.errors import BadRequest, NotFound, UnreadableSource


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("churn@latest/evaluate/scores", SourceForm.ADDRESS),
        ("team::churn@latest/scores", SourceForm.ADDRESS),
        ("ann@example.csv", SourceForm.ADDRESS),
        ("./ann@example.csv", SourceForm.PATH),
        ("../x", SourceForm.PATH),
        ("/abs/x@y.csv", SourceForm.PATH),
        ("s3://bucket/a.csv", SourceForm.URI),
        ("https://example.org/a.csv", SourceForm.URI),
        ("file:///etc/passwd", SourceForm.URI),
        ("sqlite:data.db", SourceForm.URI),
        ("frame", SourceForm.VARIABLE),
        ("./frame", SourceForm.PATH),
        ("data.csv", SourceForm.PATH),
        ("a%40b.csv", SourceForm.PATH),
    ],
)
def test_how_a_text_is_read(text: str, form: SourceForm) -> None:
    """Address before URI before variable before path; `./` forces a path."""
    assert form_of(text, {"frame", "churn@latest/evaluate/scores"}) is form


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", ArtifactKind.TABLE),
        ("a.CSV", ArtifactKind.TABLE),
        ("a.tsv.gz", ArtifactKind.TABLE),
        ("a.parquet", ArtifactKind.TABLE),
        ("a.json", ArtifactKind.JSON),
        ("a.md", ArtifactKind.MARKDOWN),
        ("a.html", ArtifactKind.HTML),
        ("a.png", ArtifactKind.IMAGE),
        ("a.log", ArtifactKind.TEXT),
        ("a.pkl", ArtifactKind.BINARY),
        ("csv", ArtifactKind.BINARY),
    ],
)
def test_what_a_file_holds_is_told_by_its_name(name: str, kind: ArtifactKind) -> None:
    assert kind_of(name) is kind


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("x,y\n1,2\n")
    (folder / "sub" / "b.csv").write_text("x,y\n3,4\n")
    for outside in (tmp_path / "root-evil", tmp_path / "elsewhere"):
        outside.mkdir()
        (outside / "secret.csv").write_text("s\n1\n")
    return folder


@pytest.fixture
def server(root: Path) -> Configuration:
    return load_configuration(overrides={"source_root": str(root)})


@pytest.mark.parametrize("text", ["a.csv", "./a.csv", "sub/b.csv", "sub//b.csv", "sub/./b.csv"])
def test_a_file_below_the_root_is_found(server: Configuration, text: str) -> None:
    found = file_source(text, server)
    assert found.kind is ArtifactKind.TABLE
    assert found.table().to_pandas().shape == (1, 2)


def test_an_absolute_path_below_the_root_is_found(server: Configuration, root: Path) -> None:
    assert file_source(str(root / "a.csv"), server).path == str(root / "a.csv")


def test_a_link_that_stays_inside_is_followed(server: Configuration, root: Path) -> None:
    (root / "link.csv").symlink_to(root / "sub" / "b.csv")
    assert file_source("link.csv", server).path == str(root / "sub" / "b.csv")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "../elsewhere/secret.csv",
        "sub/../../elsewhere/secret.csv",
        "sub/../a.csv",
        "..\\elsewhere\\secret.csv",
        "sub\\..\\..\\x",
        "//server/share/x.csv",
        "\\\\server\\share\\x.csv",
        "\\\\?\\C:\\x.csv",
        "C:\\x.csv",
        "C:/x.csv",
        "c:x.csv",
        "a.csv\0.png",
        "a\nb.csv",
        "\ud800.csv",
    ],
)
def test_the_wrong_form_is_refused_before_the_disk_is_touched(server: Configuration, text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        file_source(text, server)
    str(caught.value).encode()


def test_what_is_outside_answers_like_what_is_not_there(server: Configuration, root: Path, tmp_path: Path) -> None:
    """Nobody learns from the answer which files the server's disk holds."""
    (root / "out.csv").symlink_to(tmp_path / "elsewhere" / "secret.csv")
    (root / "out").symlink_to(tmp_path / "elsewhere")
    (root / "dangling.csv").symlink_to(tmp_path / "nowhere")
    (root / "loop.csv").symlink_to(root / "loop.csv")
    os.mkfifo(root / "pipe.csv")
    (root / "device.csv").symlink_to("/dev/zero")
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(root)  # a socket's path may not be long
    listening.bind("socket.csv")
    os.chdir(here)
    texts = [
        str(tmp_path / "elsewhere" / "secret.csv"),
        str(tmp_path / "elsewhere" / "absent.csv"),
        str(tmp_path / "root-evil" / "secret.csv"),
        "/etc/passwd",
        "/dev/zero",
        "/proc/self/environ",
        "%2e%2e/elsewhere/secret.csv",
        "%252e%252e/elsewhere/secret.csv",
        "..%2felsewhere%2fsecret.csv",
        "out.csv",
        "out/secret.csv",
        "out/absent.csv",
        "dangling.csv",
        "loop.csv",
        "loop.csv/x",
        "pipe.csv",
        "device.csv",
        "socket.csv",
        "sub",
        ".",
        "absent.csv",
        "a.csv/x",
        "a" * 5000 + ".csv",
        "~/a.csv",
        "~root/a.csv",
        "a.csv;x",
        "a.csv?x=1",
        "a.csv#x",
        "file:a.csv",
    ]
    for text in texts:
        with pytest.raises((NotFound, BadRequest)) as caught:
            file_source(text, server)
        if isinstance(caught.value, NotFound):
            assert str(caught.value) == f"There is no file {text!r} that may be read from here."
        else:
            assert text == "file:a.csv"
    listening.close()


def test_allowed_folders_and_the_store_are_open_too(server: Configuration, tmp_path: Path) -> None:
    extra = tmp_path / "elsewhere" / "secret.csv"
    stored = Path(server.artifacts, "runs", "data.csv")
    stored.parent.mkdir(parents=True)
    stored.write_text("a\n1\n")
    assert file_source(str(stored), server).path == str(stored)
    wider = replace(server, allowed_sources=(str(extra.parent),))
    assert file_source(str(extra), wider).path == str(extra)
    with pytest.raises(NotFound):
        file_source(str(tmp_path / "root-evil" / "secret.csv"), wider)


def test_a_linked_root_is_the_root(server: Configuration, root: Path, tmp_path: Path) -> None:
    """A server started in a folder that is a link (macOS's /tmp) reads its own files."""
    (tmp_path / "linked").symlink_to(root)
    assert file_source("a.csv", replace(server, source_root=str(tmp_path / "linked"))).path == str(root / "a.csv")


def test_a_notebook_reads_whatever_its_user_may(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    config = load_configuration()
    monkeypatch.setenv("HOME", str(tmp_path))
    for text in ("a.csv", "../elsewhere/secret.csv", "~/elsewhere/secret.csv", str(root / "a.csv")):
        assert file_source(text, config).kind is ArtifactKind.TABLE
    with pytest.raises(BadRequest, match="is a folder"):
        file_source("sub", config)
    for text in ("absent.csv", "~nobody-of-that-name/a.csv"):
        with pytest.raises(NotFound, match=r"There is no file '.*'\.$"):
            file_source(text, config)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"\x89PNG\r\n\x1a\n\xff\xff", "not a csv in UTF-8"),
        ("a.csv", "x,y\né\n".encode("latin-1"), "not a csv in UTF-8"),
        ("a.csv", b"x,y\n1,\0\n", "NUL byte at 6"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b" \n\n", "is empty"),
        ("a.tsv", b"", "is empty"),
        ("a.csv.gz", b"x,y\n1,2\n", "not a gzip file"),
        ("a.parquet", b"x,y\n1,2\n", "not a parquet file"),
        ("a.parquet", b"", "not a parquet file"),
    ],
)
def test_what_is_plainly_no_table_is_refused_at_once(server, root, name: str, data: bytes, said: str) -> None:
    """Before a kernel is started for it."""
    (root / name).write_bytes(data)
    with pytest.raises(UnreadableSource, match=said) as caught:
        file_source(name, server)
    assert repr(name) in str(caught.value)


def test_a_character_cut_at_the_end_of_what_is_looked_at_is_no_error(server: Configuration, root: Path) -> None:
    for shift in range(4):
        (root / "long.csv").write_text("x" * shift + "\n" + "🚀" * 20_000)
        assert file_source("long.csv", server).kind is ArtifactKind.TABLE


def test_a_byte_order_mark_is_no_error(server: Configuration, root: Path) -> None:
    """Excel writes one."""
    (root / "excel.csv").write_text("x,y\n1,2\n", encoding="utf-8-sig")
    assert list(file_source("excel.csv", server).table().columns) == ["x", "y"]


def test_the_digest_changes_with_the_file(server: Configuration, root: Path) -> None:
    """A picture of yesterday's file is not shown as today's."""
    before = file_source("a.csv", server).digest
    (root / "a.csv").write_text("x,y\n1,2\n3,4\n")
    assert file_source("a.csv", server).digest != before


def test_custom_code_reads_a_source_in_each_form(server: Configuration, root: Path) -> None:
    (root / "a.json").write_text('{"a": [1, 2]}')
    source = file_source("a.json", server)
    assert source.json() == {"a": [1, 2]}
    assert source.read_text() == '{"a": [1, 2]}'
    assert source.read() == b'{"a": [1, 2]}'
    with pytest.raises(UnreadableSource, match=r"'a\.json' is not a table but json"):
        source.table()
    with pytest.raises(UnreadableSource, match=r"'a\.csv' is not JSON"):
        file_source("a.csv", server).json()
    (root / "b.bin").write_bytes(b"\xff")
    with pytest.raises(UnreadableSource, match="not text in UTF-8"):
        file_source("b.bin", server).read_text()


def test_a_variable_is_a_table_without_bytes() -> None:
    source = Source("frame", ArtifactKind.TABLE, value=pd.DataFrame({"a": [1]}))
    assert source.table().to_pandas().a.tolist() == [1]
    with pytest.raises(UnreadableSource, match="is a variable"):
        source.read()


def test_a_compressed_table_is_read(server: Configuration, root: Path) -> None:
    with gzip.open(root / "a.tsv.gz", "wt") as file:
        file.write("x\ty\n1\t2\n")
    assert file_source("a.tsv.gz", server).table().to_pandas().to_dict("list") == {"x": [1], "y": [2]}
