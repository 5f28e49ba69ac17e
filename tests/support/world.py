"""One of everything, open and restricted, for tests that try every door with every role."""

import uuid
from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from recommendations.audit import log
from recommendations.choices import (
    AccountAct,
    ApiLevel,
    DerivedKind,
    EventKind,
    ExaminationState,
    Extent,
    LineageKind,
    LinkOutcome,
    MailKind,
    MailState,
    Purpose,
    Sensitivity,
    TagKind,
)
from recommendations.mail.outbox.queue import token_digest
from recommendations.models import (
    AccountChange,
    Advocacy,
    ApiToken,
    Ask,
    BaselineClaim,
    Damage,
    DatedReason,
    Examination,
    Grant,
    Heartbeat,
    HeldChange,
    Lineage,
    LinkCheck,
    Mail,
    MailAttempt,
    MailItem,
    MailWords,
    Moment,
    Organisation,
    Passage,
    PublicationProposal,
    Recommendation,
    RequestCount,
    SavedFilter,
    Section,
    StagedReport,
    StagedUpload,
    Tag,
    UnsubscribeToken,
    User,
)
from recommendations.services import editions
from recommendations.text.tokens import tokens_of
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pictures import png

SECRET = "Ms. K. told us"  # in every restricted text; no stranger's page may hold it
EDITED = NOW + timedelta(hours=1)  # the report was imported before it
TOKEN = "a-token-that-ends-a-mail"


class World:
    """Its attributes are the rows; ``restricted`` ones belong to Ana, who let in Omar alone."""

    def __init__(self):
        self.people = factories.team()
        self.people["nobody"] = User.objects.create_user("nemo@example.org", factories.PASSWORD, name="Nemo")
        # A flag that somebody set by hand: every door must treat who has it as somebody without a role.
        User.objects.filter(pk=self.people["nobody"].pk).update(is_superuser=True)
        self.people["nobody"].refresh_from_db()
        self.people["superuser"] = User.objects.create_superuser(
            "root@example.org", factories.PASSWORD, name="Root"
        )
        self.author, self.reviewer = self.people["author"], self.people["reviewer"]
        self.report = factories.report(count=3)
        self.recommendation, self.second, self.third = self.report.recommendations.order_by("position")
        Recommendation.objects.filter(pk=self.recommendation.pk).update(owner=self.author)
        self._evidence()
        self._updates()
        self._nouns()
        self._mails()
        self._records()

    def _evidence(self):
        self.evidence = factories.link(self.author, "An open item")
        self.file = factories.file(self.author, "An open file")
        self.restricted_file = factories.file(self.author, f"{SECRET} (file)", Sensitivity.RESTRICTED)
        self.derived, self.restricted_derived = (
            factories.made_of(item, DerivedKind.PREVIEW) for item in (self.file, self.restricted_file)
        )
        for item in (self.file, self.restricted_file):
            factories.made_of(item, DerivedKind.COPY)
        self.examination, self.restricted_examination = (
            Examination.objects.create(evidence=item, purpose=Purpose.PICTURES, state=ExaminationState.DONE)
            for item in (self.file, self.restricted_file)
        )
        self.passage, self.restricted_passage = (
            Passage.objects.create(evidence=item, page=1, part=1, text=text, tokens=tokens_of(text))
            for item, text in ((self.file, "Everybody may read this."), (self.restricted_file, SECRET))
        )
        self.restricted_evidence = factories.link(self.author, f"{SECRET} (item)", Sensitivity.RESTRICTED)
        self.link_check, self.restricted_link_check = (
            LinkCheck.objects.create(evidence=item, checked_at=NOW, outcome=LinkOutcome.ANSWERS, title=title)
            for item, title in ((self.evidence, "A page"), (self.restricted_evidence, SECRET))
        )
        self.held_change, self.restricted_held_change = (
            HeldChange.objects.create(
                evidence=item, before={"title": title}, changed_by=self.author, changed_at=NOW
            )
            for item, title in ((self.evidence, "A page"), (self.restricted_evidence, SECRET))
        )
        self.capture, self.restricted_capture = (
            factories.captured(item) for item in (self.evidence, self.restricted_evidence)
        )

    def _updates(self):
        cited = [(self.evidence, "supports", "p. 1")]
        self.approved = factories.decide(
            factories.submit(self.author, self.recommendation, citations=cited), self.reviewer
        )
        self.submitted = factories.submit(self.author, self.second)
        self.restricted = factories.submit(
            self.author,
            self.third,
            sensitivity=Sensitivity.RESTRICTED,
            reason=f"{SECRET} what happened.",
            citations=[(self.restricted_evidence, "supports", "p. 2")],
        )
        self.draft = factories.write(self.author, self.second, reason=f"{SECRET} (draft)")
        self.citation = self.approved.citations.get()
        self.restricted_citation = self.restricted.citations.get()
        self.review = self.approved.reviews.get()
        self.version, self.restricted_version = self.approved.versions.get(), self.restricted.versions.get()
        self._publications()
        self.place, self.restricted_place = self.approved.places.get(), self.restricted.places.get()

    def _publications(self):
        self.publication = self.approved.publications.get()
        self.proposal, self.restricted_proposal = (
            PublicationProposal.objects.create(
                update=update, extent=Extent.WORDS, proposed_by=self.author, proposed_at=NOW
            )
            for update in (self.approved, self.restricted)
        )

    def _nouns(self):
        self.source_version = self.report.versions.get()
        self.wording = self.source_version.wordings.first()
        self.section = Section.objects.create(report=self.report, kind="assessment", start=0, end=5)
        self.ask = Ask.objects.create(
            recommendation=self.recommendation, position=1, title="An ask", start=0, end=5, created_at=NOW
        )
        self.lineage = Lineage.objects.create(
            later=self.recommendation, kind=LineageKind.NEW, against=self.report
        )
        self.claim = BaselineClaim.objects.create(
            recommendation=self.recommendation,
            sha256=self.report.sha256,
            start=0,
            end=5,
            words=self.report.text[:5],
            kept_by=self.author,
            kept_at=NOW,
        )
        self.tag = Tag.objects.create(
            recommendation=self.recommendation,
            kind=TagKind.COUNTRY,
            value="CN",
            confirmed_by=self.author,
            confirmed_at=NOW,
        )
        self.grant = Grant.objects.create(
            person=self.people["other"],
            evidence=self.restricted_evidence,
            granted_by=self.author,
            granted_at=NOW,
            reason="Works on this case.",
        )
        self.organisation = Organisation.objects.create(
            name="Watch the Watchers", logo=png(), logo_type="image/png"
        )
        self.damage, self.restricted_damage = (
            Damage.objects.create(
                evidence=item, object_name=name, problem="cut short", found_at=NOW, seen_at=NOW
            )
            for item, name in ((self.file, "one"), (self.restricted_file, "other"))
        )
        told = {"kind": "meeting", "held_on": NOW.date(), "counterpart": "The desk officer"}
        told |= {"author": self.author, "created_at": NOW, "changed_at": NOW}
        self.advocacy = Advocacy.objects.create(subject="The camps", **told)
        self.restricted_advocacy = Advocacy.objects.create(
            subject=f"{SECRET} (meeting)", sensitivity=Sensitivity.RESTRICTED, **told
        )
        self.restricted_advocacy.readers.add(self.people["other"])
        self.moment = Moment.objects.create(
            kind="upr", title="UPR", on=NOW.date(), kept_by=self.people["manager"], changed_at=NOW
        )
        self.dated_reason = DatedReason.objects.create(
            recommendation=self.third, on=NOW.date() + 200 * factories.DAY, source="one_off", set_at=NOW
        )
        kept = {"owner": self.author, "listed": "updates", "query": "state=approved", "created_at": NOW}
        self.saved_filter = SavedFilter.objects.create(name="What stands", is_shared=True, **kept)
        self.own_filter = SavedFilter.objects.create(name=f"{SECRET} (filter)", **kept)
        self.brought = StagedReport.objects.create(
            brought_by=self.author, brought_at=NOW, source_name=f"{SECRET}.txt", source_bytes=b"x", text="x"
        )
        self.staged = StagedUpload.objects.create(
            uploaded_by=self.author,
            form_key=uuid.uuid4(),
            original_name=f"{SECRET}.pdf",
            content_type="application/pdf",
            size=9,
            sha256="0" * 64,
            object_name="nowhere",
            received_at=NOW,
        )

    def _mails(self):
        self.mail = Mail.objects.create(
            key="remind:1",
            kind=MailKind.REMINDER,
            recipient=self.author,
            subject="1 recommendation is due",
            message_id="<1@tracker.example.org>",
            date_header=NOW,
            state=MailState.FAILED,
            created_at=NOW,
            next_attempt_at=NOW,
            not_after=NOW,
        )
        self.digest = Mail.objects.create(
            key="digest:1",
            kind=MailKind.DIGEST,
            recipient=self.author,
            subject="Your digest",
            from_seq=0,
            to_seq=1,
            tells_of_restricted=True,
            message_id="<2@tracker.example.org>",
            date_header=NOW,
            state=MailState.SENT,
            sent_at=NOW,
            created_at=NOW,
            next_attempt_at=NOW,
            not_after=NOW,
        )
        MailWords.objects.create(mail=self.mail, text="Log in.")
        self.words = MailWords.objects.create(
            mail=self.digest,
            text=f"{SECRET} in a digest",
            html=f"<p>{SECRET} in a digest</p>",
            shared_text="Nothing to see.",
            shared_html="<p>Nothing to see.</p>",
        )
        self.restricted_item = MailItem.objects.create(
            mail=self.mail, recipient=self.author, update=self.restricted, item_key="review:9:W3"
        )
        self.mail_item = MailItem.objects.create(
            mail=self.mail, recipient=self.author, item_key="remind:1:T-3"
        )
        self.attempt = MailAttempt.objects.create(mail=self.mail, number=1, started_at=NOW)
        self.api_token = ApiToken.objects.create(
            person=self.author,
            name=f"{SECRET} (token)",
            level=ApiLevel.TEAM,
            start="rectrack_abcde",
            digest="0" * 64,
            made_at=NOW,
            expires_at=NOW + timedelta(days=365),
        )
        self.request_count = RequestCount.objects.create(who="0" * 64, minute=NOW)
        self.token = UnsubscribeToken.objects.create(
            digest=token_digest(TOKEN), person=self.author, kind=MailKind.DIGEST, created_at=NOW
        )
        self.heartbeat = Heartbeat.objects.create(name="tick", at=NOW)

        self.edition = editions.freeze(
            report=self.report, actor=self.people["manager"], name="An edition", as_of=NOW.date(), now=EDITED
        )

    def _records(self):
        with transaction.atomic():
            self.event = log.record(EventKind.ASSIGNED, now=NOW, recommendation=self.recommendation)
            self.restricted_event = log.record(
                EventKind.EVIDENCE_ADDED, now=NOW, actor=self.author, evidence=self.restricted_evidence
            )
        self.account_change = AccountChange.objects.create(
            person=self.people["other"], by=self.people["manager"], act=AccountAct.ADDED, at=NOW
        )
        self.failed_sign_in = AccessAttempt.objects.create(
            username="ana@example.org", ip_address="192.0.2.1", failures_since_start=5
        )
        # A sign-in removes those that are older than a quarter of an hour; the tests can take longer.
        AccessAttempt.objects.update(attempt_time=timezone.now() + timedelta(days=1))
        self.log_entry = LogEntry.objects.create(
            user=self.people["manager"],
            content_type=ContentType.objects.get_for_model(Recommendation),
            object_id=self.recommendation.pk,
            object_repr="recommendation 1",
            action_flag=CHANGE,
        )
