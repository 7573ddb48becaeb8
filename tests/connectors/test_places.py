"""What is kept of a place: one name for it, however it was written, and nothing that has to stay secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_viz.connectors.places import (
    folder_of,
    has_credentials,
    lies_openly_in,
    plain_location,
    without_secrets,
)
from jupyter_viz.errors import BadRequest


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://ann:secret@host:5000/x?token=1", "https://host:5000/x"),
        ("https://host/pipeline#team", "https://host/pipeline#team"),
        ("https://ann:secret@host/pipeline?token=1#team-2", "https://host/pipeline#team-2"),
        ("https://host/pipeline/#/runs", "https://host/pipeline/"),
        ("https://host/#access_token=secret", "https://host/"),
        ("https://host:80/a@b", "https://host:80/a@b"),
        ("https://[::1]:80/a@b", "https://[::1]:80/a@b"),
        ("https://ann:se#cr/et@host/x", "https://host/x"),
        ("https://ann:se@cret@host/x", "https://host/x"),
        ("postgresql://ann:secret@db/mlflow", "postgresql://db/mlflow"),
        ("postgresql://ann:se/cret@db:5432/mlflow", "postgresql://db:5432/mlflow"),
        ("postgresql://ann:12/34@db/mlflow", "postgresql://db/mlflow"),
        ("sqlite:////a/b@c.db", "sqlite:////a/b@c.db"),
        ("sqlite:///b.db", "sqlite:////here/b.db"),
        ("/a/mlruns", "/a/mlruns"),
        ("mlruns", "/here/mlruns"),
        ("file:mlruns", "/here/mlruns"),
        ("file:/a/mlruns", "/a/mlruns"),
        ("file:///a%20b/mlruns", "/a b/mlruns"),
        ("file://ann:secret@localhost/a/mlruns", "/a/mlruns"),
        ("databricks", "databricks"),
        ("databricks://profile", "databricks://profile"),
    ],
)
def test_one_name_without_credentials(text: str, kept: str) -> None:
    assert plain_location(text, "/here") == kept
    assert plain_location(kept, "/there") == kept
    assert has_credentials(text) == ("ann" in text or "token=1" in text)


@pytest.mark.parametrize(
    "text", ["http://[abc", "~nobody-of-that-name/x", "http://host:99999/", "https://host/#Team_A"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    """Not dropped, and no traceback: another namespace would be read than the one that was meant."""
    with pytest.raises(BadRequest):
        plain_location(text)


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("postgresql://ann:se/cret@db/x", 'can\'t connect to "ann:se/cret@db": se/cret'),
        ("https://ann:pa%40ss@host", "401 for https://ann:pa%40ss@host, user ann, password pa@ss"),
        ("https://host/a?token=s3cr3t", "Max retries exceeded with url: /a/api?token=s3cr3t (token s3cr3t)"),
        ("/a/mlruns", "see https://ann:s3cr3t@other/"),
    ],
)
def test_no_message_repeats_a_secret(location: str, message: str) -> None:
    said = without_secrets(message, location)
    assert not any(secret in said for secret in ("se/cret", "pa%40ss", "pa@ss", "s3cr3t"))


def test_the_folder_of_a_place(tmp_path: Path) -> None:
    """A place that is gone opens no other folder."""
    (tmp_path / "mlruns").mkdir()
    (tmp_path / "mlflow.db").touch()
    assert folder_of(str(tmp_path / "mlruns")) == str(tmp_path / "mlruns")
    assert folder_of(f"sqlite:///{tmp_path}/mlflow.db") == str(tmp_path)
    assert folder_of(f"sqlite:///{tmp_path}/gone.db") is None
    assert folder_of(str(tmp_path / "gone")) is None
    assert folder_of("https://mlflow.example/a") is None
    assert folder_of("postgresql://db/mlflow") is None


def test_what_can_not_be_followed_lies_nowhere(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    assert not lies_openly_in(str(tmp_path), str(tmp_path / "one"))
    assert not lies_openly_in(str(tmp_path), f"{tmp_path}/a\0b")
    assert lies_openly_in(str(tmp_path), str(tmp_path / "three"))
