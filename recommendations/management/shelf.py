"""The narratives of a folder between two looks at each: on the disk, so that memory stays the same."""

from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from recommendations.choices import SourceForm
from recommendations.documents import Document
from recommendations.management import bringing
from recommendations.management.narratives import bytes_of


@dataclass(frozen=True)
class Shelved:
    """A file that was read as a narrative; its text is put aside where reading it took a process."""

    path: Path
    year: int
    sha256: str
    form: SourceForm
    text: Path | None


class Shelf:
    """A folder for the texts that were read from documents; whoever made it removes it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.number = 0

    def put(self, brought):
        """Keep what is needed to take a narrative up again. Returns: it, without the narrative."""
        document, text = brought.document, None
        if document.form != SourceForm.TEXT:
            self.number += 1
            text = self.folder / str(self.number)
            text.write_bytes(document.text.encode())
        return Shelved(brought.path, brought.parsed.year, document.sha256, document.form, text)

    def take(self, shelved):
        """Return a narrative again, as it was brought.

        Raises: CommandError when its file was changed meanwhile.
        """
        data = bytes_of(shelved.path)
        text = shelved.text.read_bytes().decode() if shelved.text else None
        brought = bringing.bring(shelved.path, document=text and Document(data, text, shelved.form))
        if brought.document.sha256 != shelved.sha256:
            raise CommandError(f"{shelved.path} was changed while it was imported. Import it again.")
        return brought
