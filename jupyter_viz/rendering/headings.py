"""What stands above the output of the user's code, where it runs for several sources."""

from __future__ import annotations

from html import escape


def show_heading(label: str, absent: str | None = None) -> None:
    """Show a source's label, and why it is left out where it is."""
    from IPython.display import display

    why = f"Left out: {absent}" if absent else ""
    html = f"<h4>{escape(label)}</h4>" + (f"<p>{escape(why)}</p>" if why else "")
    display({"text/plain": f"{label}\n{why}".rstrip(), "text/html": html}, raw=True)
