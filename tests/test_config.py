"""One configuration for every process."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from jupyter_viz.config import PREFIX, Configuration, load_configuration
from jupyter_viz.errors import ConfigurationError

AWKWARD = [
    "plain",
    "with blank",
    "trailing\\",
    "colon: #hash",
    "'single' \"double\"",
    "{x}",
    "$HOME",
    "%20",
    "é日🚀",
    "true",
    "null",
    "1e3",
    "- a",
    "[a, b]",
    "@at",
    "~",
    "~/in home",
    "line\nbreak",
    "",
]


def _write(home: Path, text: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.yaml").write_text(text)


def test_everything_has_a_place_below_home_by_default(home: Path) -> None:
    config = load_configuration()
    assert config.home == str(home)
    assert config.catalog == f"sqlite:///{home}/catalog.db"
    assert config.artifacts == str(home / "artifacts")
    assert not home.exists()  # reading makes nothing


def test_later_wins(home: Path) -> None:
    """File over default, variable over file, trait over variable: whoever is nearer decides."""
    _write(home, "project: file\ntime_limit: 1\nconcurrency: 1\n")
    environ = {PREFIX + "HOME": str(home), PREFIX + "TIME_LIMIT": "2", PREFIX + "CONCURRENCY": "2"}
    config = load_configuration(environ, {"concurrency": 3})
    assert (config.queue_limit, config.project, config.time_limit, config.concurrency) == (500, "file", 2.0, 3)


def test_the_home_of_a_trait_brings_its_own_file(tmp_path: Path, home: Path) -> None:
    _write(home, "project: here\n")
    _write(tmp_path / "other", "project: there\n")
    config = load_configuration(overrides={"home": str(tmp_path / "other")})
    assert config.project == "there"
    assert config.artifacts == str(tmp_path / "other" / "artifacts")


def test_home_is_in_the_jupyter_data_folder_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    assert load_configuration({}).home == str(tmp_path / "data" / "viz")


def test_an_unknown_key_is_answered_with_the_nearest(home: Path) -> None:
    _write(home, "time_limt: 5\n")
    with pytest.raises(ConfigurationError, match=r"config\.yaml.*'time_limt'.*'time_limit'"):
        load_configuration()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("home: /elsewhere", "unknown key 'home'"),
        ("- a\n- b", "must hold names and values"),
        ("a: [", "is not YAML"),
        ("time_limit: soon", "time_limit: 'soon' is not a number"),
        ("time_limit: 0", "must be above zero"),
        ("time_limit: .nan", "must be above zero"),
        ("concurrency: -1", "must be above zero"),
        ("concurrency: .inf", "is not a number"),
        ("queue_limit: [1]", "is not a number"),
        ("allowed_sources: [1, 2]", "must be a list of folders"),
        ("allowed_sources: 5", "must be a list of folders"),
        ("catalog: 5", "catalog: 5 is not text"),
        ("artifacts: [a]", "is not text"),
        ("artifacts: s3://key:secret@bucket/viz", "artifacts: A URI s3://… may hold no credentials"),
        ("artifacts: https://example.org/viz", "artifacts: nothing can be stored by 'https'"),
        ("artifacts: s3://bucket/../viz", "artifacts: 's3://bucket/../viz' has '.' or '..' in it"),
        ("allowed_sources: [https://example.org]", "allowed_sources: Sources by 'https' are not read"),
        ("allowed_sources: ['s3://']", "allowed_sources: 's3://' is not a URI"),
        ("project: null", "is not text"),
        ("source_root: 3", "is not text"),
        ("1: 2", "unknown key 1"),
    ],
)
def test_a_wrong_file_is_refused_with_file_and_key(home: Path, text: str, said: str) -> None:
    """A typo in config.yaml is a sentence that names it, not a traceback somewhere later."""
    _write(home, text)
    with pytest.raises(ConfigurationError) as caught:
        load_configuration()
    assert said in str(caught.value)


def test_a_file_that_is_not_text_is_refused(home: Path) -> None:
    home.mkdir()
    (home / "config.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_configuration()


def test_an_empty_file_changes_nothing(home: Path) -> None:
    _write(home, "\n# only a comment\n")
    assert load_configuration() == load_configuration({PREFIX + "HOME": str(home)})


def test_a_wrong_variable_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match=r"JUPYTER_VIZ_ALLOWED_SOURCES='\['"):
        load_configuration({**os.environ, PREFIX + "ALLOWED_SOURCES": "["})


def test_a_single_folder_needs_no_list(home: Path) -> None:
    _write(home, "allowed_sources: /data\n")
    assert load_configuration().allowed_sources == ("/data",)


def test_a_folder_may_be_named_by_uri(home: Path) -> None:
    _write(home, "allowed_sources: [file:///data, s3://bucket/data]\nartifacts: file:///srv/viz\n")
    config = load_configuration()
    assert (config.allowed_sources, config.artifacts) == (("/data", "s3://bucket/data"), "/srv/viz")


def test_a_foreign_variable_with_our_prefix_is_no_error() -> None:
    """SERVER_CATALOG and what later versions add must not stop this one."""
    assert load_configuration({**os.environ, PREFIX + "SERVER_CATALOG": "x", PREFIX + "NEW": "y"})


def test_environment_gives_another_process_the_same_configuration(python: Callable[..., str], tmp_path: Path) -> None:
    """Kernels and renderings see what the server sees, whatever the values look like."""
    config = Configuration(
        home=str(tmp_path / "ho me: #1"),
        catalog="postgresql://ann:p%40ss{x}$HOME@host/db?a='b'",
        artifacts=str(tmp_path / 'a"rt\\ifacts'),
        project="- [team]: 'x' # no comment é🚀",
        allowed_sources=tuple(AWKWARD),
        source_root="/srv/no: [tebooks]",
        time_limit=0.1,
        concurrency=7,
        queue_limit=3,
    )
    code = (
        "import json, dataclasses; from jupyter_viz.config import load_configuration; "
        "print(json.dumps(dataclasses.asdict(load_configuration())))"
    )
    seen = json.loads(python(code, PYTHONUTF8="1", **config.environment()))
    assert seen == json.loads(json.dumps(asdict(config)))


@pytest.mark.parametrize("limit", [1.0, 1e-3, 1e22, 99.5, float("inf")])
def test_time_limits_survive_as_numbers(limit: float) -> None:
    config = Configuration("/h", "sqlite:////c", "/a", time_limit=limit)
    assert load_configuration(config.environment()) == config


@pytest.mark.parametrize(
    "text",
    [
        "connections: {lake: 's3cr3t'}",
        "connections: {lake: {url: 's3cr3t://x'}}",
        "connections: [postgres://me:s3cr3t@host/db]",
        "connections: {lake: postgres://me:s3cr3t@host/db, lake",
        "connections:\n\tlake: postgres://me:s3cr3t@host/db",
    ],
)
def test_no_message_repeats_a_connection(home: Path, text: str) -> None:
    """A URL may hold a password."""
    _write(home, text)
    with pytest.raises(ConfigurationError) as from_file:
        load_configuration()
    home.joinpath("config.yaml").unlink()
    with pytest.raises(ConfigurationError) as from_variable:
        load_configuration({PREFIX + "HOME": str(home), PREFIX + "CONNECTIONS": text.partition(":")[2]})
    for caught in (from_file, from_variable):
        assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))


def test_connections_are_not_spread(home: Path) -> None:
    """Whoever may read the home's file has them; what a server hands on as variables does not hold them."""
    _write(home, "connections: {lake: postgres://me:s3cr3t@host/db}")
    config = load_configuration()
    assert config.connections == {"lake": "postgres://me:s3cr3t@host/db"}
    assert "s3cr3t" not in repr(config)
    assert "s3cr3t" not in repr(config.environment())
    assert load_configuration(config.environment()) == config
