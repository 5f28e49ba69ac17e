"""The short title with which a recommendation begins, until a person gives it a better one."""

LENGTH = 70


def first_title_of(text: str) -> str:
    """Return the beginning of a recommendation, cut between words."""
    if len(text) <= LENGTH:
        return text.rstrip(".;")
    return text[:LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
