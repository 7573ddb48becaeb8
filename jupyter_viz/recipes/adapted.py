"""What a recipe understands besides its own words: arguments of another system, sources of another kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..views import View


class Call(NamedTuple):
    """A request in the words of the function that answers it.

    Attributes:
        read: What the function takes as its source.
        arguments: What it takes by name.
        draw: The function, where it is not the recipe's own.
    """

    read: Any
    arguments: Mapping[str, Any]
    draw: Callable[..., View] | None = None


@dataclass(frozen=True, slots=True)
class Adapter:
    """Other words for a recipe.

    Attributes:
        function: Called with the source, the recipe's own arguments as a dict, and by name those of its own that were
            given; returns the `Call`. Its own arguments are the keyword-only ones: annotated and described under
            `Args:` as a recipe's, all of them None where they are not given.
        system: Whose words they are, e.g. Kubeflow.
        kinds: Kinds of source that only the function can read.
        beside: Names of files that it reads where they lie beside the source.
    """

    function: Callable[..., Call]
    system: str
    kinds: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
