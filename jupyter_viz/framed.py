"""Pages that nobody has cleaned, in a frame that can't reach the page around it nor anything outside."""

from __future__ import annotations

from html import escape

# `allow-scripts` without `allow-same-origin`: a plot may be turned, but not act as the user. An embedded page has no
# headers of its own, so the policy stands in it.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)


def framed(title: str, page: str) -> str:
    """HTML that shows a page of HTML; `title` tells those who can't see it what it is."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    return (
        f'<iframe sandbox="allow-scripts" referrerpolicy="no-referrer" title="{escape(title)}" '
        f'style="width:100%;height:480px;border:0;background:#fff" srcdoc="{escape(policy + page)}"></iframe>'
    )
