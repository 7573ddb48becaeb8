"""`%viz roc_curve?`: IPython looks for a variable of that name; here it asks for the recipe's help."""

from __future__ import annotations

import tokenize
from collections.abc import Sequence
from typing import Any

from IPython.core.inputtransformer2 import TokenTransformBase


class AskForHelp(TokenTransformBase):
    """Makes `%viz help NAME` of `%viz NAME?`. Text in strings, and every other line, is left alone."""

    priority = 4  # before IPython's own reading of `?`

    def __init__(self, start: tuple[int, int], name: str, end: int) -> None:
        super().__init__(start)  # type: ignore[no-untyped-call]
        self._name, self._end = name, end

    @classmethod
    def find(cls, tokens_by_line: Sequence[Sequence[Any]]) -> AskForHelp | None:
        for line in tokens_by_line:
            tokens = [token for token in line if token.string.strip() and token.type != tokenize.COMMENT]
            words = [token.string for token in tokens]
            if len(words) in (4, 5) and words[:2] == ["%", "viz"] and set(words[3:]) == {"?"}:
                return cls(tokens[0].start, words[2], tokens[-1].end[0] - 1)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        indent = lines[self.start_line][: self.start_col]
        return [*lines[: self.start_line], f"{indent}%viz help {self._name}\n", *lines[self._end + 1 :]]
