"""Evidence items as the page and the services make them."""

import uuid

ADD = "/evidence/add/"


def details(**changed):
    """What the form of a new item posts."""
    return {
        "form_key": uuid.uuid4(),
        "title": "A report",
        "kind": "press",
        "source": "KCNA",
        "sensitivity": "internal",
        "reliability": "F",
        "credibility": "6",
        **changed,
    }
