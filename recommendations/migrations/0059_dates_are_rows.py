"""Each review date beside the interval becomes a row with its source; when something is due stays as it is.

The rule by which an update answers a date stands here as it was on that day.
"""

from datetime import date, timedelta

from django.db import migrations
from django.utils import timezone

WINDOW = timedelta(days=14)


def move(apps, _schema_editor):
    """Make a row of each date, tie it to the moment that it was set before, and print it."""
    reasons = apps.get_model("recommendations", "DatedReason").objects
    moments = list(apps.get_model("recommendations", "Moment").objects.order_by("on", "pk"))
    now = timezone.now()
    for one in apps.get_model("recommendations", "Recommendation").objects.order_by("reference"):
        for day, what in dates_of(one):
            fields = source_of(day, what, moments)
            update = answer_to(day, one, apps)
            reasons.create(recommendation=one, on=day, set_at=now, answered_by=update, **fields)
            print(f"  {one.reference}: review on {day}: {said(fields)}{' (done already)' if update else ''}.")


def dates_of(one):
    """Return [(day, what it is for)] as a recommendation had them."""
    once = [(one.one_off_on, "")] if one.one_off_on else []
    return once + [(date.fromisoformat(each["on"]), each["before"]) for each in one.further_dates]


def source_of(day, what, moments):
    """Return the source of a date: the first moment of this title that is whole weeks after it, or a person."""
    for moment in moments:
        weeks, rest = divmod((moment.on - day).days, 7)
        if moment.title == what and weeks >= 0 and not rest:
            return {"source": "moment", "moment": moment, "weeks_before": weeks}
    return {"source": "moment" if what else "one_off", "what_for": what}


def said(fields):
    if "moment" in fields:
        return f"{fields['weeks_before']} weeks before “{fields['moment'].title}”"
    return f"before “{fields['what_for']}”, which is not in the calendar" if fields["what_for"] else "set for once"


def answer_to(day, one, apps):
    """Return the update with which everything had been looked at within the window of a date, or None."""
    updates = apps.get_model("recommendations", "StatusUpdate").objects.filter(recommendation=one)
    counted = list(updates.filter(state="approved", counts_at__isnull=False).order_by("counts_at", "pk"))
    corrected = {update.corrects_id for update in counted}
    asks = set(one.asks.filter(retired_at=None).values_list("pk", flat=True))
    looked_at = set()
    for update in counted:
        if update.pk in corrected or update.as_of < day - WINDOW:
            continue
        looked_at.add(update.ask_id)
        if None in looked_at or (asks and asks <= looked_at):
            return update
    return None


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0058_dated_reasons")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
