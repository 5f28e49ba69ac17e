"""Further source versions of a report: what people assessed stays with its recommendation."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from recommendations.choices import EventKind, SourceChange, Tier, VersionReason
from recommendations.errors import Gone, Refused
from recommendations.importing import parse
from recommendations.models import Event, Recommendation, Report, SourceVersion, StatusUpdate, Wording
from recommendations.selectors.source_versions import further_version
from recommendations.services import asks, editions, source_versions, undoing_versions
from recommendations.services.following import undo_import
from recommendations.services.integrity import CHECKS
from tests.support import factories
from tests.support.factories import NOW
from tests.support.versions import FIRST, bring, first, narrative

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
MONITOR = "Let independent monitors see where people work."


def listed(report):
    rows = report.recommendations.listed().order_by("position")
    return [(row.position, row.reference[-2:], row.text) for row in rows]


def breaches():
    return [str(said) for check in CHECKS.values() for said in check()]


def kinds(*but):
    return [kind for kind in Event.objects.order_by("seq").values_list("kind", flat=True) if kind not in but]


def test_a_whole_text_after_a_cut_one_keeps_identity_references_and_work(team):
    report = first(FIRST[0], cut="Criminalize sex traff")
    second = report.recommendations.get(position=2)
    update = factories.approve(team["author"], second, reviewer=team["reviewer"])
    version, made = bring(report, narrative(MONITOR, *FIRST), now=LATER, actor=team["manager"])
    assert (made, version.number, version.reason) == (True, 2, VersionReason.WHOLE)
    report.refresh_from_db()
    assert report.complete and not report.warnings
    # The new ones have the next free numbers, in the order of the text; the positions are those of the text.
    assert listed(report) == [
        (1, "03", MONITOR),
        (2, "01", FIRST[0]),
        (3, "02", FIRST[1]),
        (4, "04", FIRST[2]),
    ]
    again = Recommendation.objects.get(reference=second.reference)
    assert (again.pk, again.current_update, again.status) == (second.pk, update, update.status)
    assert again.short_title == FIRST[1].rstrip("."), "a title that the import made follows the words"
    words = again.wordings.order_by("version__number").values_list("version__number", "text")
    assert list(words) == [(1, "Criminalize sex traff"), (2, FIRST[1])]
    event = Event.objects.get(kind=EventKind.WORDS_CORRECTED)
    assert event.recommendation == again
    assert event.payload == {"version": 2, "before": "Criminalize sex traff", "after": FIRST[1]}
    assert breaches() == []


def test_a_title_that_a_person_gave_stays(team):
    report = first(FIRST[0], cut="Criminalize sex traff")
    report.recommendations.filter(position=2).update(short_title="The crime")
    bring(report, narrative(*FIRST), actor=team["manager"])
    assert report.recommendations.get(position=2).short_title == "The crime"


@pytest.mark.parametrize("which", [0, 1])
def test_the_same_bytes_of_any_version_change_nothing(team, which):
    documents = [narrative(*FIRST), narrative(*FIRST, MONITOR)]
    report = first(*FIRST)
    bring(report, documents[1], actor=team["manager"])
    before = kinds()
    version, made = bring(report, documents[which], actor=team["manager"])
    assert (version.number, made) == (which + 1, False)
    assert kinds() == before


def test_what_is_gone_stays_marked_and_leaves_counts_and_reminders(team):
    report = first(*FIRST, MONITOR)
    gone = report.recommendations.get(position=2)
    factories.approve(team["author"], gone, reviewer=team["reviewer"])
    bring(report, narrative(FIRST[0], FIRST[2], MONITOR), actor=team["manager"])
    gone.refresh_from_db()
    assert (gone.gone_since, gone.position, gone.text) == (2, 4, FIRST[1])
    assert StatusUpdate.objects.get().recommendation == gone
    assert gone not in Recommendation.objects.tracked()
    assert [row[1] for row in listed(report)] == ["01", "03", "04"]
    assert Event.objects.get(kind=EventKind.LEFT_OUT).recommendation == gone
    # One more document has it again.
    bring(report, narrative(*FIRST), actor=team["manager"])
    gone.refresh_from_db()
    assert (gone.gone_since, gone.position) == (None, 2)
    assert Event.objects.get(kind=EventKind.LISTED_AGAIN).recommendation == gone
    assert report.recommendations.get(reference__endswith="04").gone_since == 3
    assert breaches() == []


def test_no_reference_is_given_twice(team):
    report = first(*FIRST)
    bring(report, narrative(*FIRST[:2], MONITOR), actor=team["manager"])
    bring(report, narrative(*FIRST[:2], "Accede to the 2000 UN TIP Protocol."), actor=team["manager"])
    assert [row[1] for row in listed(report)] == ["01", "02", "05"]


def test_a_list_that_is_not_known_to_be_whole_takes_nothing_away(team):
    report = first(*FIRST)
    with pytest.raises(Refused, match=r"not known to be whole, and 1 recommendation .* not in it"):
        bring(report, narrative(FIRST[0], cut="Criminalize sex traff"), actor=team["manager"])
    assert report.versions.count() == 1
    assert kinds() == [EventKind.IMPORTED]


def test_a_longer_copy_that_is_cut_too_is_a_version(team):
    report = first(FIRST[0], cut="Criminalize sex traff")
    version, _made = bring(
        report, narrative(*FIRST[:2], cut="Provide assistance to vic"), actor=team["manager"]
    )
    assert version.reason == VersionReason.COPY
    report.refresh_from_db()
    assert not report.complete
    assert [row[1] for row in listed(report)] == ["01", "02", "03"]


REWRITTEN = "Provide shelter and medical care to victims who were returned from abroad."


def test_what_is_more_than_a_correction_has_to_be_decided(team):
    report = first(*FIRST)
    data, third = narrative(*FIRST[:2], REWRITTEN), report.recommendations.get(position=3)
    assert further_version(report, parse(data.decode(), sha256="x")).entries[2].change is SourceChange.UNSURE
    with pytest.raises(Refused, match="Choose for recommendation 3 of the document which one it is"):
        bring(report, data, actor=team["manager"])
    bring(report, data, choices={3: third.pk}, actor=team["manager"])
    assert listed(report)[2] == (3, "03", REWRITTEN)


def test_or_it_is_another_one(team):
    report = first(*FIRST)
    bring(report, narrative(*FIRST[:2], REWRITTEN), choices={3: None}, actor=team["manager"])
    assert listed(report)[2] == (3, "04", REWRITTEN)
    assert report.recommendations.get(reference__endswith="03").gone_since == 2


def test_none_is_chosen_twice_and_none_of_another_report(team):
    report, other = first(*FIRST), factories.report(year=2023)
    third = report.recommendations.get(position=3)
    data = narrative(*FIRST[:2], REWRITTEN, MONITOR)
    with pytest.raises(Refused, match="KP-03 is chosen for more than one"):
        bring(report, data, choices={3: third.pk, 4: third.pk}, actor=team["manager"])
    bring(report, data, choices={3: other.recommendations.first().pk}, actor=team["manager"])
    assert [row[1] for row in listed(report)] == ["01", "02", "04", "05"]


def test_nothing_happens_to_what_was_not_shown(team):
    report, data = first(*FIRST), narrative(*FIRST, MONITOR)
    parsed = parse(data.decode(), sha256="x")
    seen = further_version(report, parsed).mark
    bring(report, narrative(*FIRST, REWRITTEN), actor=team["manager"])
    document = source_versions.Document(data, data.decode())
    about = {"report": report, "document": document, "parsed": parsed, "now": NOW, "actor": team["manager"]}
    with pytest.raises(Refused, match="was changed after you opened this page"):
        source_versions.add(seen=seen, **about)
    assert report.versions.count() == 2


def test_only_managers(team):
    report = first(*FIRST)
    with pytest.raises(Refused, match="Only managers"):
        bring(report, narrative(*FIRST, MONITOR), actor=team["reviewer"])
    bring(report, narrative(*FIRST, MONITOR), actor=team["manager"])
    with pytest.raises(Refused, match="Only managers"):
        undoing_versions.undo(report=report, number=2, actor=team["reviewer"], now=NOW)


def test_another_tier_is_chosen(team):
    report, data = first(*FIRST), narrative(*FIRST, tier="2")
    with pytest.raises(Refused, match="Choose which tier"):
        bring(report, data, actor=team["manager"])
    bring(report, data, takes_tier=False, actor=team["manager"])
    report.refresh_from_db()
    assert report.tier == Tier.TIER_3
    assert report.versions.get(number=2).tier == Tier.TIER_2
    bring(report, narrative(*FIRST, MONITOR, tier="2"), takes_tier=True, actor=team["manager"])
    report.refresh_from_db()
    assert report.tier == Tier.TIER_2
    undoing_versions.undo(report=report, number=3, actor=team["manager"], now=NOW)
    report.refresh_from_db()
    assert report.tier == Tier.TIER_3


ASKED = "Criminalize sex trafficking and labor trafficking, and punish those who commit either crime."


def test_asks_go_where_their_words_are_and_those_without_words_are_named(team):
    report = first(FIRST[0], ASKED, FIRST[2])
    about = {"recommendation": report.recommendations.get(position=2), "actor": team["reviewer"], "now": NOW}
    labor = asks.add(title="Labor", words="labor trafficking", **about)
    punish = asks.add(title="Punish", words="punish those who commit either crime", **about)
    corrected = ASKED.replace("sex trafficking", "all sex trafficking").replace(
        " and punish those who", ". Jail who"
    )
    data = narrative(FIRST[0], corrected, FIRST[2])
    second = report.recommendations.get(position=2)
    further = further_version(report, parse(data.decode(), sha256="x"), {2: second.pk})
    assert [placed.ask for placed in further.lost] == [punish]
    bring(report, data, choices={2: second.pk}, now=LATER, actor=team["manager"])
    labor.refresh_from_db()
    punish = type(punish).objects.select_related("recommendation").get(pk=punish.pk)
    second.refresh_from_db()
    assert second.text[labor.start : labor.end] == "labor trafficking"
    assert punish.words == punish.lost_words == "punish those who commit either crime"
    assert breaches() == []
    undoing_versions.undo(report=report, number=2, actor=team["manager"], now=LATER)
    punish = type(punish).objects.select_related("recommendation").get(pk=punish.pk)
    assert (punish.lost_words, punish.earlier_places) == ("", {})
    assert punish.words == "punish those who commit either crime"


def test_a_day_before_says_what_stood_then(team):
    report = first(FIRST[0], ASKED, FIRST[2])
    second = report.recommendations.get(position=2)
    asks.add(recommendation=second, title="Labor", words="labor trafficking", actor=team["reviewer"], now=NOW)
    corrected = ASKED.replace("labor trafficking", "forced labor")
    bring(
        report,
        narrative(MONITOR, FIRST[0], corrected),
        choices={3: second.pk},
        now=LATER,
        actor=team["manager"],
    )
    manager, today = team["manager"], (LATER + timedelta(days=1)).date()
    about = {"report": report, "actor": manager, "now": LATER + timedelta(days=1)}
    then = editions.freeze(name="Then", as_of=NOW.date(), **about).content["recommendations"]
    now = editions.freeze(name="Now", as_of=today, **about).content["recommendations"]
    assert [(one["position"], one["text"]) for one in then] == [(1, FIRST[0]), (2, ASKED), (3, FIRST[2])]
    assert [one["text"] for one in now] == [MONITOR, FIRST[0], corrected]
    assert [ask["words"] for ask in then[1]["asks"]] == ["labor trafficking"]


def test_the_newest_version_is_undone_until_somebody_works_on_it(team):
    report = first(*FIRST[:2], cut="Provide assistance to vic")
    before = listed(report)
    bring(report, narrative(FIRST[1], *FIRST[2:], MONITOR), actor=team["manager"])
    undoing_versions.undo(report=report, number=2, actor=team["manager"], now=LATER)
    report = Report.objects.get()
    assert (listed(report), report.complete, report.versions.count()) == (before, False, 1)
    assert report.recommendations.count() == 3, "what the version alone had is deleted"
    assert kinds()[-1] == EventKind.VERSION_UNDONE
    assert breaches() == []
    with pytest.raises(Gone):
        undoing_versions.undo(report=report, number=1, actor=team["manager"], now=LATER)
    with pytest.raises(Gone):
        undoing_versions.undo(report=report, number=2, actor=team["manager"], now=LATER)


def test_a_version_on_which_somebody_works_stays(team):
    report = first(*FIRST)
    bring(report, narrative(*FIRST, MONITOR), actor=team["manager"])
    fourth = report.recommendations.get(position=4)
    factories.write(team["author"], fourth, LATER)
    with pytest.raises(Refused, match="Somebody has worked on the report"):
        undoing_versions.undo(report=report, number=2, actor=team["manager"], now=LATER)
    assert report.versions.count() == 2


def test_an_import_of_several_versions_is_undone_as_a_whole(team):
    report = first(*FIRST)
    bring(report, narrative(FIRST[0], MONITOR), actor=team["manager"])
    undo_import(report=report, actor=team["manager"], now=LATER)
    assert not Report.objects.exists() and not SourceVersion.objects.exists() and not Wording.objects.exists()


@pytest.mark.parametrize("model", [SourceVersion, Wording])
def test_the_database_refuses_to_change_a_version(model):
    first(*FIRST)
    with pytest.raises(DatabaseError, match="stays as it was brought"), transaction.atomic():
        model.objects.update(text="Other words.")


def test_why_a_version_was_brought_follows_from_the_two_lists(team):
    report = first(*FIRST)
    for data, reason in (
        (narrative(*FIRST) + b"\nA line of the page.\n", VersionReason.COPY),
        (narrative(*FIRST, MONITOR), VersionReason.CORRECTED),
    ):
        version, _made = bring(report, data, actor=team["manager"])
        assert version.reason == reason
