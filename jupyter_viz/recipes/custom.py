"""`custom`: the user's own code, which finds `source` and `arguments` bound."""

from __future__ import annotations

from .base import Recipe
from .schema import RecipeInfo

custom = Recipe(
    RecipeInfo(
        name="custom",
        title="Custom",
        description="Your own Python: `source` is what you chose (`source.table()`), `arguments` a dict; what the "
        "last line gives is shown.",
        source_required=False,
        arguments={"type": "object", "properties": {}, "additionalProperties": True},
        code=True,
    ),
    None,
)
