"""Correcting what is said about a report beside its text; its text and its list stay as imported."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.models import Report, User
from recommendations.models.locking import locked
from recommendations.rules.conflicts import merged, values_of
from recommendations.rules.report_facts import ReportFacts, broken_report_facts


@transaction.atomic
def correct(
    *,
    report: Report,
    actor: User,
    now: datetime,
    seen: Mapping[str, str] | None = None,
    **facts: Unpack[ReportFacts],
) -> Report:
    """Save corrected facts of a report, with an event that says what they were.

    Args:
        seen: what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not a manager; EditConflict; ValidationError per field.
    """
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can correct the facts of a report."))
    report = locked(report)
    before = values_of(report, facts)
    given: Any = merged(
        facts,
        current=before,
        seen=seen,
        by=lambda: log.last_actor(EventKind.FACTS_CORRECTED, report=report),
        actor=actor,
    )
    changed = [name for name, value in given.items() if value != before[name]]
    if not changed:
        return report
    if problems := broken_report_facts(given, year=report.year, today=actor.today(now)):
        raise ValidationError(problems)
    for name in changed:
        setattr(report, name, given[name])
    report.save(update_fields=changed)
    log.record(
        EventKind.FACTS_CORRECTED,
        now=now,
        actor=actor,
        report=report,
        before={name: str(before[name]) for name in changed},
        after={name: str(given[name]) for name in changed},
    )
    return report
