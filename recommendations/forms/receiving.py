"""How files come in with a form: straight to the vault's spool, hashed on the way, stopped at the limit.

Nothing here raises while the request is read. A file that cannot be stored becomes one whose ``refusal``
says why, and the rest of the form is still read, so that nothing typed is lost.
"""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from recommendations import vault
from recommendations.choices import Role
from recommendations.errors import Refused


class ReceivedFile(UploadedFile):
    """A file that was sent: its bytes in the spool, or the reason why they were not kept."""

    def __init__(self, name, content_type, incoming=None, refusal=""):
        size = incoming.size if incoming else 0
        super().__init__(incoming and incoming.open(), name, content_type, size)
        self.incoming = incoming
        self.refusal = refusal

    def close(self):
        """Take away what nobody published; Django calls this at the end of each request."""
        if self.file:
            self.file.close()
        if self.incoming:
            self.incoming.discard()

    def temporary_file_path(self):
        """Return where the bytes are during the request."""
        return str(self.incoming.path)


class EvidenceUploadHandler(FileUploadHandler):
    """Streams each file of a request into the vault's spool.

    Bytes from strangers, and from people who may not add evidence, are read past and never written:
    Django reads a form before it asks who sent it.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        """Look once at who sends and at the room on the disk, before the first byte."""
        self.refusal_of_all = ""
        try:
            person = getattr(self.request, "user", None)
            may = person and person.is_authenticated and person.has_role(Role.CONTRIBUTOR)
        except (OperationalError, InterfaceError):
            # Read on: the words of the form are shown again by whoever asks the database next.
            may = False
        if not may:
            self.refusal_of_all = _("Sign in with a role that can add files.")
        elif not vault.has_room_for(content_length):
            self.refusal_of_all = vault.no_room()

    def new_file(self, *args, **kwargs):
        """Open the spool for the next file."""
        super().new_file(*args, **kwargs)
        self.incoming, self.refusal = None, self.refusal_of_all
        if not self.refusal:
            self._try(self._open)

    def receive_data_chunk(self, raw_data, start):
        """Write a chunk; of a refused file it is only read past."""
        if self.incoming:
            self._try(lambda: self.incoming.write(raw_data))

    def file_complete(self, file_size):
        """Return the received file, or the refused one with its reason."""
        if self.incoming:
            self._try(self.incoming.finish)
        received = ReceivedFile(self.file_name, self.content_type, self.incoming, self.refusal)
        self.incoming = None
        return received

    def upload_interrupted(self):
        """Take away the half of a file whose sender went away."""
        incoming = getattr(self, "incoming", None)
        if incoming:
            incoming.discard()

    def _open(self):
        self.incoming = vault.Incoming()

    def _try(self, step):
        try:
            step()
        except Refused as refusal:
            self.incoming, self.refusal = None, str(refusal)
