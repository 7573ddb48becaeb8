"""An exception of somebody's becomes text, however it behaves."""

from __future__ import annotations

import pytest

from jupyter_viz.tracebacks import headline, whole_story


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_an_exception_that_cannot_be_printed_has_its_name() -> None:
    """Otherwise the step would never be recorded as failed."""
    assert "Mute" in headline(Mute())
    assert "Mute" in whole_story(Mute())


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "Input X contains NaN.\nThis model takes none:\n https://scikit-learn.org",
            "ValueError: Input X contains NaN.",
        ),
        ("a \x1b[31mred\x1b[0m word", "ValueError: a red word"),
        ("\nbehind an empty line\nand more", "ValueError: behind an empty line"),
        ("", "ValueError"),
    ],
)
def test_the_headline_is_the_type_and_the_first_line_without_colours(message: str, said: str) -> None:
    """The last line of a long message says how to go on; what went wrong stands in the first."""
    assert headline(ValueError(message) if message else ValueError()) == said


def test_a_syntax_error_says_what_is_wrong_not_where() -> None:
    with pytest.raises(SyntaxError) as raised:
        compile("x = (", "a.py", "exec")
    assert headline(raised.value) == "SyntaxError: '(' was never closed"
