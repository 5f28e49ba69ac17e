"""A look is no finding any more, and an ask without a finding erases nothing: where that moves something, it is said.

The rule stands here as it was on that day, so that a later one changes nothing of what this upgrade does.
"""

from datetime import UTC, date, datetime, timedelta

from django.db import migrations

LAST_OF_ALL = datetime.max.replace(tzinfo=UTC)
WINDOW = timedelta(days=14)
LABELS = {
    "not_assessed": "Not yet assessed",
    "no_information": "No reliable information",
    "contrary": "Contrary action",
    "no_action": "No action",
    "initial": "Initial steps",
    "partly": "Partly implemented",
    "implemented": "Implemented",
}
FINDINGS = ("contrary", "no_action", "initial", "partly", "implemented")


def follow_again(apps, _schema_editor):
    """Write where each recommendation with approved updates stands, and print each status and date that moves."""
    updates = apps.get_model("recommendations", "StatusUpdate").objects.filter(state="approved")
    recommendations = apps.get_model("recommendations", "Recommendation").objects
    for one in recommendations.filter(pk__in=updates.values("recommendation")).order_by("reference"):
        counted = list(updates.filter(recommendation=one).exclude(sensitivity="restricted"))
        for name, row, fields in followed(one, list(one.asks.order_by("position")), counted):
            for said in changes(row, fields):
                print(f"  {name}: {said}")
            for field, value in fields.items():
                setattr(row, field, value)
            row.save(update_fields=list(fields))


def changes(row, fields):
    """Yield what an upgrade says of a row before ``fields`` are written into it."""
    before, after = LABELS[row.status], LABELS[fields["status"]]
    if before != after:
        yield f"“{before}” is “{after}” now."
    elif row.current_update_id != getattr(fields["current_update"], "pk", None):
        yield f"“{after}” rests on the update as of {fields['current_update'].as_of} now."
    if row.last_verified_on != fields["last_verified_on"]:
        yield f"last verified on {row.last_verified_on or 'no day'}; it is {fields['last_verified_on'] or 'no day'} now."
    if fields["looked_on"]:
        yield f"last looked on {fields['looked_on']}, and no reliable information was found; the finding stands."


def followed(one, asks, approved):
    """Yield (name, row, fields) of a recommendation and of each of its asks."""
    corrected = {update.corrects_id for update in approved}
    standing = sorted((update for update in approved if update.pk not in corrected), key=newest, reverse=True)
    parts = {ask.pk: of_ask(standing, ask.pk) for ask in asks}
    live = {ask.pk: parts[ask.pk] for ask in asks if not ask.retired_at}
    fields, answered_on = of_whole(standing, live)
    yield one.reference, one, {**fields, "split": split(live.values()), **dates(one, answered_on)}
    for ask in asks:
        yield f"{one.reference}, ask {ask.position}", ask, parts[ask.pk][0]


def newest(update):
    return update.as_of, update.approved_at or LAST_OF_ALL, update.pk


def is_look(update):
    return update.kind == "assessment" and update.status not in FINDINGS


def assessment(standing, ask_id):
    about = [one for one in standing if one.kind == "assessment" and one.ask_id == ask_id]
    return next((one for one in about if not is_look(one)), next(iter(about), None))


def of_ask(standing, ask_id):
    return part(assessment(standing, ask_id), about_ask(standing, ask_id))


def about_ask(standing, ask_id):
    return [update for update in standing if update.ask_id in (None, ask_id)]


def part(current, about):
    """Return (fields, the day from which the time to the next review is counted)."""
    answered_on = about[0].as_of if about else None
    if current is None:
        return fields_of(None, None, None), answered_on
    if is_look(current):
        return fields_of(current, answered_on, None), answered_on
    looks = [one.as_of for one in about if is_look(one) and newest(one) > newest(current)]
    verified = [one.as_of for one in about if not is_look(one)]
    return fields_of(current, next(iter(verified), None), next(iter(looks), None)), answered_on


def of_whole(standing, live):
    whole, about = assessment(standing, None), [one for one in standing if one.ask_id is None]
    if not live:
        return part(whole, about)
    current = [fields["current_update"] for fields, _day in live.values() if fields["current_update"]]
    if whole and sum(one.status in FINDINGS for one in current) < len(live):
        current.append(whole)
    deciding = least_advanced(current)
    verified = longest_ago([verified_on(ask_id, fields, whole, standing) for ask_id, (fields, _day) in live.items()])
    fields = fields_of(deciding, verified, part(deciding, about)[0]["looked_on"])
    return fields, longest_ago([day for _fields, day in live.values()])


def verified_on(ask_id, fields, whole, standing):
    """Return when an ask was verified; while nothing was found of it, the finding of the whole stands for it."""
    current = fields["current_update"]
    if whole and (current is None or is_look(current)):
        fields, _day = part(whole, about_ask(standing, ask_id))
    return fields["last_verified_on"]


def longest_ago(days):
    return None if None in days else min(days)


def least_advanced(found):
    newest_first = sorted(found, key=newest, reverse=True)
    assessed = [one for one in newest_first if one.status in FINDINGS]
    if not assessed:
        return next(iter(newest_first), None)
    return min(assessed, key=lambda one: FINDINGS.index(one.status))


def fields_of(current, last_verified_on, looked_on):
    return {
        "current_update": current,
        "status": current.status if current else "not_assessed",
        "confidence": current.confidence if current else "",
        "movement": current.movement if current else "",
        "last_verified_on": last_verified_on,
        "looked_on": looked_on,
    }


def split(live):
    found = [fields["status"] for fields, _day in live]
    return {status: found.count(status) for status in LABELS if status in found}


def dates(one, answered_on):
    """Return the dates of review: the interval, and each dated reason that nothing has answered."""
    is_open = lambda day: not (answered_on and answered_on >= day - WINDOW)
    one_off = one.one_off_on if one.one_off_on and is_open(one.one_off_on) else None
    further = [each for each in one.further_dates if is_open(date.fromisoformat(each["on"]))]
    dated = [one_off] if one_off else []
    dated += [date.fromisoformat(each["on"]) for each in further]
    by_interval = (answered_on or one.imported_on) + timedelta(days=one.interval_days)
    return {
        "answered_on": answered_on,
        "one_off_on": one_off,
        "further_dates": further,
        "next_review_on": min([by_interval, *dated]),
    }


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0046_looks")]

    operations = [migrations.RunPython(follow_again, migrations.RunPython.noop)]
