"""Bytes are there completely or not at all, and nothing outside the store is ever touched."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from uuid import uuid4

import pytest

from jupyter_viz.artifacts.store import ArtifactStore
from jupyter_viz.errors import BytesGone, NotFound, StoreUnavailable


@pytest.fixture
def in_bucket(bucket: str) -> ArtifactStore:
    return ArtifactStore(f"s3://{bucket}/viz")


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    (tmp_path / "store").mkdir()
    return ArtifactStore(str(tmp_path / "store"))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("secret")
    return path


def test_what_is_written_is_read(store: ArtifactStore) -> None:
    uri = f"{store.root}/runs/a/data.bin"
    store.write(uri, bytes(range(256)) * 10)
    assert store.read(uri) == bytes(range(256)) * 10
    assert store.read(uri, 3) == b"\x00\x01\x02"
    assert store.has(uri)


def test_a_url_is_as_good_as_a_folder() -> None:
    store = ArtifactStore(f"memory:///{uuid4()}")
    uri = f"{store.artifact_folder('r', 'a')}/data.json"
    store.write(uri, b"{}")
    assert store.read(uri) == b"{}"
    assert store.main_file(store.artifact_folder("r", "a")) == uri
    store.remove(store.artifact_folder("r", "a"))
    with pytest.raises(BytesGone):
        store.read(uri)


def test_compressed_bytes_come_back_and_are_smaller(store: ArtifactStore) -> None:
    data = b"the same again and again " * 1000
    uri = f"{store.root}/x.gz"
    assert store.write_compressed(uri, data) == Path(uri).stat().st_size < len(data) / 10
    assert store.read_compressed(uri) == data


def test_a_write_that_fails_leaves_what_was_there_and_no_litter(store: ArtifactStore) -> None:
    folder = Path(store.root, "x")
    (folder / "taken").mkdir(parents=True)  # a folder in the way: the rename fails
    (folder / "taken" / "kept").touch()
    with pytest.raises(OSError):  # noqa: PT011
        store.write(f"{folder}/taken", b"new")
    assert [path.name for path in folder.iterdir()] == ["taken"]
    assert (folder / "taken" / "kept").exists()


def test_removed_bytes_are_said_to_be_gone(store: ArtifactStore) -> None:
    with pytest.raises(BytesGone, match="removed"):
        store.read(f"{store.root}/runs/x/data.csv")
    with pytest.raises(BytesGone, match="removed"):
        store.main_file(store.artifact_folder("r", "a"))


def test_the_main_file_is_the_data(store: ArtifactStore) -> None:
    folder = store.artifact_folder("r", "a")
    for name in ("aaa.csv", "data.parquet", "zzz.html"):
        store.write(f"{folder}/{name}", b"x")
    assert store.main_file(folder) == f"{folder}/data.parquet"


def test_the_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    """The same data in another place is the same; one more byte, or another name, is not."""

    def digest(where: str, files: dict[str, bytes]) -> tuple[str, int]:
        store = ArtifactStore(str(tmp_path / where))
        folder = store.artifact_folder("r", "a")
        for name, data in files.items():
            store.write(f"{folder}/{name}", data)
        return store.digest(folder)

    base = digest("one", {"data.csv": b"abc", "b.txt": b"d"})
    expected = hashlib.sha256(b"/b.txt\0d/data.csv\0abc").hexdigest()
    assert base == (expected, 4)
    assert digest("two", {"b.txt": b"d", "data.csv": b"abc"}) == base
    assert digest("three", {"b.txt": b"d", "data.csv": b"abcd"})[0] != base[0]
    assert digest("four", {"c.txt": b"d", "data.csv": b"abc"})[0] != base[0]


def test_nothing_outside_is_read_written_or_removed(store: ArtifactStore, secret: Path, tmp_path: Path) -> None:
    """A URI that somebody else put into the catalog reaches nothing but the store."""
    evil = tmp_path / "store-evil"
    evil.mkdir()
    (evil / "secret.txt").write_text("secret")
    link = Path(store.root, "link")
    link.symlink_to(tmp_path)
    direct = Path(store.root, "direct.txt")
    direct.symlink_to(secret)
    loop = Path(store.root, "loop")
    loop.symlink_to(loop)
    for uri in (
        str(secret),
        f"{store.root}/../secret.txt",
        f"{store.root}/a/../../secret.txt",
        str(evil / "secret.txt"),
        str(direct),
        f"{link}/secret.txt",
        f"file://{secret}",
        f"file://{store.root}/x",
        f"memory://{store.root}/x",
        f"{store.root}/x\0y",
        "",
        "secret.txt",
        f"{loop}/x",
    ):
        for attempt in (store.read, store.has, store.remove, store.files, store.main_file):
            with pytest.raises(NotFound):
                attempt(uri)
        with pytest.raises(NotFound):
            store.write(uri, b"overwritten")
    assert secret.read_text() == (evil / "secret.txt").read_text() == "secret"


@pytest.mark.parametrize(
    "uri",
    ["memory://root-evil/x", "memory://root/../x", "memory://other/x", "/root/x", "file:///root/x", "memory://root"],
)
def test_nothing_outside_a_url_is_read(uri: str) -> None:
    with pytest.raises(NotFound):
        ArtifactStore("memory://root").read(uri)


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_was_put_into_the_store_is_not_followed(tmp_path: Path, kind: str) -> None:
    """Somebody who can write into an artifact's folder must not read the server's files through it, nor block it."""
    store = ArtifactStore(str(tmp_path / "store"))
    folder = Path(store.artifact_folder("run", "artifact"))
    folder.mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    path = folder / "data.txt"
    if kind == "link":
        path.symlink_to(tmp_path / "secret")
    else:
        os.mkfifo(path)
    for read in (lambda: store.read(str(path)), lambda: store.main_file(str(folder))):
        with pytest.raises((NotFound, BytesGone)):
            read()


def test_a_bucket_is_as_good_as_a_folder(in_bucket: ArtifactStore, tmp_path: Path) -> None:
    """Written, found, read, measured and removed; what lies beside it stays."""
    local = ArtifactStore(str(tmp_path / "local"))
    digests = []
    for store in (in_bucket, local):
        folder = store.artifact_folder("run", "artifact")
        store.write(f"{folder}/data.json", b"{}")
        store.write(f"{folder}/more/shown.html", b"<p>")
        assert store.write_compressed(f"{folder}/packed.gz", b"x" * 1000) < 1000
        assert store.read_compressed(f"{folder}/packed.gz") == b"x" * 1000
        assert store.main_file(folder) == f"{folder}/data.json"
        assert store.files(folder) == [f"{folder}/{name}" for name in ("data.json", "more/shown.html", "packed.gz")]
        assert store.read(f"{folder}/data.json", 1) == b"{"
        digests.append(store.digest(folder))
        store.write(f"{folder}-2/data.json", b"beside")
        store.remove(folder)
        store.remove(folder)
        assert not store.has(f"{folder}/data.json")
        assert store.read(f"{folder}-2/data.json") == b"beside"
        for read in (store.read, store.main_file):
            with pytest.raises(BytesGone, match="removed"):
                read(f"{folder}/data.json" if read == store.read else folder)
    assert digests[0] == digests[1]


def test_a_folder_of_a_bucket_that_could_not_be_made_whole_is_not_there(in_bucket: ArtifactStore) -> None:
    folder = in_bucket.artifact_folder("run", "artifact")

    def fail() -> None:
        with in_bucket.making(folder) as place:
            in_bucket.write(f"{place}/data.json", b"{}")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert in_bucket.files(folder) == []


def test_nothing_outside_a_bucket_s_folder_is_touched(in_bucket: ArtifactStore, bucket: str) -> None:
    for uri in (
        f"s3://{bucket}/viz-evil/x",
        f"s3://{bucket}/x",
        f"s3://{bucket}/viz",
        f"s3://{bucket}/viz/../x",
        f"s3://{bucket}/viz/%2e%2e/x",
        f"s3://{bucket}/viz/x?versionId=1",
        f"s3://{bucket}/viz/x::s3://other/x",
        f"s3://{bucket}-evil/viz/x",
        "/etc/passwd",
        "file:///etc/passwd",
    ):
        for attempt in (in_bucket.read, in_bucket.has, in_bucket.remove, in_bucket.files, in_bucket.main_file):
            with pytest.raises(NotFound):
                attempt(uri)
        with pytest.raises(NotFound):
            in_bucket.write(uri, b"overwritten")


def test_the_bytes_of_a_bucket_that_is_not_there_are_gone(s3: object) -> None:
    store = ArtifactStore("s3://no-such-bucket/viz")
    folder = store.artifact_folder("run", "artifact")
    with pytest.raises(BytesGone):
        store.read(f"{folder}/data.json")
    with pytest.raises(BytesGone):
        store.main_file(folder)
    store.remove(folder)
    with pytest.raises(StoreUnavailable, match="There is no s3://no-such-bucket"):
        store.write(f"{folder}/data.json", b"{}")
