"""The key missing or wrong: nothing is taken in, nothing is lost, and the rest of the site works."""

from django.conf import settings
from django.urls import reverse
from pyrage import x25519

from recommendations.models import Evidence
from tests.evidencefaults.bench import files_on_disk, half_items
from tests.evidencefaults.registry import Figure, figure
from tests.support.vaulting import overwrite

TROUBLES = {
    "missing": None,
    "another one": lambda: f"{x25519.Identity.generate()}\n".encode(),
    "empty": lambda: b"",
    "cut short": lambda: b"AGE-SECRET-KEY-1QQQ\n",
    "no text": lambda: b"\xff\xfe\0",
}


@figure("key missing or wrong", "adding and opening refused in words, other pages work, nothing lost")
def keys_gone(bench):
    """Take the key away in five ways; look at every door; put it back."""
    [item] = bench.items(1)
    path, found = settings.EVIDENCE_KEY_FILE, Figure()
    right = path.read_bytes()
    for name, wrong in TROUBLES.items():
        path.unlink()
        if wrong:
            path.write_bytes(wrong())
        missed = _look(bench, item)
        path.unlink(missing_ok=True)
        path.write_bytes(right)
        overwrite(path, right)
        again = bench.browser().get(reverse("evidence-download", args=[item.key]))
        missed += again.status_code != 200 or len(b"".join(again)) != item.size
        found.tries += 1
        found.missed += missed
        found.notes[name] = missed
    found.missed += len(half_items())
    found.said = f"{found.tries} troubles, every door as it has to be, the file back each time"
    if found.missed:
        found.said = str(found.notes)
    return found


def _look(bench, item):
    """Try the doors. Returns: how many did not answer as they have to."""
    items, files = Evidence.objects.count(), len(files_on_disk())
    added = bench.upload(bench.content(1000), title="Kept words")
    download = bench.browser().get(reverse("evidence-download", args=[item.key]))
    pages = [
        bench.browser().get(address).status_code for address in ("/", "/evidence/", item.get_absolute_url())
    ]
    return sum(
        [
            added.status_code != 200 or b"Files cannot be stored at the moment" not in added.content,
            b"Kept words" not in added.content,
            download.status_code != 503 or b"Nothing is lost" not in download.content,
            pages != [200, 200, 200],
            (Evidence.objects.count(), len(files_on_disk())) != (items, files),
        ]
    )
