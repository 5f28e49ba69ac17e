"""The vault over a storage of another kind: what a setting names is all that differs."""

import io
import os

import pytest
from django.core.files.storage import InMemoryStorage

from recommendations import vault
from recommendations.vault import reencryption

IN_MEMORY = "django.core.files.storage.InMemoryStorage"


class Elsewhere(InMemoryStorage):
    """A storage that is no folder of this computer, and writes over as S3 does."""

    def _save(self, name, content):
        self.delete(name)
        return super()._save(name, content)

    def get_available_name(self, name, max_length=None):
        return name


@pytest.fixture
def elsewhere(settings, request):
    """Objects kept in a storage of another kind, by the setting alone."""
    backend = f"{__name__}.{request.param.__name__}" if request.param is Elsewhere else IN_MEMORY
    settings.STORAGES = {**settings.STORAGES, "evidence": {"BACKEND": backend}}


@pytest.mark.parametrize("elsewhere", [Elsewhere], indirect=True)
def test_objects_may_lie_in_a_storage_of_another_kind(settings, elsewhere):
    content = os.urandom(300_000)
    incoming = vault.receive(io.BytesIO(content))
    recorded = {"size": incoming.size, "sha256": incoming.sha256}
    name = vault.publish(incoming)
    assert not list((settings.EVIDENCE_DIR).rglob("*.age")), "nothing stays on this computer"
    reencryption.reencrypt(name, expected=tuple(recorded.values()))
    with vault.open_verified(name, **recorded) as stream:
        assert stream.read() == content
    assert list(vault.object_names()) == [name] and vault.is_encrypted(name)
    assert vault.sweep({name}, older_than=-10) == [] and vault.sweep(set(), older_than=-10) == [name]
    with pytest.raises(vault.Damaged):
        vault.open_object(name)


@pytest.mark.parametrize("elsewhere", [InMemoryStorage], indirect=True)
def test_a_storage_that_will_not_write_over_is_found_out_and_loses_nothing(elsewhere):
    incoming = vault.receive(io.BytesIO(b"abc"))
    expected = (incoming.size, incoming.sha256)
    name = vault.publish(incoming)
    with pytest.raises(OSError, match="does not overwrite"):
        reencryption.reencrypt(name, expected=expected)
    vault.verify(name, size=expected[0], sha256=expected[1])
    assert list(vault.object_names()) == [name]
