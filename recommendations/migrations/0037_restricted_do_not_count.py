"""Restricted updates do not count any more: what followed from them follows from the others now.

The rule stands here as it was on that day, so that a later one changes nothing of what this upgrade does.
"""

from datetime import UTC, date, datetime, timedelta

from django.db import migrations

LAST_OF_ALL = datetime.max.replace(tzinfo=UTC)
WINDOW = timedelta(days=14)
LEAST_ADVANCED_FIRST = ("contrary", "no_action", "initial", "partly", "implemented")
STATUSES = ("not_assessed", "no_information", *LEAST_ADVANCED_FIRST)


def count_again(apps, _schema_editor):
    """Write where each recommendation with a restricted approved update stands, and print what changes."""
    updates = apps.get_model("recommendations", "StatusUpdate").objects.filter(state="approved")
    restricted = updates.filter(sensitivity="restricted")
    recommendations = apps.get_model("recommendations", "Recommendation").objects
    for one in recommendations.filter(pk__in=restricted.values("recommendation")).order_by("reference"):
        counted = list(updates.filter(recommendation=one).exclude(sensitivity="restricted"))
        for name, row, fields in followed(one, list(one.asks.all()), counted):
            for said in changes(row, fields):
                print(f"  {name}: {said}")
            for field, value in fields.items():
                setattr(row, field, value)
            row.save(update_fields=list(fields))


def changes(row, fields):
    """Yield what an upgrade says of a row before ``fields`` are written into it."""
    current = fields["current_update"]
    if row.status != fields["status"]:
        yield f"{row.status} rested on a restricted update; it is {fields['status']} now."
    elif row.current_update_id != (current.pk if current else None):
        yield f"{row.status} rested on a restricted update; it rests on that of {current.as_of} now."
    before, after = row.last_verified_on, fields["last_verified_on"]
    if before != after:
        yield f"last verified on {before} by a restricted update; {f'on {after}' if after else 'never'} now."


def followed(one, asks, approved):
    """Yield (name, row, fields) of a recommendation and of each of its asks."""
    corrected = {update.corrects_id for update in approved}
    standing = sorted((update for update in approved if update.pk not in corrected), key=newest, reverse=True)
    by_ask = {ask.pk: of_ask(standing, ask.pk) for ask in asks}
    live = [by_ask[ask.pk] for ask in asks if not ask.retired_at]
    yield one.reference, one, {**of_whole(standing, live), **split(live), **dates(one, standing, live)}
    for ask in asks:
        yield f"{one.reference}, ask {ask.position}", ask, by_ask[ask.pk]


def newest(update):
    return update.as_of, update.approved_at or LAST_OF_ALL, update.pk


def of_ask(standing, ask_id):
    about = [update for update in standing if update.ask_id in (None, ask_id)]
    return {
        **said_by(assessment(standing, ask_id)),
        "last_verified_on": about[0].as_of if about else None,
    }


def of_whole(standing, live):
    whole = assessment(standing, None)
    found = [ask["current_update"] for ask in live if ask["current_update"]]
    if whole and len(found) < len(live):
        found.append(whole)
    return {**said_by(deciding(found) if live else whole), "last_verified_on": verified_on(standing, live)}


def verified_on(standing, live):
    looked = [ask["last_verified_on"] for ask in live]
    if live:
        return None if None in looked else min(looked)
    return next((update.as_of for update in standing if update.ask_id is None), None)


def assessment(standing, ask_id):
    return next((one for one in standing if one.kind == "assessment" and one.ask_id == ask_id), None)


def deciding(found):
    newest_first = sorted(found, key=newest, reverse=True)
    assessed = [one for one in newest_first if one.status in LEAST_ADVANCED_FIRST]
    if not assessed:
        return next(iter(newest_first), None)
    return min(assessed, key=lambda one: LEAST_ADVANCED_FIRST.index(one.status))


def said_by(current):
    return {
        "current_update": current,
        "status": current.status if current else "not_assessed",
        "confidence": current.confidence if current else "",
        "direction": current.direction if current else "",
    }


def split(live):
    found = [ask["status"] for ask in live]
    return {"split": {status: found.count(status) for status in STATUSES if status in found}}


def dates(one, standing, live):
    """Return the dates of review: the interval, and each dated reason that no verification has answered."""
    verified = verified_on(standing, live)
    is_open = lambda day: not (verified and verified >= day - WINDOW)
    one_off = one.one_off_on if one.one_off_on and is_open(one.one_off_on) else None
    further = [each for each in one.further_dates if is_open(date.fromisoformat(each["on"]))]
    dated = [one_off] if one_off else []
    dated += [date.fromisoformat(each["on"]) for each in further]
    by_interval = (verified or one.imported_on) + timedelta(days=one.interval_days)
    return {"one_off_on": one_off, "further_dates": further, "next_review_on": min([by_interval, *dated])}


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0036_names")]

    operations = [migrations.RunPython(count_again, migrations.RunPython.noop)]
