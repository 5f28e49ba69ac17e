"""What an update must hold before it is submitted or approved, and an item (docs/domain.md, "What an update
must hold").
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.choices import (
    PLACES_MAY_STAND_FOR_EVIDENCE,
    SEALED,
    EarlierFinding,
    EvidenceKind,
    GovernmentAnswer,
    Role,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.errors import Refused
from recommendations.rules.facts import (
    AskFacts,
    ItemFacts,
    Member,
    ReceivedFile,
    RecommendationFacts,
    WrittenUpdate,
)
from recommendations.rules.following import if_counted
from recommendations.rules.movement import has_movement
from recommendations.rules.publication import cannot_publish
from recommendations.rules.status import is_finding, is_look

# Published in Washington on the 4th, it can show what happened in Seoul on the 5th.
A_DAY_ELSEWHERE = timedelta(days=1)

# {field name: [sentence, …]}, empty when all is well.
type Problems = dict[str, list[str]]

_valid_address = URLValidator(
    schemes=["http", "https"],
    message=gettext_lazy("Enter a web address that begins with https:// or http://."),
)


def broken_rules(update: WrittenUpdate, *, now: datetime) -> Problems:
    """Return the rules that ``update`` does not meet.

    What lies in the future is judged by the author's day, whoever decides and wherever: in Seoul it is the
    3rd while a reviewer in New York still has the 2nd.
    """
    problems: Problems = {}
    for field, sentence in _sentences(update, update.author.today(now)):
        problems.setdefault(field, []).append(sentence)
    return problems


def broken_item_rules(item: ItemFacts) -> Problems:
    """Return what an evidence item lacks: testimony says what the person agreed to."""
    if item.kind == EvidenceKind.TESTIMONY and not item.consent.strip():
        sentence = _(
            "This is testimony: say what the person agreed to and where the consent is kept, or "
            "that it is unknown."
        )
        return {"consent": [sentence]}
    return {}


def broken_item_dates(item: ItemFacts, *, today: date) -> Problems:
    """Return what is wrong with the dates that are said of an evidence item: both are of what has happened.

    Args:
        today: the day of who says them.
    """
    published, shown = item.published_on, item.event_on
    problems = {}
    if published and published > today:
        problems["published_on"] = [_("This day is in the future. Correct it, or leave it empty.")]
    if shown and shown > today:
        problems["event_on"] = [_("This day is in the future. Enter the day on which it happened.")]
    elif shown and published and shown > published + A_DAY_ELSEWHERE:
        problems["event_on"] = [
            _("It cannot show something that happened after it was published. Correct one of the dates.")
        ]
    return problems


def broken_sealing(item: ReceivedFile, said: Mapping[str, Any]) -> Problems:
    """Return what stands against the level chosen for a file that came in, by whether it was sealed then.

    Args:
        item: an item or waiting file with ``is_sealed``.
        said: {"sensitivity": …, "title": …} as chosen and typed; ``SEALED`` is a level here.
    """
    chosen = said.get("sensitivity") or ""
    if item.is_sealed and chosen != SEALED:
        sentence = _(
            "This file was sealed on arrival, and the tracker can no longer open it. Choose "
            "“Sealed”, or remove the file and send it again."
        )
        return {"sensitivity": [sentence]}
    if not item.is_sealed and chosen == SEALED:
        return {"sensitivity": [_("This file was not sealed. Remove it and send it again.")]}
    if item.is_sealed and not (said.get("title") or "").strip():
        return {"title": [_("Enter a title that does not name anybody: the title is not encrypted.")]}
    return {}


def is_never_assessed(recommendation: RecommendationFacts, ask: AskFacts | None = None) -> bool:
    """Say whether a check has nothing to confirm yet: no assessment was approved of what it is about.

    An assessment of the whole stands for each ask that has none.
    """
    if ask is None or ask.current_update_id:
        return recommendation.current_update_id is None
    whole = recommendation.updates.counting().filter(kind=UpdateKind.ASSESSMENT, ask=None)
    return not whole.exists()


def never_assessed() -> str:
    """Return the sentence for who wants to record a check where nothing was assessed."""
    return _(
        "Nobody has assessed this yet, so a check cannot confirm anything. Log an update with a "
        "first assessment. If you found nothing, its status is “No reliable information”."
    )


def _sentences(update: WrittenUpdate, today: date) -> Iterator[tuple[str, str]]:
    yield from _date_problems(update, today)
    yield from _correction_problems(update)
    yield from _ask_problems(update)
    if why_not := cannot_publish(update, update.proposed_extent):
        yield "proposed_extent", why_not
    if update.kind == UpdateKind.CHECK:
        if is_never_assessed(update.recommendation, update.ask):
            yield "kind", never_assessed()
        if not update.places.exists():
            yield "places", _("Say where you looked: a check without a place proves nothing.")
    else:
        yield from _assessment_problems(update)


def _date_problems(update: WrittenUpdate, today: date) -> Iterator[tuple[str, str]]:
    if update.as_of > today:
        yield "as_of", _("This date is in the future. Enter the date up to which you looked.")
    if update.is_undated:
        yield "as_of", _("Nobody has looked since last year’s finding. Look, then enter the day of today.")
    start = update.recommendation.report.period_start
    if update.as_of < start:
        yield (
            "as_of",
            _("This report covers the time from %(start)s. Enter this date or a later one.")
            % {"start": f"{start.day} {start:%b %Y}"},
        )
    if any(row.looked_on > today for row in update.places.all()):
        yield "places", _("You cannot have looked at a place in the future. Correct the date.")


def _correction_problems(update: WrittenUpdate) -> Iterator[tuple[str, str]]:
    corrected = update.corrects
    if corrected is None:
        return
    if corrected.recommendation_id != update.recommendation_id or corrected.kind != update.kind:
        yield "corrects", _("A correction must be of the same kind and about the same recommendation.")
    if corrected.state != UpdateState.APPROVED:
        yield "corrects", _("Only an approved update can be corrected. A draft can simply be changed.")
    if corrected.corrections.correcting(corrected).exclude(pk=update.pk).exists():
        yield "corrects", _("That update has already been corrected. Correct the correction instead.")


def _ask_problems(update: WrittenUpdate) -> Iterator[tuple[str, str]]:
    ask, corrected = update.ask, update.corrects
    if ask and ask.recommendation_id != update.recommendation_id:
        yield "ask", _("This ask belongs to another recommendation.")
    elif corrected and corrected.ask_id != update.ask_id:
        yield "ask", _("A correction must be about the same thing as the corrected update: choose the same.")
    elif ask and ask.retired_at and not corrected:
        yield "ask", _("This ask was retired. Choose another one, or the whole recommendation.")


def _assessment_problems(update: WrittenUpdate) -> Iterator[tuple[str, str]]:
    if update.status in ("", Status.NOT_ASSESSED):
        yield "status", _("Choose the status whose criterion fits.")
    if not update.confidence:
        yield "confidence", _("Choose how confident you are.")
    if not update.movement and has_movement(update):
        yield "movement", _("Choose the movement, or “Unknown”.")
    yield from _claim_problems(update)
    yield from _earlier_finding_problems(update)
    cited, looked = update.citations.exists(), update.places.exists()
    if update.status and (change := _change(update)):
        if not update.reason.strip():
            yield "reason", change
        if not cited and not (looked and update.status in PLACES_MAY_STAND_FOR_EVIDENCE):
            yield "evidence", _what_is_missing(update.status)
    elif not (update.reason.strip() or cited or looked):
        yield "reason", _("Say what the status is based on: a reason, evidence, or where you looked.")


def _claim_problems(update: WrittenUpdate) -> Iterator[tuple[str, str]]:
    has_claim, answer = bool(update.government_claim.strip()), update.government_answer
    if update.claimed_status and not has_claim:
        yield "government_claim", _("You chose a status for the claim. Enter what the government claims.")
    elif answer == GovernmentAnswer.CLAIMS and not has_claim:
        yield "government_claim", _("You chose “Claims action”. Enter what the government claims.")
    if answer == GovernmentAnswer.NONE and has_claim:
        yield (
            "government_answer",
            _("You entered a claim, so there is an answer. Choose “Claims action”, or what fits better."),
        )


def _earlier_finding_problems(update: WrittenUpdate) -> Iterator[tuple[str, str]]:
    if update.earlier_finding != EarlierFinding.SET_ASIDE:
        return
    if update.status != Status.NO_INFORMATION:
        yield (
            "earlier_finding",
            _(
                "Only “No reliable information” sets an earlier finding aside; any other status replaces it. "
                "Choose “It still stands”, or change the status."
            ),
        )
    elif not update.corrects and not is_finding(update.subject):
        yield "earlier_finding", _("There is no earlier finding to set aside. Choose “It still stands”.")


def _change(update: WrittenUpdate) -> str:
    """Return the sentence that asks for a reason where a status would move; empty where none does.

    A look after a finding moves nothing, unless it is a correction; an ask can move the whole. A restricted
    update has its reason as well, since a reviewer can let it count later.
    """
    found, whole, subject = if_counted(update), update.recommendation, update.subject
    if update.ask_id and found.whole.status != whole.status:
        words = _("This moves the whole recommendation from “%(before)s” to “%(after)s”. Enter the reason.")
        return words % {
            "before": Status(whole.status).label,
            "after": Status(found.whole.status).label,
        }
    after = found.by_ask[update.ask_id] if update.ask_id else found.whole
    if after.status != subject.status or (update.status != subject.status and not is_look(update)):
        return _("This changes the status. Enter the reason for this status.")
    return ""


def _what_is_missing(status: str) -> str:
    if status in PLACES_MAY_STAND_FOR_EVIDENCE:
        return _("This changes the status. Add evidence, or say where you looked and when.")
    return _("This changes the status. Add at least one evidence item.")


def validate_address(url: str) -> None:
    """Refuse what is no web address, and one that carries a name or password. Raises: ValidationError."""
    _valid_address(url)
    if "@" in url.split("/")[2]:
        raise ValidationError(_("Remove the name and password from the address."))


def require_contributor(person: Member) -> None:
    """Refuse who may read evidence alone. Raises: Refused."""
    if not person.has_role(Role.CONTRIBUTOR):
        raise Refused(
            _("With your role, you can read evidence but not add it. Ask a manager to change your role.")
        )
