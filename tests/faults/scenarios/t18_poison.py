"""One mail cannot be built, or a template is missing: the others go out."""

from recommendations.choices import MailKind, MailState
from recommendations.models import Mail, MailWords
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import MORNINGS, NOW, enqueue_grid, people, reviews_of

TITLE = "a row with a bad header; a missing template"
PASS = "that row failed, all others sent; what could not be written is queued when the template is back"
BCC = "\nBcc: everybody@example.org"
POISON = {
    "subject": lambda mail: Mail.objects.filter(pk=mail).update(subject=f"Hello\r{BCC}"),
    "header": lambda mail: MailWords.objects.filter(mail=mail).update(headers={"List-Id": f"<x>{BCC}"}),
}


def run(bench):
    """First poisoned rows among good ones, then a tick that lacks the digest's template."""
    for name, spoil in POISON.items():
        bench.begin_anew()
        yield _poisoned(bench, name, spoil)
    bench.begin_anew()
    yield _template_missing(bench)


def _poisoned(bench, name, spoil):
    rows = enqueue_grid(people(bench.size.people))
    figures = Figures(variant=f"bad {name}")
    poison = Mail.objects.order_by("pk")[rows // 2]
    spoil(poison.pk)
    with bench.post(f"post-{name}") as post:
        bench.senders(post).run("send", NOW)
        count_arrivals(figures, post, meant=Mail.objects.exclude(pk=poison.pk))
    figures.require_nothing_lost_or_doubled()
    failed = list(Mail.objects.filter(state=MailState.FAILED).values_list("pk", flat=True))
    figures.require_equal(failed, [poison.pk], "failed rows")
    check_invariant(figures, rows=rows)
    return figures


def _template_missing(bench):
    number = bench.size.people
    reviews_of(people(number))
    figures = Figures(variant="template")
    with bench.post("post-template") as post:
        senders = bench.senders(post)
        broken = senders.start("tick", MORNINGS[0], without_template="letters/digest.html")
        figures.require_equal(broken.end(may_fail=True), 1, "exit status without the template")
        sent = Mail.objects.filter(state=MailState.SENT)
        figures.require_equal(sent.filter(kind=MailKind.REMINDER).count(), number, "reminders sent at once")
        figures.require_equal(Mail.objects.filter(kind=MailKind.DIGEST).count(), 0, "half-written digests")
        senders.run("tick", MORNINGS[0])
        figures.require_equal(sent.filter(kind=MailKind.DIGEST).count(), number, "digests sent afterwards")
        count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    check_invariant(figures, rows=2 * number)
    return figures
