"""Each recommendation and each ask is a practice to end, or something to do.

Set for those that are here by the verb of their words. The rule stands here as it was on that day, so that a
later one changes nothing of what this upgrade does.
"""

import re

from django.db import migrations, models



def words_of(listed):
    return set(listed.split())


ENDING = words_of("abolish abstain avoid cease desist discontinue eliminate end eradicate halt refrain stop")
VERBS = words_of(
    """
    abolish accede accelerate accept account achieve acknowledge acquire act activate adapt add
    adhere adjust administer adopt advance advise advocate afford align allocate allot allow amend
    analyze apply appoint apprehend approve arrange articulate ask assemble assess assign assist
    assure attempt augment authorize avoid award bar base begin bolster boost bring broaden build
    capacitate carry cease center centralize certify clarify classify clear close codify collaborate
    collect combat commence communicate compel compile complete comply compose conclude condemn
    conduct confirm connect consider consolidate constitute construct consult continue convene
    convert convict cooperate coordinate correct counter create criminalize cultivate curb cut deal
    dedicate deepen define delegate delineate deliver demobilize demonstrate denounce deny deploy
    deport deregister design designate detect deter determine develop devise devote differentiate
    digitize direct disaggregate disband discipline disclose discontinue discourage discuss
    dismantle disseminate dissolve dissuade distinguish distribute double draw drop earmark ease
    educate effect elaborate elevate eliminate employ empower enable enact encourage endeavor
    endorse enforce engage enhance enlarge enlist enroll ensure enter equip eradicate escalate
    establish evaluate examine exclude execute exempt expand expedite exploit explore extend
    extradite facilitate finalize finance find finish fix follow forbid forge formalize formulate
    foster free fulfill garner gather generate give grant guarantee halt handle harmonize harness
    heighten hire hold host identify implement impose improve include incorporate inform initiate
    inspect institute institutionalize instruct integrate intensify interview introduce invest
    investigate invite involve join keep launch legislate lessen leverage liberalize lift locate
    lower maintain make manage map maximize meet minimize mitigate mobilize modernize modify monitor
    motivate move negotiate notify nullify observe obtain open operate operationalize optimize
    organize orient outlaw overcome overhaul oversee pass pay penalize perform permit persist
    persuade pilot prepare prescribe preserve prevent prioritize proceed procure professionalize
    prohibit promote promulgate propose proscribe prosecute protect prove provide publicize publish
    punish pursue put raise ramp ratify re-establish re-evaluate reach realize reassess receive
    recognize recommend reconcile reconvene recruit rectify redefine redouble redress reduce
    reestablish reevaluate refer refine refrain register regularize regulate rehabilitate reimburse
    reinforce reinstate reinstitute reintegrate reinvigorate remain remedy remove renew renovate
    reopen repatriate repeal replace require rescind resolve respond restart restore restrict
    restructure resume retain retrain revamp revise revitalize revive revoke roll safeguard secure
    seek select send sensitize serve shut sign simplify solicit solve speed spend sponsor
    standardize stiffen streamline strengthen strive submit subsidize supervise supplement suspend
    sustain systematize tackle tailor take teach terminate tighten toughen translate transmit triple
    undertake unify update upgrade uphold urge utilize vacate validate verify vet waive warn widen
    withdraw write
    """
)
ADVERBS = words_of("also further not once then together and or")
OPENERS = words_of(
    """
    across after among as at based before building by consistent despite drawing during following
    for from given if in on once per pursuant recognizing respecting since taking through throughout
    to under unless until upon using when where while with within without
    """
)
PHRASE = re.compile(r"(?:put an end to|bring an end to|bring to an end|phase out|do not|no longer)\b")
EFFORTS = re.compile(
    r"(?:[a-z-]+ )?(?:take|undertake|make|increase|continue|intensify|strengthen|redouble)\b"
    r"[^.;:]{0,40}?\b(?:steps|measures|action|actions|efforts) to (?=[a-z])"
)
ORDER = re.compile(r"[.!?]\s+|;\s*(?:and\s+)?|,\s*(?:and|or)\s+")
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def set_natures(apps, _schema_editor):
    """Set the nature of what asks for a practice to end, and print of what."""
    ended = []
    for one in apps.get_model("recommendations", "Recommendation").objects.order_by("reference"):
        if ends(without_opening(folded(one.text))):
            ended.append(one.reference)
            type(one).objects.filter(pk=one.pk).update(nature="end")
        for ask in one.asks.order_by("position"):
            if ask_ends(one.text, ask.start, ask.end):
                ended.append(f"{one.reference}, ask {ask.position}")
                type(ask).objects.filter(pk=ask.pk).update(nature="end")
    if ended:
        print(f"  A practice to end, by the words of the report: {'; '.join(ended)}.")


def ask_ends(text, start, end):
    """Say of words of a text whether their own order ends a practice, or else that which they stand in."""
    words = folded(text[start:end])
    if ends(words) or first_word(words) in VERBS:
        return ends(words)
    begun = [0]
    for match in ORDER.finditer(text):
        is_sentence = match.group()[0] in ".!?"
        if is_sentence or first_word(folded(text[match.end() : match.end() + 80])) in VERBS | ENDING:
            begun.append(match.end())
    return ends(without_opening(folded(text[max(place for place in begun if place <= start) :])))


def folded(text):
    return " ".join(text.casefold().split()).lstrip("“\"‘'([")


def without_opening(words):
    if first_word(words) in OPENERS:
        for match in re.finditer(r",\s*", words):
            if first_word(words[match.end() :]) in VERBS | ENDING:
                return words[match.end() :]
    return words


def first_word(words):
    found = (match.group() for match in WORD.finditer(words))
    return next((one for one in found if one in VERBS or not (one.endswith("ly") or one in ADVERBS)), "")


def ends(words):
    words = EFFORTS.sub("", words, count=1) if EFFORTS.match(words) else words
    return bool(PHRASE.match(words)) or first_word(words) in ENDING


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0044_public_is_not_published'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_valid',
        ),
        migrations.AddField(
            model_name='ask',
            name='nature',
            field=models.CharField(choices=[('do', 'Something to do'), ('end', 'A practice to end')], default='do', max_length=8, verbose_name='nature'),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='nature',
            field=models.CharField(choices=[('do', 'Something to do'), ('end', 'A practice to end')], default='do', max_length=8, verbose_name='nature'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('imported', 'Report imported'), ('approved', 'Update approved'), ('returned', 'Update returned'), ('taken', 'Taken in review'), ('given_back', 'Returned to the queue'), ('status_changed', 'Status changed'), ('published', 'Published: may be said outside'), ('not_published', 'Withdrawn from outside, or not published'), ('publishing_proposed', 'Publication proposed'), ('publishing_declined', 'Proposed publication declined'), ('evidence_added', 'Evidence added'), ('evidence_changed', 'Evidence changed'), ('granted', 'Access granted'), ('revoked', 'Access removed'), ('viewed', 'Restricted item viewed'), ('downloaded', 'Evidence downloaded'), ('capture_asked', 'Copy of the page requested'), ('captured', 'Copy of the page made'), ('capture_failed', 'Copy of the page could not be made'), ('graded', 'Grading changed'), ('exported', 'Exported'), ('held', 'Put on hold: not to be removed'), ('hold_lifted', 'Hold lifted'), ('removal_proposed', 'Removal proposed'), ('removal_approved', 'Removal approved by a second person'), ('removal_withdrawn', 'Removal cancelled'), ('removed', 'Removed; its record is kept'), ('redacted', 'Text removed from the record'), ('assigned', 'Owner or deputy changed'), ('rescheduled', 'Review date changed'), ('retitled', 'Short title or pillar changed'), ('nature_changed', 'Nature corrected'), ('split', 'Ask added'), ('ask_renamed', 'Ask renamed'), ('ask_retired', 'Ask retired'), ('ask_moved', 'Status of an ask changed'), ('edition', 'Edition frozen'), ('archived', 'Report closed'), ('reopened', 'Report followed again'), ('import_taken_back', 'Import of a report undone'), ('role_changed', 'Roles changed'), ('sign_in_changed', 'Password or address set by a manager'), ('confirmed', 'Account confirmed by a second manager'), ('renamed', 'Name changed'), ('keys_changed', 'Evidence encryption keys changed'), ('key_tried', 'Recovery key tested'), ('damage_found', 'Found damaged'), ('backed_up', 'Backup made'), ('restored', 'Restored from a backup'), ('advocacy_logged', 'Advocacy logged or changed'), ('moment_kept', 'Calendar of moments changed'), ('mail_steered', 'Mail sent again or marked as delivered by a manager')], max_length=20, verbose_name='what'),
        ),
        migrations.AddConstraint(
            model_name='ask',
            constraint=models.CheckConstraint(condition=models.Q(('nature__in', ['do', 'end'])), name='ask_nature_valid'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['imported', 'approved', 'returned', 'taken', 'given_back', 'status_changed', 'published', 'not_published', 'publishing_proposed', 'publishing_declined', 'evidence_added', 'evidence_changed', 'granted', 'revoked', 'viewed', 'downloaded', 'capture_asked', 'captured', 'capture_failed', 'graded', 'exported', 'held', 'hold_lifted', 'removal_proposed', 'removal_approved', 'removal_withdrawn', 'removed', 'redacted', 'assigned', 'rescheduled', 'retitled', 'nature_changed', 'split', 'ask_renamed', 'ask_retired', 'ask_moved', 'edition', 'archived', 'reopened', 'import_taken_back', 'role_changed', 'sign_in_changed', 'confirmed', 'renamed', 'keys_changed', 'key_tried', 'damage_found', 'backed_up', 'restored', 'advocacy_logged', 'moment_kept', 'mail_steered'])), name='event_kind_valid'),
        ),
        migrations.AddConstraint(
            model_name='recommendation',
            constraint=models.CheckConstraint(condition=models.Q(('nature__in', ['do', 'end'])), name='recommendation_nature_valid'),
        ),
        migrations.RunPython(set_natures, migrations.RunPython.noop),
    ]
