"""Looking into files that may be hostile: in a separate process, with little memory and little time.

    for part in inspect("pictures", stream, content_type="image/jpeg"):
        part.kind, part.content_type, b"".join(part.chunks)

The process gets only the file's bytes, as its standard input: no setting, no
database, no key. What it makes comes back through a pipe, part by part. No database here either.
"""

from .parent import Part, Unreadable, inspect

__all__ = ["Part", "Unreadable", "inspect"]
