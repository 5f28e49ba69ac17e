"""Redis is stopped: the site goes on, a tick by hand delivers, and the rings come back with Redis."""

import time

from django.utils import timezone

from recommendations.choices import DigestFrequency, MailState, Role
from recommendations.models import Mail, User
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import enqueue_grid, people, reviews_of
from tests.faults.programs import Crew, Redis
from tests.faults.visitor import Visitor
from tests.support import factories
from tests.support.factories import PASSWORD
from tests.support.processes import free_port, wait_until

TITLE = "Redis stopped (in full size for 10 min)"
PASS = "web requests all 2xx or 3xx; `manage.py tick` alone delivers; after the return missing 0"
REDIS_ONLY = True
PATIENCE = 240


def run(bench):
    """Three lots of mails: rung for, delivered by hand while Redis is away, and rung for again."""
    readers, figures = people(bench.size.people, digest_frequency=DigestFrequency.NEVER), Figures()
    reviews_of(readers, due=timezone.now().date())
    User.objects.update(reminders="none")
    visitor_name = factories.person("Vera", Role.VIEWER, digest_frequency=DigestFrequency.NEVER).email
    broker, port = Redis(bench.folder), free_port()
    broker.start()
    try:
        with bench.post() as post, _crew(bench, post, broker, port) as crew:
            visitor = _open(crew, port)
            lots = [_rung(readers, 0)]
            broker.stop()
            visitor.post("/accounts/login/", username=visitor_name, password=PASSWORD)
            lots.append(_by_hand(bench, crew, visitor, readers))
            broker.start()
            lots.append(_rung(readers, 2))
            count_arrivals(figures, post)
    finally:
        broker.stop()
    figures.require_nothing_lost_or_doubled()
    figures.require(not visitor.refused, f"refused: {visitor.refused[:5]}")
    pages = {path for path, status in visitor.answers if status == 200}
    figures.require({"/", "/recommendations/", "/settings/"} <= pages, f"only {pages} were answered")
    figures.said = (
        f"away for {bench.size.redis_down_for} s; {len(visitor.answers)} requests, "
        f"the slowest {visitor.slowest:.1f} s"
    )
    check_invariant(figures, rows=sum(lots))
    yield figures


def _crew(bench, post, broker, port):
    return Crew(
        bench.folder,
        EMAIL_URL=f"smtp://127.0.0.1:{post.port}",
        REDIS_URL=broker.url,
        TICK_SECONDS="5",
        SITE_URL=f"http://localhost:{port}",
    )


def _open(crew, port):
    """Start web, worker and beat, and wait until the site answers. Returns: a visitor."""
    crew.manage("collectstatic", "--noinput", "--verbosity=0")
    crew.web(port)
    crew.worker()
    crew.beat()
    site = f"http://localhost:{port}"
    wait_until(lambda: _answers(site))
    return Visitor(site)


def _answers(site):
    try:
        Visitor(site).get("/healthz")
    except OSError:
        return False
    return True


def _enqueue(readers, lot):
    return enqueue_grid(readers, now=timezone.now(), rows=len(readers), prefix=f"lot-{lot}")


def _unsent():
    return Mail.objects.exclude(state=MailState.SENT).exists()


def _rung(readers, lot):
    """Queue a lot, and wait until a ring has sent it. Returns: how many."""
    number = _enqueue(readers, lot)
    wait_until(lambda: not _unsent(), PATIENCE)
    return number


def _by_hand(bench, crew, visitor, readers):
    """Use the site for as long as Redis is away; in the middle send a lot by hand. Returns: how many."""
    number, began = _enqueue(readers, 1), time.monotonic()
    _look_around(visitor)
    crew.manage("tick")
    if _unsent():
        raise AssertionError("A tick by hand left mails unsent.")
    while time.monotonic() - began < bench.size.redis_down_for:
        _look_around(visitor)
        time.sleep(1)
    return number


def _look_around(visitor):
    for path in ("/", "/recommendations/", "/settings/", "/settings/mails/", "/reports/", "/healthz"):
        visitor.get(path)
