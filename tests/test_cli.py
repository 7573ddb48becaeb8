"""`jupyter viz …`: what it says, and the status it ends with."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz.cli import main


def test_recipes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipes"]) == 0
    assert "roc_curve" in capsys.readouterr().out


def test_runs(recorded_home: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    assert recorded_home.run.address in capsys.readouterr().out
    assert main(["runs", "churn"]) == 0
    assert "90.0%" in capsys.readouterr().out


def test_an_error_is_a_sentence_and_status_1(recorded_home: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "chrun"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("jupyter viz: There is no pipeline 'chrun'. Did you mean 'churn'?")
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("words", [["runs"], ["doctor"], ["recipes"]])
def test_a_broken_configuration_is_a_sentence(home: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    home.mkdir()
    (home / "config.yaml").write_text("time_limt: 5\n")
    assert main(words) == 1
    assert "'time_limt'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["nonsense"], ["runs", "--nonsense"]])
def test_wrong_words_show_the_usage(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: jupyter viz" in capsys.readouterr().err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert main(["demo", "--help"]) == 0
    assert "--remove" in capsys.readouterr().out


def test_it_is_a_subcommand_of_jupyter(recorded_home: Any) -> None:
    """The installed script, as a user types it."""
    done = subprocess.run(["jupyter", "viz", "runs", "chrun"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("jupyter viz: There is no pipeline 'chrun'.")
    assert "Traceback" not in done.stderr
