"""The process that looks into files, with other limits than the tracker gives it."""

import subprocess
import sys

from recommendations.choices import SourceForm
from recommendations.documents import reading
from recommendations.files.sandbox import Part, narratives


def limited(monkeypatch, lines):
    """Let the process run these lines before it begins, as where its limits are others."""
    script = (
        "import sys, time\nfrom recommendations.files.sandbox import child, limits\n"
        f"{lines}\nchild.main(*sys.argv[1:])"
    )
    real = subprocess.Popen

    def started(command, **how):
        return real([sys.executable, "-c", script, *command[-2:]], **how)

    monkeypatch.setattr("recommendations.files.sandbox.parent.subprocess.Popen", started)


def without_a_process(monkeypatch):
    """Read PDF and pages in the test's own process, for tests of what is read and not of the limits."""
    real = reading.inspect

    def read_here(task, stream, *, content_type, seconds):
        if content_type == reading.TYPES[SourceForm.WORD]:
            # Its library is kept from hostile XML by changing the standard library, in the child.
            yield from real(task, stream, content_type=content_type, seconds=seconds)
            return
        stream.seek(0)
        for head, data in narratives.parts(stream, content_type):
            yield Part(head["kind"], 1, head["type"], 0, 0, len(data), iter([data]))

    monkeypatch.setattr(reading, "inspect", read_here)
