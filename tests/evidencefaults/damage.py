"""A byte flipped, a file cut short, on the disk: each is an alarm, and nothing whole is called damaged."""

from django.utils import timezone

from recommendations.models import Damage
from recommendations.services.evidence import verification
from tests.evidencefaults.registry import Figure, figure
from tests.support.vaulting import overwrite, path_of

OBJECTS = 100
QUICK_OBJECTS = 20


@figure("flipped bytes that raise an alarm", "100 of 100")
def flips(bench):
    """Flip one bit of one byte, anywhere in the file, in each of many objects."""

    def flipped(content):
        at = bench.random.randrange(len(content))
        return content[:at] + bytes([content[at] ^ 1 << bench.random.randrange(8)]) + content[at + 1 :]

    return _damaged(bench, flipped)


@figure("truncated files that raise an alarm", "100 of 100")
def cuts(bench):
    """Cut each of many objects short, by one byte up to all of it."""
    return _damaged(bench, lambda content: content[: bench.random.choice([0, 1, len(content) - 1]) or 0])


def _damaged(bench, change):
    items = bench.items(bench.many(OBJECTS, QUICK_OBJECTS))
    whole = {item: path_of(item.object_name).read_bytes() for item in items}
    falsely = len(verification.verify(now=timezone.now()).problems)
    for item, content in whole.items():
        changed = change(content)
        assert changed != content
        overwrite(path_of(item.object_name), changed)
    verification.verify(now=timezone.now())
    alarmed = set(Damage.objects.values_list("evidence_id", flat=True))
    for item, content in whole.items():
        overwrite(path_of(item.object_name), content)
    still = len(verification.verify(now=timezone.now()).problems)
    missed, false = sum(item.pk not in alarmed for item in items), falsely + still
    return Figure(
        tries=len(items),
        missed=missed + false,
        said=f"{len(items) - missed} of {len(items)} alarmed; {false} false alarms before and after",
    )
