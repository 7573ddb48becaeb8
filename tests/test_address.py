"""One line without a UUID names the right run and artifact, whatever people call theirs."""

from __future__ import annotations

import itertools
import random

import pytest

from jupyter_viz.address import Address, RunSelector
from jupyter_viz.errors import InvalidAddress

NASTY = [
    "churn",
    "a/b",
    "a@b",
    "a:b",
    "a::b",
    "a#1",
    "100%",
    "%41",
    "%",
    "two words",
    "tab\there",
    "line\nbreak",
    "\0",
    "\x7f",
    "é",
    "日本",
    "🚀",
    "'quoted\"",
    "back\\slash",
    "latest",
    "latest~2",
    "latest~4:",
    "newest",
    "baseline",
    "highest(auc)",
    "lowest(a b)",
    "~",
    "..",
    ".",
    "-x",
    "::",
    "@",
    "/",
    "\u00a0",
    "\u2028",
]


@pytest.mark.parametrize("name", NASTY)
def test_any_name_survives_in_every_place(name: str) -> None:
    """A pipeline, run, step or output of any name can be addressed, and is never taken for something else."""
    runs = [RunSelector("name", name), RunSelector("highest", name), RunSelector("lowest", name)]
    for run, project, index in itertools.product(runs, (None, name), (None, 0, 7)):
        whole = Address(name, run, name, name, index, project)
        assert Address.parse(str(whole)) == whole
        without_step = Address(name, run, None, name, index, project)
        assert Address.parse(str(without_step)) == without_step
    assert Address.parse(str(Address(name, runs[0]))) == Address(name, runs[0])
    assert Address.parse(str(Address(name))) == Address(name)


def test_random_names_survive() -> None:
    """Names nobody thought of are addressed as well as those somebody did."""
    draw = random.Random(1)
    alphabet = "ab/@:#% \t\n~()=\\\"'é日🚀.\u200b" + "".join(map(chr, range(0, 33)))
    for _ in range(3000):
        names = ["".join(draw.choices(alphabet, k=draw.randint(1, 8))) for _ in range(5)]
        word = draw.choice(["name", "highest", "lowest"])
        address = Address(names[0], RunSelector(word, names[1]), names[2], names[3], draw.randint(0, 99), names[4])
        text = str(address)
        assert Address.parse(text) == address
        assert text.isprintable() or "\u200b" in text
        assert str(Address.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("latest", RunSelector("latest")),
        ("latest~0", RunSelector("latest")),
        ("latest~2", RunSelector("latest", back=2)),
        ("latest~4:", RunSelector("latest", back=4, several=True)),
        ("latest~0:", RunSelector("latest", back=0, several=True)),
        ("newest", RunSelector("newest")),
        ("baseline", RunSelector("baseline")),
        ("highest(auc)", RunSelector("highest", "auc")),
        ("lowest(val%20loss)", RunSelector("lowest", "val loss")),
        ("highest()", RunSelector("name", "highest()")),
        ("quick-otter", RunSelector("name", "quick-otter")),
        ("Latest", RunSelector("name", "Latest")),
        ("latest~", RunSelector("name", "latest~")),
        ("latest~-1", RunSelector("name", "latest~-1")),
        ("latest~1234567890", RunSelector("name", "latest~1234567890")),
        ("latest~²", RunSelector("name", "latest~²")),
        ("%6Catest", RunSelector("name", "latest")),
    ],
)
def test_run_words(text: str, expected: RunSelector) -> None:
    """Each word of the run says what the documentation says, and what only resembles one is a name."""
    assert Address.parse(f"churn@{text}/evaluate/scores").run == expected
    assert RunSelector.parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("churn", Address("churn")),
        ("churn@latest", Address("churn", RunSelector("latest"))),
        ("churn@latest/scores", Address("churn", RunSelector("latest"), None, "scores")),
        ("churn@latest/evaluate/scores", Address("churn", RunSelector("latest"), "evaluate", "scores")),
        ("churn@latest/evaluate/scores#3", Address("churn", RunSelector("latest"), "evaluate", "scores", 3)),
        ("team::churn@newest", Address("churn", RunSelector("newest"), project="team")),
        (
            "credit@mlflow-13/eval%2Fscores.csv",
            Address("credit", RunSelector("name", "mlflow-13"), None, "eval/scores.csv"),
        ),
    ],
)
def test_forms(text: str, expected: Address) -> None:
    """Every form of the design is read as the design says, and written back unchanged."""
    assert Address.parse(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no pipeline"),
        ("@latest/evaluate/scores", "no pipeline"),
        ("::churn@latest", "no project"),
        ("churn@", "empty or too many parts"),
        ("churn@/evaluate/scores", "empty or too many parts"),
        ("churn@latest/", "empty or too many parts"),
        ("churn@latest//scores", "empty or too many parts"),
        ("churn@latest/a/b/c", "empty or too many parts"),
        ("churn@latest@x", "more than one @ or #"),
        ("churn@latest/a#1#2", "more than one @ or #"),
        ("churn@latest/a#", "a number of an artifact"),
        ("churn@latest/a#x", "a number of an artifact"),
        ("churn@latest/a#-1", "a number of an artifact"),
        ("churn@latest/a#1234567890", "a number of an artifact"),
        ("churn@latest#1", "a number of an artifact"),
        ("a/b@latest", "write / as %2F"),
        ("a:b@latest", "write / as %2F"),
        ("a#b@latest", "write / as %2F"),
        ("churn@100%/a", "two hexadecimal digits"),
        ("churn@%4/a", "two hexadecimal digits"),
        ("churn@%GG/a", "two hexadecimal digits"),
        ("churn@%FF/a", "UTF-8"),
        ("churn@%ED%A0%80/a", "UTF-8"),
        ("churn@lat\nest/a", "control character"),
        ("churn@\0/a", "control character"),
        ("churn@\x7f/a", "control character"),
        ("churn@\ud800/a", "surrogate"),
    ],
)
def test_refusals(text: str, said: str) -> None:
    """What is no address is refused by a sentence that says what is wrong, in letters every terminal can show."""
    with pytest.raises(InvalidAddress) as caught:
        Address.parse(text)
    assert said in str(caught.value)
    str(caught.value).encode()
