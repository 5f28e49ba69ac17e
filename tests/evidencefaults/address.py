"""Every way into our own network, tried at each door that asks the web: how many connections came of it."""

from django.conf import settings
from django.utils import timezone

from tests.evidencefaults.registry import Figure, figure
from tests.support import intrusions
from tests.support.sites import OURS, SITE, Counted, ask, serving


@figure("address rule", "0 connections into our own network, by checks and by copies of pages")
def address_rule(bench):
    """Count connections to a listener in our own network, and show in the end that it counts."""
    found, slipped = Figure(), []
    settings.LINK_CHECKS = settings.LINK_CAPTURE = True
    with serving(Counted((SITE, 0))) as site, serving(Counted((OURS, site.server_port))) as ours:
        for door in intrusions.DOORS:
            tried, through = intrusions.tried(door, site, person=bench.person, now=timezone.now())
            found.tries += tried
            slipped += through
            found.notes[door.__name__] = tried
        connections, followed = ours.connections, site.connections
        ask(f"http://{OURS}:{site.server_port}/", site.server_port, allowed=lambda _address: True)
        is_blind = ours.connections != connections + 1 or followed == 0
    settings.LINK_CHECKS = settings.LINK_CAPTURE = False
    found.missed = connections + len(slipped) + is_blind
    found.said = f"{connections} connections at {len(intrusions.DOORS)} doors, {len(slipped)} not refused"
    return found
