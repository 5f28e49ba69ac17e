"""Sealed evidence as tests make it and as an officer opens it."""

import hashlib
import io
import json
import tarfile

import pyrage
from pyrage import x25519

from recommendations import vault
from recommendations.choices import SEALED
from recommendations.vault import keys
from recommendations.vault.officers import Officer, write_officers
from tests.support import corpus, forms
from tests.support.factories import item_of
from tests.support.items import details

# Stands in the file, in its name and in its words, and may be found nowhere but in the envelope.
CANARY = "kanarienvogel"
TITLE = "A statement"
CONTENT = corpus.pdf(f"{CANARY} speaks")


def name_officers(*names):
    """Name officers. Returns: their identities, which are on no disk."""
    identities = [x25519.Identity.generate() for _name in names]
    named = [
        Officer(name, str(identity.to_public())) for name, identity in zip(names, identities, strict=True)
    ]
    write_officers(named)
    return identities


def statement(content=CONTENT, name=f"{CANARY} 진술.pdf"):
    """Return a file as a browser sends it, with the word in its name and content."""
    return forms.upload(name, content)


def sealed_details(**changed):
    """What the form of a new sealed item posts."""
    said = {"title": TITLE, "sensitivity": SEALED, "kind": "testimony", "consent": "Reports, no name."}
    return details(**{**said, **changed})


def sealed_item(person, content, name=f"{CANARY}.pdf", title=TITLE):
    """Make a sealed item by the services."""
    return item_of(person, name=name, content=content, sensitivity=SEALED, title=title)


def ciphertext_of(item):
    """Return what the server gives out of an item: what it finds when it opens its own lock."""
    with vault.open_verified(item.object_name, size=item.size, sha256=item.sha256) as stream:
        return stream.read()


def opened(ciphertext, identity):
    """Open an envelope as an officer does, and check it by its manifest. Returns: (about, {path: bytes}).

    Raises: pyrage.DecryptError for a key that does not fit.
    """
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(ciphertext, [identity]))) as tar:
        found = {member.name.partition("/")[2]: tar.extractfile(member).read() for member in tar}
    manifest = dict(
        reversed(line.split("  ", 1)) for line in found.pop("manifest-sha256.txt").decode().splitlines()
    )
    assert {name: hashlib.sha256(data).hexdigest() for name, data in found.items()} == manifest
    return json.loads(found.pop("about.json")), found


def server_keys():
    """Return the server's own identities."""
    return keys.identities()
