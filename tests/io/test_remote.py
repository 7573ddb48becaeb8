"""An object store in every state it can be in: its errors name the bucket and the way out, and it recovers."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from object_store import CARL, S3

from jupyter_viz.errors import StoreUnavailable
from jupyter_viz.io import fileio

T = TypeVar("T")
ATTEMPTS: dict[str, Callable[[str], object]] = {
    "read": lambda uri: fileio.open(uri, "rb").read(),
    "look": lambda uri: fileio.stat(uri),
    "list": lambda uri: fileio.find(uri.rpartition("/")[0]),
    "write": lambda uri: _write(uri, b"new"),
    "remove": lambda uri: fileio.rmtree(uri),
}


def _write(uri: str, data: bytes) -> None:
    with fileio.open(uri, "wb") as file:
        file.write(data)


@pytest.fixture
def uri(bucket: str) -> str:
    """Of a file that is there."""
    uri = f"s3://{bucket}/folder/a.txt"
    _write(uri, b"there")
    return uri


def _refused(uri: str, said: str, *attempts: str) -> None:
    bucket = "/".join(uri.split("/")[:3])
    for name in attempts or ATTEMPTS:
        attempt = ATTEMPTS[name]
        with pytest.raises(StoreUnavailable, match=said) as caught:
            attempt(uri)
        assert bucket in str(caught.value), name
        # Nothing of the request: no key, signature or address.
        assert not any(secret in str(caught.value) for secret in ("Signature", "team:", "AWS4", "127.0.0.1")), name


def test_a_wrong_secret_is_told_and_once_put_right_it_works(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = os.environ["AWS_SECRET_ACCESS_KEY"]
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    _refused(uri, "refused access. Check the credentials of this process")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", right)
    assert fileio.open(uri).read() == "there"


def test_a_bucket_one_may_not_use_is_told_so(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature is right; the user may do nothing there."""
    for name, value in zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), CARL, strict=True):
        monkeypatch.setenv(name, value)
    _refused(uri, "refused access", "look", "write")


def test_no_credentials_at_all(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    _refused(uri, "There are no credentials for .* Set AWS_ACCESS_KEY_ID", "look", "write")


def test_a_profile_is_as_good_as_variables(uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Also one that is put right in its file while the process runs."""
    file = tmp_path / "credentials"
    key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_PROFILE", "own")
    form = "[own]\naws_access_key_id = {}\naws_secret_access_key = {}\n"
    file.write_text(form.format(key, "wrong"))
    with pytest.raises(StoreUnavailable):
        fileio.stat(uri)
    file.write_text(form.format(key, secret))
    assert fileio.stat(uri).size == 5


def test_a_store_that_is_down_is_told_and_back_it_works(mortal_s3: S3) -> None:
    bucket = mortal_s3.new_bucket()
    uri = f"s3://{bucket}/folder/a.txt"
    _write(uri, b"there")
    opened = fileio.open(uri, "rb")
    mortal_s3.stop()
    with pytest.raises(StoreUnavailable, match=r"can't be reached\. Check network, AWS_ENDPOINT_URL and proxy"):
        opened.read()
    _refused(uri, "can't be reached", "look", "write")
    mortal_s3.start()
    with pytest.raises(StoreUnavailable, match=r"There is no s3://bucket-.* to write to\. Make the bucket first"):
        _write(uri, b"there")
    with pytest.raises(FileNotFoundError):
        fileio.open(uri)


def test_no_bucket_is_made_by_the_way(s3: S3) -> None:
    """A typo in a setting must not make a bucket, which costs and may be public."""
    fileio.makedirs("s3://bucket-with-a-typo/folder")
    with pytest.raises(StoreUnavailable, match="There is no s3://bucket-with-a-typo to write to"):
        _write("s3://bucket-with-a-typo/folder/a.txt", b"x")
    assert not fileio.exists("s3://bucket-with-a-typo/folder/a.txt")


def _parts(part: T) -> Iterator[T]:
    yield from [part] * 10
    raise ZeroDivisionError


def test_a_file_is_there_completely_or_not_at_all(bucket: str) -> None:
    """Small and, written in several parts, large."""
    for size in (10, 20 << 20):
        uri = f"s3://{bucket}/{size}"
        for mode, data in (("wb", b"x"), ("w", "x")):
            with pytest.raises(ZeroDivisionError), fileio.open(uri, mode) as file:
                file.writelines(_parts(data * (size // 10)))
            assert not fileio.exists(uri)


def test_a_large_file_comes_back(bucket: str) -> None:
    data = os.urandom(1 << 20) * 20
    uri = f"s3://{bucket}/large"
    _write(uri, data)
    with fileio.open(uri, "rb") as file:
        assert file.read() == data
        assert file.seek(-10, os.SEEK_END) == len(data) - 10
        assert file.read() == data[-10:]


def test_a_file_that_is_replaced_while_it_is_read(bucket: str) -> None:
    """Read as a whole it is the one or the other; piece by piece it is told, never a mixture."""
    uri = f"s3://{bucket}/replaced"
    contents = [bytes([each]) * (1 << 18) for each in range(2)]
    _write(uri, contents[0])
    written = threading.Event()

    def replace() -> None:
        for each in range(30):
            _write(uri, contents[each % 2])
        written.set()

    with ThreadPoolExecutor(1) as pool:
        replacing, reads = pool.submit(replace), 0
        while not written.is_set() and not replacing.done():
            assert fileio.read(uri) in contents
            reads += 1
        replacing.result()
    assert reads > 1

    with fileio.open(uri, "rb") as file:
        _write(uri, b"other")
        with pytest.raises(StoreUnavailable, match="replaced while it was read"):
            file.read()


def test_a_missing_library_names_the_extra(python: Callable[..., str]) -> None:
    told = python(
        """
import sys
sys.modules.update(s3fs=None, gcsfs=None, adlfs=None)
from jupyter_viz.errors import MissingExtra
from jupyter_viz.io import fileio
for scheme in ("s3", "gs", "abfs"):
    try:
        fileio.exists(f"{scheme}://bucket/a.csv")
    except MissingExtra as error:
        print(error)
"""
    )
    assert [line.partition("pip install ")[2] for line in told.splitlines()] == [
        f"'jupyter_viz[{extra}]'." for extra in ("s3", "gcs", "azure")
    ]
