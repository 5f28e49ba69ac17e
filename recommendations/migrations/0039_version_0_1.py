"""All tables as version 0.1 has them, with the roles: what the migrations from 0001 to 0038 come to, in one.

An empty database runs this one and none of them; a database that had some of them goes on through the rest.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import recommendations.models.passages
import recommendations.models.people
import uuid
from django.conf import settings
from django.db import migrations, models


ROLES = ["Viewer", "Contributor", "Reviewer", "Manager"]
PASSAGES = "recommendations_passage"
INDEX = "recommendations_passage_index"

# Full-text search. The external-content table and its triggers are those of SQLite's own documentation of
# FTS5, section 4.4.3.
SQLITE = [
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, content='{PASSAGES}', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0', prefix='3')",
    f"CREATE TRIGGER {INDEX}_added AFTER INSERT ON {PASSAGES} BEGIN "
    f"INSERT INTO {INDEX} (rowid, tokens) VALUES (new.id, new.tokens); END",
    f"CREATE TRIGGER {INDEX}_gone AFTER DELETE ON {PASSAGES} BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    f"CREATE TRIGGER {INDEX}_changed AFTER UPDATE ON {PASSAGES} BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
    f"INSERT INTO {INDEX} (rowid, tokens) VALUES (new.id, new.tokens); END",
    # Rows of before the index: none when it is made with the table, all when it is made again.
    f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')",
]
SQLITE_BACK = [f"DROP TRIGGER {INDEX}_{name}" for name in ("added", "gone", "changed")] + [f"DROP TABLE {INDEX}"]
# Kept beside the tokens, since a search for a frequent word would work it out anew for every row.
POSTGRESQL = [
    f"ALTER TABLE {PASSAGES} ADD COLUMN search_vector tsvector "
    "GENERATED ALWAYS AS (to_tsvector('simple', tokens)) STORED",
    f"CREATE INDEX {INDEX} ON {PASSAGES} USING gin (search_vector)",
]
POSTGRESQL_BACK = [f"DROP INDEX {INDEX}", f"ALTER TABLE {PASSAGES} DROP COLUMN search_vector"]


def make_roles(apps, _editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


def run(editor, statements):
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement)


def make_index(_apps, editor):
    run(editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop_index(_apps, editor):
    run(editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


class Migration(migrations.Migration):

    replaces = [('recommendations', name) for name in (
        '0001_initial',
        '0002_roles',
        '0003_custody_kinds',
        '0004_name_redactions',
        '0005_asks',
        '0006_mail_upkeep',
        '0007_evidence_state',
        '0008_evidence_origin_consent',
        '0009_review',
        '0010_derived',
        '0011_retention',
        '0012_list_exports',
        '0013_saved_filters',
        '0014_sign_in_notice',
        '0015_editions',
        '0016_passages',
        '0017_passage_index',
        '0018_advocacy',
        '0019_link_checks',
        '0020_partners',
        '0021_captures',
        '0022_mail_words',
        '0023_mail_words_moved',
        '0024_mail_without_words',
        '0025_sealed',
        '0026_capture_words',
        '0027_mail_found_by_state',
        '0028_roles_alone',
        '0029_access_notice',
        '0030_reports_closed',
        '0031_report_events',
        '0032_account_changes',
        '0033_accounts_in_hand',
        '0034_mail_written',
        '0035_further_dates',
        '0036_names',
        '0037_restricted_do_not_count',
        '0038_corrected_once_by_level',
    )]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'verbose_name': 'heartbeat',
                'verbose_name_plural': 'heartbeats',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120, validators=[recommendations.models.people.validate_name], verbose_name='name')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined')),
                ('time_zone', models.CharField(default=recommendations.models.people.default_time_zone, max_length=64, validators=[recommendations.models.people.validate_time_zone], verbose_name='time zone')),
                ('working_days', models.CharField(default='12345', max_length=7, validators=[recommendations.models.people.validate_working_days], verbose_name='working days')),
                ('reminders', models.CharField(choices=[('all', 'Before and after the date'), ('only_overdue', 'Only when something is overdue'), ('none', 'No reminders')], default='all', max_length=16, verbose_name='reminders')),
                ('snoozed_until', models.DateField(blank=True, null=True, verbose_name='no reminders until')),
                ('away_from', models.DateField(blank=True, null=True, verbose_name='away from')),
                ('away_until', models.DateField(blank=True, null=True, verbose_name='away until')),
                ('digest_frequency', models.CharField(choices=[('weekly', 'Every week'), ('biweekly', 'Every second week'), ('monthly', 'Every month'), ('never', 'Never')], default='weekly', max_length=16, verbose_name='digest')),
                ('digest_weekday', models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')], default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)], verbose_name='day of the digest')),
                ('digest_when_empty', models.BooleanField(default=False, verbose_name='send the digest even when nothing happened')),
                ('password_is_temporary', models.BooleanField(default=False, help_text='Has to choose a password of their own first.', verbose_name='has a one-time password')),
                ('is_example', models.BooleanField(default=False, verbose_name='made-up person of the demonstration')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('bouncing_since', models.DateTimeField(blank=True, help_text='Two mails in a row were refused for good; no more are sent to this address.', null=True, verbose_name='refuses mail since')),
                ('refusals', models.PositiveSmallIntegerField(default=0, verbose_name='refusals of the address in a row')),
                ('is_partner', models.BooleanField(default=False, help_text='Is mailed digests of what is public, and opens no page but the settings.', verbose_name='outside partner')),
                ('password_given_at', models.DateTimeField(blank=True, null=True, verbose_name='one-time password given')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name', 'email'],
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='person_email_unique_any_case'),
                    models.CheckConstraint(condition=models.Q(('away_until', None), ('away_until__gte', models.F('away_from')), _connector='OR'), name='person_away_in_order'),
                    models.CheckConstraint(condition=models.Q(('reminders__in', ['all', 'only_overdue', 'none'])), name='person_reminders_valid'),
                    models.CheckConstraint(condition=models.Q(('digest_frequency__in', ['weekly', 'biweekly', 'monthly', 'never'])), name='person_digest_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('form', models.CharField(choices=[('file', 'File'), ('link', 'Link')], max_length=8, verbose_name='form')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('kind', models.CharField(choices=[('law', 'Law or regulation'), ('official', 'Official statement'), ('press', 'Press'), ('ngo_un', 'NGO or UN report'), ('testimony', 'Testimony'), ('image_video', 'Image or video'), ('satellite', 'Satellite imagery'), ('data', 'Data'), ('other', 'Other')], default='other', max_length=16, verbose_name='kind')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source: who published it')),
                ('collected_by', models.CharField(blank=True, max_length=200, verbose_name='collected by')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='published on')),
                ('event_on', models.DateField(blank=True, null=True, verbose_name='date of what it shows')),
                ('language', models.CharField(blank=True, max_length=60, verbose_name='language')),
                ('sensitivity', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal'), ('restricted', 'Restricted')], default='internal', max_length=12, verbose_name='sensitivity')),
                ('reliability', models.CharField(choices=[('A', 'A: completely reliable'), ('B', 'B: usually reliable'), ('C', 'C: fairly reliable'), ('D', 'D: not usually reliable'), ('E', 'E: unreliable'), ('F', 'F: reliability cannot be judged')], default='F', max_length=1, verbose_name='source reliability')),
                ('credibility', models.PositiveSmallIntegerField(choices=[(1, '1: confirmed by other sources'), (2, '2: probably true'), (3, '3: possibly true'), (4, '4: doubtful'), (5, '5: improbable'), (6, '6: truth cannot be judged')], default=6, verbose_name='information credibility')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('url', models.URLField(blank=True, max_length=2000, verbose_name='address')),
                ('original_name', models.CharField(blank=True, max_length=255, verbose_name='file name')),
                ('content_type', models.CharField(blank=True, max_length=120, verbose_name='type')),
                ('size', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='size in bytes')),
                ('sha256', models.CharField(blank=True, db_index=True, max_length=64, verbose_name='SHA-256')),
                ('object_name', models.CharField(blank=True, editable=False, max_length=80)),
                ('uploaded_at', models.DateTimeField(verbose_name='added')),
                ('is_example', models.BooleanField(default=False, verbose_name='made up for the demonstration')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to=settings.AUTH_USER_MODEL)),
                ('consent', models.TextField(blank=True, verbose_name='consent: what the person agreed to')),
                ('origin', models.CharField(blank=True, max_length=200, verbose_name='origin: who published it first')),
                ('safety', models.TextField(blank=True, verbose_name='safety: who could be in danger, and how')),
                ('hold_reason', models.CharField(blank=True, max_length=500, verbose_name='why it is on hold')),
                ('removal_approved_at', models.DateTimeField(blank=True, null=True, verbose_name='removal approved')),
                ('removal_approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='removal approved by')),
                ('removal_basis', models.CharField(blank=True, max_length=300, verbose_name='legal basis')),
                ('removal_on', models.DateField(blank=True, null=True, verbose_name='to be removed on')),
                ('removal_proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='removal proposed')),
                ('removal_proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='removal proposed by')),
                ('removal_reason', models.CharField(blank=True, max_length=500, verbose_name='why it is removed')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed')),
                ('retention', models.CharField(choices=[('active', 'Kept'), ('hold', 'On hold: must not be removed'), ('scheduled', 'Removal proposed'), ('tombstoned', 'Removed; its record is kept')], db_index=True, default='active', max_length=12, verbose_name='kept or removed')),
                ('content_mark', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('is_sealed', models.BooleanField(default=False, verbose_name='sealed')),
                ('sealed_to', models.JSONField(blank=True, default=list, verbose_name='sealed to')),
            ],
            options={
                'verbose_name': 'evidence item',
                'verbose_name_plural': 'evidence',
                'ordering': ['-uploaded_at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('form__in', ['file', 'link'])), name='evidence_form_valid'),
                    models.CheckConstraint(condition=models.Q(('sensitivity__in', ['public', 'internal', 'restricted'])), name='evidence_sensitivity_valid'),
                    models.UniqueConstraint(condition=models.Q(('object_name', ''), _negated=True), fields=('object_name',), name='evidence_object_once'),
                    models.CheckConstraint(condition=models.Q(('retention__in', ['active', 'hold', 'scheduled', 'tombstoned'])), name='evidence_retention_valid'),
                    models.CheckConstraint(condition=models.Q(('removal_approved_by', None), models.Q(('removal_approved_by', models.F('removal_proposed_by')), _negated=True), _connector='OR'), name='evidence_removal_four_eyes'),
                    models.CheckConstraint(condition=models.Q(models.Q(('hold_reason', ''), ('removed_at', None), ('retention', 'active'), ('removal_approved_at', None), ('removal_approved_by', None), ('removal_basis', ''), ('removal_on', None), ('removal_proposed_at', None), ('removal_proposed_by', None), ('removal_reason', '')), models.Q(('removed_at', None), ('retention', 'hold'), models.Q(('hold_reason', ''), _negated=True), ('removal_approved_at', None), ('removal_approved_by', None), ('removal_basis', ''), ('removal_on', None), ('removal_proposed_at', None), ('removal_proposed_by', None), ('removal_reason', '')), models.Q(('hold_reason', ''), ('removed_at', None), ('retention', 'scheduled'), models.Q(('removal_reason', ''), _negated=True), models.Q(('removal_basis', ''), _negated=True), ('removal_on__isnull', False), ('removal_proposed_at__isnull', False), ('removal_proposed_by__isnull', False)), models.Q(('hold_reason', ''), ('removed_at__isnull', False), ('retention', 'tombstoned'), models.Q(('removal_reason', ''), _negated=True), models.Q(('removal_basis', ''), _negated=True), ('removal_on__isnull', False), ('removal_proposed_at__isnull', False), ('removal_proposed_by__isnull', False), ('removal_approved_at__isnull', False), ('removal_approved_by__isnull', False)), _connector='OR'), name='evidence_retention_whole'),
                    models.CheckConstraint(condition=models.Q(models.Q(('form', 'link'), ('object_name', ''), ('sha256', ''), ('size', None), models.Q(models.Q(('url', ''), _negated=True), models.Q(('object_name', ''), ('original_name', ''), ('retention', 'tombstoned'), ('url', '')), _connector='OR')), models.Q(('form', 'file'), ('size__gt', 0), models.Q(('sha256', ''), _negated=True), models.Q(models.Q(('object_name', ''), _negated=True), models.Q(('object_name', ''), ('original_name', ''), ('retention', 'tombstoned'), ('url', '')), _connector='OR')), _connector='OR'), name='evidence_is_file_or_link'),
                    models.CheckConstraint(condition=models.Q(models.Q(('content_mark', ''), ('is_sealed', False)), models.Q(('form', 'file'), ('is_sealed', True), ('sensitivity', 'restricted'), models.Q(('content_mark', ''), _negated=True)), _connector='OR'), name='evidence_sealed_is_restricted_file', violation_error_message='What is sealed stays sealed: it cannot be opened to others.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('reminder', 'Reminder'), ('digest', 'Digest'), ('decision', 'Review decision'), ('sign_in', 'Notice about your sign-in'), ('access', 'Notice about a restricted item'), ('team', 'Notice about who reviews and manages')], max_length=12, verbose_name='kind')),
                ('period', models.CharField(blank=True, max_length=20, verbose_name='period')),
                ('from_seq', models.PositiveBigIntegerField(blank=True, null=True)),
                ('to_seq', models.PositiveBigIntegerField(blank=True, null=True)),
                ('to_address', models.EmailField(blank=True, max_length=254, verbose_name='sent to')),
                ('subject', models.CharField(max_length=250, verbose_name='subject')),
                ('tells_of_restricted', models.BooleanField(default=False)),
                ('message_id', models.CharField(max_length=120)),
                ('date_header', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Waiting to be sent'), ('sending', 'Being sent'), ('sent', 'Accepted by the mail server'), ('written', 'Written as a file, mailed to nobody'), ('failed', 'Failed'), ('unknown', 'Not known whether it was accepted'), ('suppressed', 'Not sent, on purpose'), ('expired', 'Too late to be useful, not sent')], default='pending', max_length=12, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('phase', models.CharField(blank=True, max_length=4)),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('ambiguous', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(verbose_name='queued since')),
                ('next_attempt_at', models.DateTimeField(verbose_name='next attempt')),
                ('not_after', models.DateTimeField(verbose_name='useful until')),
                ('claim_token', models.UUIDField(blank=True, null=True)),
                ('claimed_by', models.CharField(blank=True, max_length=100)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('last_code', models.CharField(blank=True, max_length=10)),
                ('last_error', models.CharField(blank=True, max_length=300, verbose_name="the server's words")),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to=settings.AUTH_USER_MODEL)),
                ('purged_at', models.DateTimeField(blank=True, null=True, verbose_name='words removed')),
                ('fixed_address', models.EmailField(blank=True, max_length=254, verbose_name='sent to this address alone')),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'mails',
                'ordering': ['-created_at', '-pk'],
                'indexes': [
                    models.Index(fields=['recipient', 'kind', '-to_seq'], name='mail_by_recipient'),
                    models.Index(condition=models.Q(('purged_at', None)), fields=['created_at'], name='mail_with_words'),
                    models.Index(condition=models.Q(('state', 'pending')), fields=['next_attempt_at', 'id'], name='mail_sendable'),
                    models.Index(condition=models.Q(('state', 'sending')), fields=['id'], name='mail_in_hand'),
                    models.Index(condition=models.Q(('state', 'failed')), fields=['id'], name='mail_failed'),
                    models.Index(condition=models.Q(('state', 'unknown')), fields=['id'], name='mail_unknown'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('claim_token__isnull', False), ('state', 'sending')), models.Q(models.Q(('state', 'sending'), _negated=True), ('claim_token', None)), _connector='OR'), name='mail_sending_is_claimed'),
                    models.UniqueConstraint(fields=('key',), name='mail_key_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['reminder', 'digest', 'decision', 'sign_in', 'access', 'team'])), name='mail_kind_valid'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sending', 'sent', 'written', 'failed', 'unknown', 'suppressed', 'expired'])), name='mail_state_valid'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'written']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='mail_sent_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MailAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=20)),
                ('code', models.CharField(blank=True, max_length=10)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('mail', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='recommendations.mail')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['mail', 'number'],
                'constraints': [
                    models.UniqueConstraint(fields=('mail', 'number'), name='mail_attempt_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country_code', models.CharField(max_length=2, verbose_name='country code')),
                ('country_name', models.CharField(max_length=100, verbose_name='country')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('heading', models.CharField(blank=True, max_length=250, verbose_name='heading in the source')),
                ('tier', models.CharField(blank=True, choices=[('1', 'Tier 1'), ('2', 'Tier 2'), ('2WL', 'Tier 2 Watch List'), ('3', 'Tier 3'), ('special', 'Special Case'), ('', 'Not stated')], default='', max_length=10, verbose_name='tier')),
                ('source_name', models.CharField(blank=True, max_length=255, verbose_name='file name')),
                ('source_url', models.URLField(blank=True, max_length=500, verbose_name='address of the source')),
                ('source_bytes', models.BinaryField(verbose_name='document as received')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='SHA-256 of the document')),
                ('text', models.TextField(verbose_name='full text')),
                ('complete', models.BooleanField(default=True, verbose_name='list of recommendations is whole')),
                ('warnings', models.JSONField(blank=True, default=list, verbose_name='warnings of the import')),
                ('period_start', models.DateField(verbose_name='covers from')),
                ('period_end', models.DateField(verbose_name='covers to')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('tracked_from', models.DateField(verbose_name='followed from')),
                ('imported_at', models.DateTimeField(verbose_name='imported')),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'ordering': ['-year', 'country_name'],
                'constraints': [
                    models.UniqueConstraint(fields=('country_code', 'year'), name='report_one_per_country_and_year'),
                    models.CheckConstraint(condition=models.Q(('period_end__gte', models.F('period_start'))), name='report_period_in_order'),
                    models.CheckConstraint(condition=models.Q(('tier__in', ['1', '2', '2WL', '3', 'special', ''])), name='report_tier_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('reference', models.CharField(max_length=40, unique=True, verbose_name='reference')),
                ('text', models.TextField(verbose_name='text')),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('short_title', models.CharField(max_length=120, verbose_name='short title')),
                ('pillar', models.CharField(blank=True, choices=[('prosecution', 'Prosecution'), ('protection', 'Protection'), ('prevention', 'Prevention'), ('partnership', 'Partnership'), ('state_practice', 'State practice')], max_length=20, verbose_name='pillar')),
                ('interval_days', models.PositiveSmallIntegerField(default=90, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(730)], verbose_name='review interval in days')),
                ('one_off_on', models.DateField(blank=True, null=True, verbose_name='one-off review date')),
                ('imported_on', models.DateField(verbose_name='imported on')),
                ('status', models.CharField(choices=[('not_assessed', 'Not yet assessed'), ('no_information', 'No reliable information'), ('contrary', 'Contrary action'), ('no_action', 'No action'), ('initial', 'Initial steps'), ('partly', 'Partly implemented'), ('implemented', 'Implemented')], default='not_assessed', editable=False, max_length=20, verbose_name='status')),
                ('confidence', models.CharField(blank=True, choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], editable=False, max_length=10, verbose_name='confidence')),
                ('direction', models.CharField(blank=True, choices=[('better', 'Better'), ('same', 'Same'), ('worse', 'Worse'), ('unknown', 'Unknown')], editable=False, max_length=10, verbose_name='direction')),
                ('last_verified_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last verified')),
                ('next_review_on', models.DateField(db_index=True, editable=False, verbose_name='next review')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputised', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='recommendations.report')),
                ('split', models.JSONField(blank=True, default=dict, editable=False, verbose_name='asks by status')),
                ('further_dates', models.JSONField(blank=True, default=list, editable=False, verbose_name='further review dates')),
            ],
            options={
                'verbose_name': 'recommendation',
                'verbose_name_plural': 'recommendations',
                'ordering': ['report', 'position'],
                'indexes': [
                    models.Index(fields=['owner', 'next_review_on'], name='recommendation_owner_due'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('report', 'position'), name='recommendation_position_unique'),
                    models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='recommendation_offsets_in_order'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['not_assessed', 'no_information', 'contrary', 'no_action', 'initial', 'partly', 'implemented'])), name='recommendation_status_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Lineage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('same', 'Same'), ('reworded', 'Reworded'), ('widened', 'Widened'), ('narrowed', 'Narrowed'), ('split', 'Split'), ('merged', 'Merged'), ('new', 'New'), ('dropped', 'Dropped'), ('not_known', 'Not known')], max_length=12, verbose_name='relation')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('earlier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='descendants', to='recommendations.recommendation')),
                ('later', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ancestors', to='recommendations.recommendation')),
            ],
            options={
                'verbose_name': 'lineage',
                'verbose_name_plural': 'lineages',
                'constraints': [
                    models.UniqueConstraint(fields=('earlier', 'later'), name='lineage_pair_unique'),
                    models.CheckConstraint(condition=models.Q(('earlier', None), ('later', None), _negated=True), name='lineage_has_an_end'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['same', 'reworded', 'widened', 'narrowed', 'split', 'merged', 'new', 'dropped', 'not_known'])), name='lineage_kind_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='recommendations.recommendation')),
                ('confidence', models.CharField(blank=True, choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], editable=False, max_length=10, verbose_name='confidence')),
                ('created_at', models.DateTimeField(verbose_name='split off')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='split off by')),
                ('direction', models.CharField(blank=True, choices=[('better', 'Better'), ('same', 'Same'), ('worse', 'Worse'), ('unknown', 'Unknown')], editable=False, max_length=10, verbose_name='direction')),
                ('last_verified_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last verified')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='retired')),
                ('status', models.CharField(choices=[('not_assessed', 'Not yet assessed'), ('no_information', 'No reliable information'), ('contrary', 'Contrary action'), ('no_action', 'No action'), ('initial', 'Initial steps'), ('partly', 'Partly implemented'), ('implemented', 'Implemented')], default='not_assessed', editable=False, max_length=20, verbose_name='status')),
            ],
            options={
                'verbose_name': 'ask',
                'verbose_name_plural': 'asks',
                'ordering': ['recommendation', 'position'],
                'constraints': [
                    models.UniqueConstraint(fields=('recommendation', 'position'), name='ask_position_unique'),
                    models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='ask_offsets_in_order'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['not_assessed', 'no_information', 'contrary', 'no_action', 'initial', 'partly', 'implemented'])), name='ask_status_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assessment', 'Assessment'), ('recommendations', 'Prioritized recommendations'), ('prosecution', 'Prosecution'), ('protection', 'Protection'), ('prevention', 'Prevention'), ('profile', 'Trafficking profile'), ('government_efforts', 'Government efforts')], max_length=20, verbose_name='section')),
                ('heading', models.CharField(blank=True, max_length=250, verbose_name='heading in the source')),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='recommendations.report')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
                'ordering': ['report', 'start'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='section_offsets_in_order'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StagedUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('form_key', models.UUIDField(db_index=True)),
                ('original_name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('object_name', models.CharField(max_length=80, unique=True)),
                ('received_at', models.DateTimeField()),
                ('details', models.JSONField(blank=True, default=dict)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('content_mark', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('is_sealed', models.BooleanField(default=False, verbose_name='sealed')),
                ('sealed_to', models.JSONField(blank=True, default=list, verbose_name='sealed to')),
            ],
            options={
                'verbose_name': 'staged upload',
                'verbose_name_plural': 'staged uploads',
                'ordering': ['received_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StatusUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('assessment', 'Assessment'), ('check', 'Check')], default='assessment', max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for review'), ('returned', 'Returned'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12, verbose_name='state')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('status', models.CharField(blank=True, choices=[('not_assessed', 'Not yet assessed'), ('no_information', 'No reliable information'), ('contrary', 'Contrary action'), ('no_action', 'No action'), ('initial', 'Initial steps'), ('partly', 'Partly implemented'), ('implemented', 'Implemented')], max_length=20, verbose_name='status')),
                ('confidence', models.CharField(blank=True, choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=10, verbose_name='confidence')),
                ('direction', models.CharField(blank=True, choices=[('better', 'Better'), ('same', 'Same'), ('worse', 'Worse'), ('unknown', 'Unknown')], max_length=10, verbose_name='direction')),
                ('reason', models.TextField(blank=True, verbose_name='reason under the criterion')),
                ('government_claim', models.TextField(blank=True, verbose_name='what the government claims')),
                ('public_text', models.TextField(blank=True, verbose_name='public text')),
                ('internal_note', models.TextField(blank=True, verbose_name='internal note')),
                ('sensitivity', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal'), ('restricted', 'Restricted')], default='internal', max_length=12, verbose_name='sensitivity')),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='returned')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('is_example', models.BooleanField(default=False, verbose_name='made up for the demonstration')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ask', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='recommendations.ask')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='recommendations.statusupdate')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='recommendations.recommendation')),
                ('claimed_status', models.CharField(blank=True, choices=[('not_assessed', 'Not yet assessed'), ('no_information', 'No reliable information'), ('contrary', 'Contrary action'), ('no_action', 'No action'), ('initial', 'Initial steps'), ('partly', 'Partly implemented'), ('implemented', 'Implemented')], max_length=20, verbose_name='what the claim amounts to')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='taken in review')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='in review by')),
            ],
            options={
                'verbose_name': 'update',
                'verbose_name_plural': 'updates',
                'ordering': ['-as_of', '-pk'],
                'indexes': [
                    models.Index(fields=['recommendation', 'state', '-as_of'], name='update_history'),
                    models.Index(fields=['state', 'submitted_at'], name='update_queue'),
                    models.Index(fields=['author', 'state'], name='update_by_author'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['assessment', 'check'])), name='update_kind_valid'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'approved', 'withdrawn'])), name='update_state_valid'),
                    models.CheckConstraint(condition=models.Q(('sensitivity__in', ['public', 'internal', 'restricted'])), name='update_sensitivity_valid'),
                    models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='update_four_eyes'),
                    models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_at', None), ('approved_by', None)), _connector='OR'), name='update_approved_has_who_and_when'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'check'), ('status', '')), models.Q(('kind', 'assessment'), ('state__in', ['draft', 'returned', 'withdrawn'])), models.Q(('kind', 'assessment'), models.Q(('status__in', ['', 'not_assessed']), _negated=True)), _connector='OR'), name='update_status_fits_kind'),
                    models.CheckConstraint(condition=models.Q(models.Q(('taken_at', None), ('taken_by', None)), models.Q(('state', 'submitted'), ('taken_at__isnull', False), ('taken_by__isnull', False), models.Q(('taken_by', models.F('author')), _negated=True)), _connector='OR'), name='update_taken_while_it_waits'),
                    models.CheckConstraint(condition=models.Q(('claimed_status__in', ['', 'no_action', 'initial', 'partly', 'implemented'])), name='update_claim_valid'),
                    models.UniqueConstraint(condition=models.Q(('state', 'approved'), models.Q(('sensitivity', 'restricted'), _negated=True)), fields=('corrects',), name='update_corrected_once'),
                    models.UniqueConstraint(condition=models.Q(('sensitivity', 'restricted'), ('state', 'approved')), fields=('corrects',), name='update_corrected_once_restricted'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PlaceLooked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('place', models.CharField(max_length=300, verbose_name='where you looked')),
                ('looked_on', models.DateField(verbose_name='on')),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='recommendations.statusupdate')),
            ],
            options={
                'verbose_name': 'place looked at',
                'verbose_name_plural': 'places looked at',
                'ordering': ['update', 'position'],
                'constraints': [
                    models.UniqueConstraint(fields=('update', 'position'), name='place_position_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Advocacy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('meeting', 'Meeting'), ('letter', 'Letter'), ('submission', 'Submission'), ('statement', 'Statement')], max_length=12, verbose_name='what it was')),
                ('held_on', models.DateField(verbose_name='on')),
                ('counterpart', models.CharField(max_length=200, verbose_name='with whom')),
                ('subject', models.CharField(max_length=200, verbose_name='about what')),
                ('result', models.TextField(blank=True, verbose_name='what came of it')),
                ('next_step', models.CharField(blank=True, max_length=200, verbose_name='next step')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='next step by')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='next step done')),
                ('sensitivity', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal'), ('restricted', 'Restricted')], default='internal', max_length=12, verbose_name='sensitivity')),
                ('created_at', models.DateTimeField(verbose_name='logged')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advocacy', to=settings.AUTH_USER_MODEL)),
                ('next_owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next_steps', to=settings.AUTH_USER_MODEL, verbose_name='who takes the next step')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who else may read it')),
                ('recommendations', models.ManyToManyField(blank=True, related_name='advocacy', to='recommendations.recommendation', verbose_name='recommendations')),
            ],
            options={
                'verbose_name': 'advocacy entry',
                'verbose_name_plural': 'advocacy log',
                'ordering': ['-held_on', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['meeting', 'letter', 'submission', 'statement'])), name='advocacy_kind_valid'),
                    models.CheckConstraint(condition=models.Q(('sensitivity__in', ['public', 'internal', 'restricted'])), name='advocacy_sensitivity_valid'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('next_on', None), ('next_owner', None), ('next_step', '')), models.Q(models.Q(('next_step', ''), _negated=True), ('next_on__isnull', False), ('next_owner__isnull', False)), _connector='OR'), name='advocacy_step_is_whole'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MailItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_key', models.CharField(max_length=200)),
                ('since', models.DateField(null=True)),
                ('superseded', models.BooleanField(default=False)),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='recommendations.mail')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recommendation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.recommendation')),
                ('update', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recommendations.statusupdate')),
                ('advocacy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recommendations.advocacy')),
            ],
            options={
                'verbose_name': 'mail item',
                'verbose_name_plural': 'mail items',
                'constraints': [
                    models.UniqueConstraint(fields=('recipient', 'item_key'), name='mail_item_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('granted_at', models.DateTimeField(verbose_name='granted')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='recommendations.evidence')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL)),
                ('update', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='recommendations.statusupdate')),
            ],
            options={
                'verbose_name': 'grant',
                'verbose_name_plural': 'grants',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('evidence', None), ('update__isnull', False)), models.Q(('evidence__isnull', False), ('update', None)), _connector='OR'), name='grant_on_one_item'),
                    models.UniqueConstraint(condition=models.Q(('update', None)), fields=('person', 'evidence'), name='grant_evidence_once'),
                    models.UniqueConstraint(condition=models.Q(('evidence', None)), fields=('person', 'update'), name='grant_update_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('imported', 'Report imported'), ('approved', 'Update approved'), ('returned', 'Update returned'), ('taken', 'Taken in review'), ('given_back', 'Given back to the queue'), ('status_changed', 'Status changed'), ('evidence_added', 'Evidence added'), ('evidence_changed', 'Evidence changed'), ('granted', 'Access granted'), ('revoked', 'Access taken back'), ('viewed', 'Restricted item opened'), ('downloaded', 'Evidence downloaded'), ('capture_asked', 'Copy of the page asked for'), ('captured', 'Copy of the page kept'), ('capture_failed', 'Copy of the page could not be kept'), ('graded', 'Grading changed'), ('exported', 'Taken out'), ('held', 'Put on hold: not to be removed'), ('hold_lifted', 'Hold lifted'), ('removal_proposed', 'Removal proposed'), ('removal_approved', 'Removal approved by a second person'), ('removal_withdrawn', 'Removal called off'), ('removed', 'Removed; its record is kept'), ('redacted', 'Words taken out of the record'), ('assigned', 'Owner or deputy changed'), ('rescheduled', 'Review date changed'), ('retitled', 'Short title or pillar changed'), ('split', 'Ask added'), ('ask_renamed', 'Ask renamed'), ('ask_retired', 'Ask retired'), ('ask_moved', 'Status of an ask changed'), ('edition', 'Edition frozen'), ('archived', 'Report closed'), ('reopened', 'Report followed again'), ('import_taken_back', 'Import of a report taken back'), ('role_changed', 'Roles changed'), ('sign_in_changed', 'Password or address set by a manager'), ('confirmed', 'Account confirmed by a second manager'), ('renamed', 'Name changed'), ('keys_changed', 'Keys of evidence changed'), ('key_tried', 'Recovery key tried'), ('damage_found', 'Found damaged'), ('backed_up', 'Backup made'), ('restored', 'Restored from a backup'), ('advocacy_logged', 'Advocacy logged or changed'), ('moment_kept', 'Calendar of moments changed'), ('mail_steered', 'Mail sent again or marked as delivered by a manager')], max_length=20, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('payload', models.JSONField(default=dict)),
                ('salt', models.CharField(blank=True, max_length=32)),
                ('digest', models.CharField(max_length=64)),
                ('redacted_at', models.DateTimeField(blank=True, null=True)),
                ('previous_hash', models.CharField(max_length=64, unique=True)),
                ('hash', models.CharField(max_length=64)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='recommendations.evidence')),
                ('recommendation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='recommendations.recommendation')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='recommendations.report')),
                ('update', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='recommendations.statusupdate')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'ordering': ['-seq'],
                'indexes': [
                    models.Index(fields=['recommendation', '-seq'], name='event_by_recommendation'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['imported', 'approved', 'returned', 'taken', 'given_back', 'status_changed', 'evidence_added', 'evidence_changed', 'granted', 'revoked', 'viewed', 'downloaded', 'capture_asked', 'captured', 'capture_failed', 'graded', 'exported', 'held', 'hold_lifted', 'removal_proposed', 'removal_approved', 'removal_withdrawn', 'removed', 'redacted', 'assigned', 'rescheduled', 'retitled', 'split', 'ask_renamed', 'ask_retired', 'ask_moved', 'edition', 'archived', 'reopened', 'import_taken_back', 'role_changed', 'sign_in_changed', 'confirmed', 'renamed', 'keys_changed', 'key_tried', 'damage_found', 'backed_up', 'restored', 'advocacy_logged', 'moment_kept', 'mail_steered'])), name='event_kind_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stance', models.CharField(choices=[('supports', 'Supports'), ('contradicts', 'Contradicts')], default='supports', max_length=12, verbose_name='stance')),
                ('locator', models.CharField(blank=True, max_length=200, verbose_name='where in it (page, time, passage)')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='recommendations.evidence')),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='recommendations.statusupdate')),
            ],
            options={
                'verbose_name': 'citation',
                'verbose_name_plural': 'citations',
                'ordering': ['update', 'pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('update', 'evidence', 'locator'), name='citation_once'),
                    models.CheckConstraint(condition=models.Q(('stance__in', ['supports', 'contradicts'])), name='citation_stance_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='UnsubscribeToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('reminder', 'Reminder'), ('digest', 'Digest'), ('decision', 'Review decision'), ('sign_in', 'Notice about your sign-in'), ('access', 'Notice about a restricted item'), ('team', 'Notice about who reviews and manages')], max_length=12)),
                ('created_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'unsubscribe token',
                'verbose_name_plural': 'unsubscribe tokens',
            },
        ),
        migrations.CreateModel(
            name='UpdateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('content', models.JSONField()),
                ('submitted_at', models.DateTimeField()),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='recommendations.statusupdate')),
            ],
            options={
                'verbose_name': 'submitted version',
                'verbose_name_plural': 'submitted versions',
                'ordering': ['update', 'number'],
                'constraints': [
                    models.UniqueConstraint(fields=('update', 'number'), name='version_number_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('approve', 'Approve'), ('return', 'Return')], max_length=10, verbose_name='decision')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('decided_at', models.DateTimeField(verbose_name='decided')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to=settings.AUTH_USER_MODEL)),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recommendations.statusupdate')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='recommendations.updateversion')),
                ('remarks', models.JSONField(blank=True, default=dict, verbose_name='comments on fields')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ['update', 'decided_at'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('decision__in', ['approve', 'return'])), name='review_decision_valid'),
                    models.CheckConstraint(condition=models.Q(('decision', 'approve'), models.Q(('comment', ''), _negated=True), models.Q(('remarks', {}), _negated=True), _connector='OR'), name='review_return_says_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Damage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_name', models.CharField(max_length=80, unique=True)),
                ('problem', models.CharField(max_length=300, verbose_name='what is wrong')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='damages', to='recommendations.evidence')),
            ],
            options={
                'verbose_name': 'damaged file',
                'verbose_name_plural': 'damaged files',
                'ordering': ['found_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Derived',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('copy', 'Copy without metadata'), ('preview', 'Preview'), ('metadata', 'Metadata')], max_length=12, verbose_name='kind')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='number')),
                ('content_type', models.CharField(max_length=120, verbose_name='type')),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('object_name', models.CharField(editable=False, max_length=80, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('derived_from', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='derived', to='recommendations.evidence')),
            ],
            options={
                'verbose_name': 'derived copy',
                'verbose_name_plural': 'derived copies',
                'ordering': ['derived_from', 'kind', 'number'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['copy', 'preview', 'metadata'])), name='derived_kind_valid'),
                    models.UniqueConstraint(fields=('derived_from', 'kind', 'number'), name='derived_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Examination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('virus', 'Scan for viruses'), ('pictures', 'Preview'), ('words', 'Words for the search')], max_length=12, verbose_name='purpose')),
                ('state', models.CharField(choices=[('running', 'Under way'), ('done', 'Done'), ('failed', 'Could not be done')], default='running', max_length=12, verbose_name='state')),
                ('finding', models.CharField(blank=True, choices=[('', 'nothing to tell'), ('infected', 'it holds malware'), ('unreachable', 'the virus scanner cannot be reached'), ('not_scanned', 'the virus scanner refused it, for example because of its size'), ('too_large', 'it is too large to be opened safely'), ('too_much', 'opening it took more time or memory than any honest file needs'), ('broken', 'the file is broken, or of a kind that cannot be opened here'), ('locked', 'it is protected with a password'), ('empty', 'there is nothing in it to show'), ('damaged', 'the kept file cannot be read; tell your manager'), ('crashed', 'the tracker was stopped over it three times')], default='', max_length=16, verbose_name='finding')),
                ('detail', models.CharField(blank=True, max_length=200, verbose_name='detail')),
                ('attempts', models.PositiveSmallIntegerField(default=1, verbose_name='attempts')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due again')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='examinations', to='recommendations.evidence')),
            ],
            options={
                'verbose_name': 'examination',
                'verbose_name_plural': 'examinations',
                'ordering': ['-pk'],
                'indexes': [
                    models.Index(fields=['purpose', 'due_at'], name='examination_due'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['running', 'done', 'failed'])), name='examination_state_valid'),
                    models.CheckConstraint(condition=models.Q(('finding__in', ['', 'infected', 'unreachable', 'not_scanned', 'too_large', 'too_much', 'broken', 'locked', 'empty', 'damaged', 'crashed'])), name='examination_finding_valid'),
                    models.UniqueConstraint(fields=('evidence', 'purpose'), name='examination_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('due_at__isnull', False), _connector='OR'), name='examination_running_ends'),
                    models.CheckConstraint(condition=models.Q(('purpose__in', ['virus', 'pictures', 'words'])), name='examination_purpose_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('listed', models.CharField(choices=[('recommendations', 'Recommendations'), ('updates', 'Updates'), ('evidence', 'Evidence')], max_length=20, verbose_name='list')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('query', models.CharField(max_length=1000, verbose_name='filters, as in the address')),
                ('is_shared', models.BooleanField(default=False, verbose_name='shared with the team')),
                ('created_at', models.DateTimeField(verbose_name='saved')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved filter',
                'verbose_name_plural': 'saved filters',
                'ordering': ['name', 'pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('owner', 'listed', 'name'), name='saved_filter_name_once'),
                    models.CheckConstraint(condition=models.Q(('listed__in', ['recommendations', 'updates', 'evidence'])), name='saved_filter_list_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('as_of', models.DateField(verbose_name='as it stood on')),
                ('known_until', models.DateTimeField(verbose_name='what was approved before')),
                ('content', models.JSONField(verbose_name='content')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the content')),
                ('frozen_at', models.DateTimeField(verbose_name='frozen')),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='frozen by')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='recommendations.report')),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
                'ordering': ['report', '-number'],
                'constraints': [
                    models.UniqueConstraint(fields=('report', 'number'), name='edition_number_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.PositiveSmallIntegerField(verbose_name='page')),
                ('part', models.PositiveSmallIntegerField(verbose_name='part')),
                ('text', models.TextField(verbose_name='text')),
                ('tokens', recommendations.models.passages.TokensField(editable=False)),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='recommendations.evidence')),
            ],
            options={
                'verbose_name': 'passage',
                'verbose_name_plural': 'passages',
                'ordering': ['evidence', 'page', 'part'],
                'constraints': [
                    models.UniqueConstraint(fields=('evidence', 'page', 'part'), name='passage_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Moment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('tip_release', 'Release of the TIP Report'), ('tip_input', 'Input window of the TIP Office'), ('upr', 'Universal Periodic Review'), ('hrc', 'Human Rights Council session'), ('unga', 'UN General Assembly, Third Committee'), ('other', 'Another date')], max_length=12, verbose_name='kind')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('on', models.DateField(verbose_name='date')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('kept_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'advocacy moment',
                'verbose_name_plural': 'advocacy moments',
                'ordering': ['on', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['tip_release', 'tip_input', 'upr', 'hrc', 'unga', 'other'])), name='moment_kind_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField(verbose_name='checked')),
                ('outcome', models.CharField(choices=[('answers', 'The page is there'), ('trouble', 'The site answers with an error'), ('gone', 'The page is gone'), ('unreachable', 'The site does not answer'), ('refused', 'Not asked: the address does not lead to the public web')], max_length=12, verbose_name='outcome')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='status')),
                ('final_url', models.TextField(blank=True, verbose_name='final address')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('detail', models.CharField(blank=True, max_length=200, verbose_name='detail')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='link_checks', to='recommendations.evidence')),
            ],
            options={
                'verbose_name': 'link check',
                'verbose_name_plural': 'link checks',
                'ordering': ['-checked_at', '-pk'],
                'indexes': [
                    models.Index(fields=['evidence', '-checked_at'], name='link_check_latest'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('outcome__in', ['answers', 'trouble', 'gone', 'unreachable', 'refused'])), name='link_check_outcome_valid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Capture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('asked_at', models.DateTimeField(verbose_name='asked for')),
                ('was_restricted', models.BooleanField(verbose_name='restricted when it was asked for')),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('running', 'Under way'), ('kept', 'Kept'), ('failed', 'Could not be kept')], default='asked', max_length=12, verbose_name='state')),
                ('finding', models.CharField(blank=True, choices=[('', 'nothing to tell'), ('refused', 'The address, or where it leads, is not on the public web. Check the address in your browser.'), ('no_answer', 'The site could not be reached, or did not send the whole page within 10 seconds. Check the address in your browser, ask again later, or look for a copy in the Wayback Machine.'), ('too_large', 'It is larger than 20 MB, and half a page is not kept. Download it and add it as a file.'), ('storage', 'The tracker could not store it: the disk is full, or the key is missing. Tell your manager.'), ('changed', 'Who may see this item was changed after the copy was asked for, so nothing was fetched. Ask again.'), ('lapsed', 'Nothing fetched it within a day. Tell your manager that the jobs may not run, and ask again.'), ('crashed', 'The tracker was stopped over it three times. Tell your manager.')], default='', max_length=12, verbose_name='why not')),
                ('detail', models.CharField(blank=True, max_length=200, verbose_name='detail')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                ('received_at', models.DateTimeField(blank=True, null=True, verbose_name='received')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='status')),
                ('final_url', models.TextField(blank=True, verbose_name='final address')),
                ('size', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='size in bytes')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('object_name', models.CharField(blank=True, editable=False, max_length=80)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='captures', to='recommendations.evidence')),
            ],
            options={
                'verbose_name': 'copy of a page',
                'verbose_name_plural': 'copies of pages',
                'ordering': ['-asked_at', '-pk'],
                'indexes': [
                    models.Index(fields=['asked_by', 'asked_at'], name='capture_by_person'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'running', 'kept', 'failed'])), name='capture_state_valid'),
                    models.CheckConstraint(condition=models.Q(('finding__in', ['', 'refused', 'no_answer', 'too_large', 'storage', 'changed', 'lapsed', 'crashed'])), name='capture_finding_valid'),
                    models.UniqueConstraint(fields=('evidence', 'number'), name='capture_number_once'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'running'))), fields=('evidence',), name='capture_one_at_a_time'),
                    models.UniqueConstraint(condition=models.Q(('object_name', ''), _negated=True), fields=('object_name',), name='capture_object_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('asked', 'running')), ('due_at__isnull', False)), models.Q(models.Q(('state__in', ('asked', 'running')), _negated=True), ('due_at', None)), _connector='OR'), name='capture_open_is_due'),
                    models.CheckConstraint(condition=models.Q(models.Q(('received_at__isnull', False), ('size__gt', 0), ('state', 'kept'), ('status__isnull', False), models.Q(('sha256', ''), _negated=True), models.Q(('object_name', ''), _negated=True)), models.Q(models.Q(('state', 'kept'), _negated=True), ('object_name', ''), ('sha256', ''), ('size', None)), _connector='OR'), name='capture_kept_is_whole'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MailWords',
            fields=[
                ('mail', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='recommendations.mail')),
                ('text', models.TextField(verbose_name='text')),
                ('html', models.TextField(blank=True, verbose_name='HTML')),
                ('shared_text', models.TextField(blank=True)),
                ('shared_html', models.TextField(blank=True)),
                ('headers', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'verbose_name': 'words of a mail',
                'verbose_name_plural': 'words of mails',
            },
        ),
        migrations.CreateModel(
            name='AccountChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('added', 'Added'), ('password', 'One-time password given'), ('address', 'Address changed'), ('raised', 'Role raised'), ('lowered', 'Role lowered'), ('ended', 'Access ended'), ('back', 'Let in again'), ('confirmed', 'Confirmed by a second manager')], max_length=12, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('was_alone', models.BooleanField(default=False, verbose_name='no second manager then')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('confirmed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='account_changes', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'change of an account',
                'verbose_name_plural': 'changes of accounts',
                'ordering': ['-at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('act__in', ['added', 'password', 'address', 'raised', 'lowered', 'ended', 'back', 'confirmed'])), name='account_change_act_valid'),
                    models.CheckConstraint(condition=models.Q(('person', models.F('by')), _negated=True), name='account_change_by_another'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_by', models.F('by')), _negated=True), models.Q(('confirmed_by', models.F('person')), _negated=True)), _connector='OR'), name='account_change_second_manager'),
                ],
            },
        ),
        migrations.AddField(
            model_name='recommendation',
            name='current_update',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.statusupdate'),
        ),
        migrations.AddField(
            model_name='ask',
            name='current_update',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.statusupdate'),
        ),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(make_index, drop_index),
    ]
