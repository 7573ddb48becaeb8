"""A real S3 server for tests, and buckets in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

ANN, CARL = ("team:ann", "secret-of-ann"), ("team:carl", "secret-of-carl")
"""Who may do everything in their account, and who may do nothing there."""


class S3:
    """A server that checks signatures; what it holds is gone when it stops."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which everything works."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": ANN[0],
            "AWS_SECRET_ACCESS_KEY": ANN[1],
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def start(self) -> None:
        """On the port it had before, if it had one."""
        self._folder = tempfile.mkdtemp(prefix="s3-")
        users = [":".join(ANN), ":".join((*CARL, "plain"))]
        program = Path(__file__).with_name("object_store_server.py")
        self._process = subprocess.Popen(
            [sys.executable, str(program), self._folder, str(self.port), *users], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        said = self._process.stdout.readline()
        assert said, f"the object store did not start: its process ended with {self._process.wait()}"
        self.port = int(said)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()
        shutil.rmtree(self._folder)

    def new_bucket(self) -> str:
        import s3fs

        name = f"bucket-{uuid4().hex[:12]}"
        endpoint, (key, secret) = self.environment["AWS_ENDPOINT_URL"], ANN
        s3fs.S3FileSystem(key=key, secret=secret, endpoint_url=endpoint, use_listings_cache=False).mkdir(name)
        return name


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3]:
    server = S3()
    yield server
    server.stop()


def _use(server: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def s3(s3_server: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """The server, with this test's environment holding the right credentials for it."""
    _use(s3_server, monkeypatch)
    return s3_server


@pytest.fixture
def mortal_s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """A server of the test's own, to be stopped and started."""
    server = S3()
    _use(server, monkeypatch)
    yield server
    server.stop()


@pytest.fixture
def bucket(s3: S3) -> str:
    """The name of an empty bucket that this test's environment has the credentials for."""
    return s3.new_bucket()
