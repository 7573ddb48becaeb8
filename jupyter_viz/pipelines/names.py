"""Names for runs that were given none: two words that are easy to say and to find again."""

from __future__ import annotations

import secrets

_HOW = "amber bold brave bright brisk calm clear clever cosy crisp daring eager early fair fleet fresh gentle glad"
_HOW += " golden keen kind lively lucky mellow merry mighty neat noble plucky polite proud quick quiet rapid ready"
_HOW += " shy silent silver smart snowy steady still sunny swift tidy tiny vivid warm wise witty young zesty"
_WHO = "badger bear beaver bison crane deer dove eagle elk falcon finch fox gecko gull hare hawk hedgehog heron ibex"
_WHO += " jay kestrel koala lark lemur lion lynx marten mole moose newt orca osprey otter owl panda pike puffin quail"
_WHO += (
    " rabbit raven robin seal shrew sparrow squid stork swan tapir tern tiger toad trout turtle viper vole wolf wren"
)


def new_name() -> str:
    return f"{secrets.choice(_HOW.split())}-{secrets.choice(_WHO.split())}"
