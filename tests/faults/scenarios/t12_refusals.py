"""Half of the recipients do not exist; half of the answers are "later": the good mails do not wait."""

from django.db.models import Count

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people
from tests.faults.senders import TICK

TITLE = "half of the recipients 550; 50 % of the answers 451"
PASS = "good half sent, bad half failed or held back, 451 all sent; no good mail later than one tick"


def run(bench):
    """First the recipients that do not exist, then the answers that put off."""
    yield _unknown_recipients(bench)
    bench.begin_anew()
    yield _put_off(bench)


def _unknown_recipients(bench):
    half = bench.size.people // 2
    rows = enqueue_grid([*people(half, prefix="good"), *people(half, prefix="bad")])
    figures = Figures(variant="550")
    good = Mail.objects.filter(recipient__email__startswith="good")
    with bench.post("post-never", never="bad") as post:
        senders = bench.senders(post)
        senders.run_at_once(3, "send", NOW)
        count_arrivals(figures, post, meant=good)
    figures.require_nothing_lost_or_doubled()
    bad = Mail.objects.filter(recipient__email__startswith="bad")
    refused = bad.filter(state=MailState.FAILED, last_code="550")
    # After two refusals in a row the address is believed to be dead, and nothing more is sent to it.
    spared = bad.filter(state=MailState.SUPPRESSED, reason__contains="refused")
    twice = refused.values("recipient").annotate(number=Count("pk")).filter(number__gte=2)
    figures.require_equal(twice.count(), half, "recipients that were refused twice")
    figures.require_equal(refused.count() + spared.count(), bad.count(), "failed with 550, or held back")
    figures.said = f"{refused.count()} failed with 550, {spared.count()} held back after two of them"
    _require_prompt(figures, good)
    check_invariant(figures, rows=rows)
    return figures


def _put_off(bench):
    rows = enqueue_grid(people(bench.size.people))
    figures = Figures(variant="451")
    with bench.post("post-later", later=0.3, later_after_data=0.3) as post:
        senders = bench.senders(post)
        senders.send_all(NOW)
        count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    put_off = Mail.objects.filter(attempts__gt=1).count()
    figures.require(put_off >= rows / 4, f"only {put_off} mails were put off")
    figures.said = f"{put_off} of {rows} put off at least once"
    _require_prompt(figures, Mail.objects.filter(attempts=1))
    check_invariant(figures, rows=rows)
    return figures


def _require_prompt(figures, mails):
    late = mails.exclude(state=MailState.SENT, sent_at__lte=NOW + TICK).count()
    figures.require_equal(late, 0, "good mails that waited longer than a tick")
