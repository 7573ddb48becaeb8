"""Names that are easy to say and need no escaping."""

from __future__ import annotations

import re

from jupyter_viz.address import Address, RunSelector
from jupyter_viz.pipelines import names


def test_every_name_is_plain_in_an_address() -> None:
    assert len(set(names._HOW.split())) == len(names._HOW.split())
    assert len(set(names._WHO.split())) == len(names._WHO.split())
    for how in names._HOW.split():
        for who in names._WHO.split():
            assert str(Address("p", RunSelector("name", f"{how}-{who}"))) == f"p@{how}-{who}"
    assert re.fullmatch(r"[a-z]+-[a-z]+", names.new_name())
