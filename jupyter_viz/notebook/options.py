"""What every look takes besides the arguments of its recipe."""

from __future__ import annotations

from dataclasses import dataclass

OPTIONS = {
    "runs": "other runs in the address: latest~4: or baseline,latest",
    "out": "the variable that the result is bound to",
    "name": "what the result is called where it is kept",
    "kernel": "fresh: a kernel of its own, the result is kept; or a kernelspec",
    "refresh": "make it again, even where it is kept already",
    "save": "keep what this kernel makes with its artifact",
    "save_as": "the recipe that a cell of your own code becomes",
    "for": "the pipeline in whose runs a saved recipe is shown of the same output",
}
"""By name, and what each is for."""
FLAGS = ("refresh", "save")
"""Those without a value."""
HERE, FRESH = "here", "fresh"


@dataclass(frozen=True, slots=True)
class Options:
    """What `OPTIONS` says, as given."""

    runs: str | None = None
    out: str | None = None
    name: str | None = None
    kernel: str = HERE
    refresh: bool = False
    save: bool = False
    save_as: str | None = None
    of_pipeline: str | None = None
