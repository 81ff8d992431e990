import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import proposals.models.documents
from django.conf import settings
from django.db import migrations, models

from screening.new_tables import TablesTogether


class Migration(migrations.Migration):

    # For a new database: the same tables in a tenth of the time. One that is there goes the single steps.
    replaces = [('checklist', '0001_initial'), ('checklist', '0002_keep_terms_of_submitted'), ('checklist', '0003_find_assignments_by_state'), ('checklist', '0004_studio_and_library'), ('checklist', '0005_proposal_digest'), ('checklist', '0006_panel_rounds'), ('checklist', '0007_reports_and_offline'), ('checklist', '0008_name_the_profile')]

    initial = True

    dependencies = [
        ('proposals', '0001_squashed_0002_phases_and_practice'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [TablesTogether([
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('number', models.CharField(max_length=20)),
                ('position', models.PositiveSmallIntegerField()),
                ('short_title', models.CharField(max_length=120)),
                ('wording', models.TextField()),
                ('guidance', models.TextField(blank=True)),
                ('look_for', models.TextField(blank=True)),
                ('warning_signs', models.TextField(blank=True)),
                ('kind', models.CharField(max_length=30)),
                ('polarity', models.CharField(choices=[('yes_is_good', 'Yes is favourable'), ('yes_is_bad', 'Yes is adverse')], default='yes_is_good', max_length=15)),
                ('weight', models.DecimalField(decimal_places=2, default=1, max_digits=6, validators=[django.core.validators.MinValueValidator(0)])),
                ('reason_rule', models.CharField(max_length=40)),
                ('critical_rule', models.CharField(choices=[('none', 'None'), ('explain', 'Needs an explanation to go on'), ('block', 'Blocks a recommendation unless overridden in writing')], default='none', max_length=10)),
                ('critical_condition', models.CharField(choices=[('always', 'Always'), ('full_proposal_stage', 'For full proposals'), ('direct_contact_with_victims', 'Where the project has direct contact with victims')], default='always', max_length=40)),
                ('about_harm', models.BooleanField(default=False, verbose_name='about harm to people')),
                ('critical_scope', models.CharField(blank=True, max_length=40)),
                ('combining', models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('position', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('is_default', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Tension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('source', models.TextField(blank=True, verbose_name='source')),
            ],
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('assigned', 'Waiting for the declaration'), ('declared', 'Declared, may assess'), ('conflicted', 'Conflict of interest'), ('declined', 'Declined'), ('abstained', 'Abstained'), ('withdrawn', 'Taken back')], default='assigned', max_length=12, verbose_name='state')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('assigned_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('declaration', models.TextField(blank=True, verbose_name='declaration')),
                ('declared_at', models.DateTimeField(null=True)),
                ('closing_reason', models.TextField(blank=True, verbose_name='reason for declining or taking back')),
                ('closed_at', models.DateTimeField(null=True)),
                ('assigned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='proposals.proposal')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['reviewer', 'state', 'due_on'], name='assignment_queue'), models.Index(fields=['state', 'proposal'], name='assignment_state')],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'reviewer'), name='assignment_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'conflicted'), _negated=True), models.Q(('declared_at__isnull', False), models.Q(('declaration', ''), _negated=True)), models.Q(('closing_reason', ''), _negated=True), _connector='OR'), name='assignment_conflict_is_declared'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declared'), _negated=True), ('declared_at__isnull', False), _connector='OR'), name='assignment_declared_has_date'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('closing_reason', ''), _negated=True), _connector='OR'), name='assignment_decline_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'abstained'), _negated=True), models.Q(('closing_reason', ''), _negated=True), _connector='OR'), name='assignment_abstention_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('individual', 'Individual'), ('consensus', 'Consensus'), ('reference', 'Reference for practice')], default='individual', max_length=12)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted')], default='draft', max_length=10)),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language of the form')),
                ('conclusion', models.CharField(blank=True, choices=[('recommend', 'Recommend'), ('recommend_with_changes', 'Recommend with changes'), ('do_not_recommend', 'Do not recommend')], max_length=25, verbose_name='overall view')),
                ('conclusion_reason', models.TextField(blank=True, verbose_name='reasons')),
                ('override_reason', models.TextField(blank=True, verbose_name='why recommend all the same')),
                ('conclusion_revision', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('submission_number', models.PositiveSmallIntegerField(default=0)),
                ('reopen_reason', models.TextField(blank=True)),
                ('terms', models.JSONField(null=True)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='proposals.proposal')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessment', to='checklist.assignment')),
                ('last_criterion', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.criterion')),
            ],
        ),
        migrations.CreateModel(
            name='AssignmentPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.PositiveIntegerField()),
                ('per_proposal', models.PositiveSmallIntegerField(verbose_name='reviewers per proposal')),
                ('maximum_load', models.PositiveSmallIntegerField(verbose_name='most proposals per reviewer')),
                ('state', models.CharField(choices=[('draft', 'Not applied'), ('applied', 'Applied'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('problems', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('applied_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plans', to='proposals.fundinground')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', False), _connector='OR'), name='plan_applied_has_date')],
            },
        ),
        migrations.CreateModel(
            name='ColumnChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('shape', models.CharField(max_length=10)),
                ('columns', models.JSONField(default=list)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='column_choices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'shape', 'name'), name='column_choice_once')],
            },
        ),
        migrations.CreateModel(
            name='ConsensusChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('individual', models.JSONField(default=dict)),
                ('reason', models.TextField(verbose_name='why')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consensus_changes', to='checklist.assessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.criterion')),
            ],
            options={
                'indexes': [models.Index(fields=['assessment', 'criterion', 'id'], name='consensus_change')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('fund', 'Fund'), ('fund_with_conditions', 'Fund with conditions'), ('reserve', 'Reserve list'), ('decline', 'Decline')], max_length=20, verbose_name='decision')),
                ('reserve_order', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='place on the reserve list')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, verbose_name='amount granted')),
                ('conditions', models.TextField(blank=True, verbose_name='conditions')),
                ('reasons', models.TextField(verbose_name='reasons')),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('applied', 'Applied'), ('replaced', 'Replaced by a later decision'), ('withdrawn', 'Taken back before it was applied')], default='pending', max_length=10)),
                ('snapshot', models.JSONField(default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('applied_at', models.DateTimeField(null=True)),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='proposals.proposal')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='checklist.decision')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('proposal',), name='one_pending_decision'), models.UniqueConstraint(condition=models.Q(('state', 'applied')), fields=('proposal',), name='one_applied_decision'), models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='decision_has_reasons'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'fund_with_conditions'), _negated=True), models.Q(('conditions', ''), _negated=True), _connector='OR'), name='decision_names_conditions'), models.CheckConstraint(condition=models.Q(('outcome', 'reserve'), ('reserve_order__isnull', True), _connector='OR'), name='decision_order_only_on_reserve'), models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', True), ('state__in', ['pending', 'withdrawn'])), models.Q(('applied_at__isnull', False), ('state__in', ['applied', 'replaced'])), _connector='OR'), name='decision_applied_has_date')],
            },
        ),
        migrations.CreateModel(
            name='DiscussionEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='what you want to say')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.criterion')),
                ('mentions', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='discussion', to='proposals.proposal')),
            ],
            options={
                'indexes': [models.Index(fields=['proposal', 'id'], name='discussion_proposal')],
            },
        ),
        migrations.AddField(
            model_name='criterion',
            name='domain',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='checklist.domain'),
        ),
        migrations.CreateModel(
            name='EligibilityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('wording', models.CharField(max_length=300, verbose_name='condition')),
                ('guidance', models.TextField(blank=True, verbose_name='how to check it')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='eligibility_checks', to='proposals.fundinground')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'wording'), name='eligibility_check_once')],
            },
        ),
        migrations.CreateModel(
            name='EligibilityResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('passed', 'Passed'), ('failed', 'Failed')], max_length=10)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('check_made', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='checklist.eligibilitycheck')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='eligibility_results', to='proposals.proposal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('check_made', 'proposal'), name='eligibility_result_once'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'failed'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='eligibility_failure_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='CrossWalk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_key', models.CharField(max_length=20)),
                ('to_key', models.CharField(max_length=20)),
                ('strength', models.CharField(choices=[('main', 'Main evidence'), ('supporting', 'Supporting')], max_length=12)),
                ('from_instrument', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bears_on', to='checklist.instrument')),
                ('to_instrument', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='borne_by', to='checklist.instrument')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('from_instrument', 'from_key', 'to_instrument', 'to_key'), name='cross_walk_once')],
            },
        ),
        migrations.CreateModel(
            name='InstrumentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('retired', 'Retired')], default='draft', max_length=10)),
                ('result_kind', models.CharField(choices=[('share', 'Share of favourable answers'), ('profile', 'Profile, item by item'), ('flags', 'List of flags'), ('coverage', 'What is covered')], max_length=10, verbose_name='kind of result')),
                ('applies_to', models.CharField(choices=[('all', 'All proposals'), ('prevention', 'Prevention proposals only')], default='all', max_length=12, verbose_name='which proposals')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('short_title', models.CharField(max_length=60, verbose_name='short title')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language of the original')),
                ('introduction', models.TextField(blank=True, verbose_name='introduction')),
                ('source', models.TextField(verbose_name='source')),
                ('interpretation_note', models.TextField(blank=True, verbose_name='what is our interpretation')),
                ('change_note', models.TextField(blank=True, verbose_name='what changed')),
                ('content_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('published_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='checklist.instrumentversion')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='checklist.instrument')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('instrument', 'number'), name='version_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('state', 'draft')), models.Q(('published_at__isnull', False), ('state__in', ['published', 'retired'])), _connector='OR'), name='version_published_has_date')],
            },
        ),
        migrations.CreateModel(
            name='DraftEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('text', 'Changed'), ('add', 'Added'), ('remove', 'Removed'), ('move', 'Moved')], max_length=10)),
                ('path', models.CharField(max_length=120)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='checklist.instrumentversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='draft_edit_number_once')],
            },
        ),
        migrations.AddField(
            model_name='domain',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='checklist.instrumentversion'),
        ),
        migrations.CreateModel(
            name='CriterionMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=20)),
                ('earlier_key', models.CharField(blank=True, max_length=20)),
                ('proposed', models.CharField(choices=[('same', 'Same'), ('reworded', 'Reworded, same meaning'), ('changed', 'Changed in meaning'), ('new', 'New'), ('dropped', 'Dropped')], max_length=10)),
                ('verdict', models.CharField(choices=[('same', 'Same'), ('reworded', 'Reworded, same meaning'), ('changed', 'Changed in meaning'), ('new', 'New'), ('dropped', 'Dropped')], max_length=10)),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('earlier_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='later_matches', to='checklist.instrumentversion')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='checklist.instrumentversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('version', 'key'), name='criterion_matched_once'), models.UniqueConstraint(condition=models.Q(('earlier_key', ''), _negated=True), fields=('version', 'earlier_key'), name='earlier_criterion_matched_once'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('key', ''), _negated=True), models.Q(('earlier_key', ''), _negated=True)), models.Q(('earlier_key', ''), ('verdict', 'new')), models.Q(('key', ''), ('verdict', 'dropped')), _connector='OR'), name='criterion_match_has_both_sides')],
            },
        ),
        migrations.AddField(
            model_name='criterion',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='checklist.instrumentversion'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='versions',
            field=models.ManyToManyField(related_name='assessments', to='checklist.instrumentversion'),
        ),
        migrations.CreateModel(
            name='IssuedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('content_key', models.CharField(max_length=64, unique=True)),
                ('file', models.FileField(max_length=120, upload_to=proposals.models.documents.storage_name)),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('page_count', models.PositiveIntegerField()),
                ('language', models.CharField(default='en', max_length=10)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.CharField(blank=True, max_length=120)),
                ('issued_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='checklist.assessment')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='proposals.proposal')),
                ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='proposals.fundinground')),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='checklist.issuedreport')),
            ],
            options={
                'indexes': [models.Index(fields=['assessment', 'kind', '-id'], name='report_assessment'), models.Index(fields=['proposal', 'kind', '-id'], name='report_proposal')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('number',), name='report_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('issued_at__isnull', True), ('number', '')), models.Q(models.Q(('number', ''), _negated=True), ('issued_at__isnull', False)), _connector='OR'), name='report_issued_has_number_and_date')],
            },
        ),
        migrations.CreateModel(
            name='Letterhead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name of the donor')),
                ('logo', models.FileField(blank=True, max_length=120, upload_to=proposals.models.documents.storage_name, verbose_name='logo')),
                ('logo_media_type', models.CharField(blank=True, max_length=40)),
                ('logo_description', models.CharField(blank=True, max_length=200, verbose_name='what the logo shows')),
                ('colour', models.CharField(blank=True, max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write the colour as # and six digits, for example #1f4e79.')], verbose_name='colour of headings and lines')),
                ('address', models.TextField(blank=True, verbose_name='address lines')),
                ('footer', models.CharField(blank=True, max_length=300, verbose_name='line at the foot')),
                ('paper', models.CharField(choices=[('a4', 'A4'), ('letter', 'Letter')], default='a4', max_length=6, verbose_name='paper')),
                ('round', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letterhead', to='proposals.fundinground')),
            ],
        ),
        migrations.CreateModel(
            name='LetterText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('language', models.CharField(default='en', max_length=10)),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letter_texts', to='proposals.fundinground')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'kind', 'language'), name='letter_text_once')],
            },
        ),
        migrations.CreateModel(
            name='Level',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('position', models.PositiveSmallIntegerField()),
                ('label', models.CharField(blank=True, max_length=200)),
                ('descriptor', models.TextField(blank=True)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='checklist.criterion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('criterion', 'code'), name='level_code_once')],
            },
        ),
        migrations.CreateModel(
            name='MeetingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('shut_out', models.JSONField(default=list)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meeting_items', to='proposals.proposal')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assigned', 'A proposal was assigned to me'), ('due_soon', 'An assessment is due in 7 or 2 days'), ('overdue', 'An assessment is overdue'), ('reopened', 'My assessment was reopened'), ('look_again', 'The applicant answered a question'), ('conflict', 'A conflict of interest was declared or suspected'), ('mentioned', 'Somebody named me in a discussion'), ('decided', 'A decision was applied'), ('message', 'A message from the programme officer')], max_length=12)),
                ('values', models.JSONField(default=dict)),
                ('key', models.CharField(max_length=120)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('read_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('proposal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='proposals.proposal')),
                ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='proposals.fundinground')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-id'], name='notice_user'), models.Index(fields=['mailed_at', 'user'], name='notice_to_mail')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='notice_once')],
            },
        ),
        migrations.CreateModel(
            name='NoticeSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assigned', 'A proposal was assigned to me'), ('due_soon', 'An assessment is due in 7 or 2 days'), ('overdue', 'An assessment is overdue'), ('reopened', 'My assessment was reopened'), ('look_again', 'The applicant answered a question'), ('conflict', 'A conflict of interest was declared or suspected'), ('mentioned', 'Somebody named me in a discussion'), ('decided', 'A decision was applied'), ('message', 'A message from the programme officer')], max_length=12)),
                ('by_mail', models.BooleanField(default=True, verbose_name='in the daily e-mail')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_settings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='notice_setting_once')],
            },
        ),
        migrations.CreateModel(
            name='OfflineForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=64, unique=True)),
                ('file_format', models.CharField(max_length=4)),
                ('language', models.CharField(default='en', max_length=10)),
                ('revisions', models.JSONField(default=dict)),
                ('conclusion_revision', models.PositiveIntegerField(default=0)),
                ('submission_number', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offline_forms', to='checklist.assessment')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='OfflineUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(max_length=120, upload_to=proposals.models.documents.storage_name)),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('read', 'To be compared and confirmed'), ('confirmed', 'Taken over'), ('discarded', 'Discarded'), ('refused', 'Refused')], max_length=10)),
                ('problem', models.CharField(blank=True, max_length=400)),
                ('content', models.JSONField(default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offline_uploads', to=settings.AUTH_USER_MODEL)),
                ('form', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='checklist.offlineform')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'refused'), ('form__isnull', False), _connector='OR'), name='upload_belongs_to_a_form'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='upload_refused_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='PanelMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('running', 'Running'), ('ended', 'Ended')], default='running', max_length=10)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='checklist.meetingitem')),
                ('led_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='proposals.fundinground')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('round',), name='one_running_meeting_per_round'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'running')), models.Q(('ended_at__isnull', False), ('state', 'ended')), _connector='OR'), name='meeting_ended_has_date')],
            },
        ),
        migrations.AddField(
            model_name='meetingitem',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='checklist.panelmeeting'),
        ),
        migrations.CreateModel(
            name='PlannedAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.JSONField(default=list)),
                ('is_by_hand', models.BooleanField(default=False)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='checklist.assignmentplan')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='proposals.proposal')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'proposal', 'reviewer'), name='planned_pair_once')],
            },
        ),
        migrations.CreateModel(
            name='ProposalDigest',
            fields=[
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='digest', serialize=False, to='proposals.proposal')),
                ('search_text', models.TextField(blank=True)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('submitted', models.PositiveIntegerField(default=0)),
                ('undeclared', models.PositiveIntegerField(default=0)),
                ('conflicted', models.PositiveIntegerField(default=0)),
                ('first_due_on', models.DateField(null=True)),
                ('round', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='proposals.fundinground')),
            ],
            options={
                'indexes': [models.Index(fields=['round', 'asked', 'submitted', 'undeclared', 'conflicted'], name='digest_counts'), models.Index(fields=['round', 'first_due_on'], name='digest_due')],
            },
        ),
        migrations.CreateModel(
            name='QuestionLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'By e-mail'), ('letter', 'As a letter')], max_length=10, verbose_name='how')),
                ('recipient', models.CharField(blank=True, max_length=300, verbose_name='to')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('reply_by', models.DateField(blank=True, null=True, verbose_name='answer by')),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='question_letters', to='proposals.proposal')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ApplicantQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('text', models.TextField(verbose_name='question')),
                ('state', models.CharField(choices=[('draft', 'Not sent'), ('sent', 'Sent'), ('answered', 'Answered'), ('dropped', 'Left out')], default='draft', max_length=10)),
                ('answer', models.TextField(blank=True, verbose_name='answer of the applicant')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='proposals.proposal')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='checklist.questionletter')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='question_answered_has_answer'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'answered']), _negated=True), ('letter__isnull', False), _connector='OR'), name='question_sent_has_letter')],
            },
        ),
        migrations.CreateModel(
            name='QuestionOrigin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='checklist.assessment')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.criterion')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='origins', to='checklist.applicantquestion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('question', 'assessment', 'criterion'), name='question_origin_once')],
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('fund', 'Fund'), ('fund_with_conditions', 'Fund with conditions'), ('reserve', 'Reserve list'), ('decline', 'Decline')], max_length=20, verbose_name='recommendation')),
                ('conditions', models.TextField(blank=True, verbose_name='conditions')),
                ('reasons', models.TextField(verbose_name='reasons')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recommendations', to='proposals.proposal')),
            ],
            options={
                'indexes': [models.Index(fields=['proposal', '-id'], name='recommendation_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='recommendation_has_reasons'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'fund_with_conditions'), _negated=True), models.Q(('conditions', ''), _negated=True), _connector='OR'), name='recommendation_names_conditions')],
            },
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='words to leave out')),
                ('kind', models.CharField(max_length=20)),
                ('is_hidden', models.BooleanField(default=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='redactions', to='proposals.proposal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposal', 'text'), name='redaction_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('scorecard', 'Reviewer scorecard'), ('proposal', 'Proposal assessment report'), ('feedback', 'Feedback to the applicant'), ('questions', 'Questions letter'), ('decision', 'Decision letter'), ('round', 'Round report'), ('blank', 'Blank form')], max_length=30)),
                ('language', models.CharField(default='en', max_length=10)),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('running', 'Being made'), ('done', 'Done'), ('cancelled', 'Cancelled')], default='running', max_length=10)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='proposals.fundinground')),
            ],
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('working', 'Being made'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('taken_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='checklist.assessment')),
                ('proposal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='proposals.proposal')),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='checklist.issuedreport')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='checklist.reportbatch')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', 'state', 'position'], name='batch_item_state')],
                'constraints': [models.UniqueConstraint(fields=('batch', 'position'), name='batch_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(blank=True, max_length=30)),
                ('rationale', models.TextField(blank=True)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='checklist.assessment')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='checklist.criterion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('assessment', 'criterion'), name='response_once')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(blank=True, max_length=60, verbose_name='page or section')),
                ('quote', models.TextField(blank=True, verbose_name='quote')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='proposals.document')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='checklist.response')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('document__isnull', False), models.Q(('page', ''), _negated=True), models.Q(('quote', ''), _negated=True), _connector='OR'), name='evidence_says_something')],
            },
        ),
        migrations.CreateModel(
            name='ReviewerSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vocabulary', models.CharField(choices=[('language', 'Language'), ('country', 'Country'), ('exploitation', 'Form of exploitation'), ('population', 'Population'), ('four_p', 'Which P it serves')], max_length=20)),
                ('code', models.CharField(max_length=30)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'vocabulary', 'code'), name='skill_once')],
            },
        ),
        migrations.CreateModel(
            name='ReviewerTie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('employed', 'Works or worked there'), ('board', 'On its board'), ('paid', 'Was paid by it'), ('family', 'Family or close friend works there'), ('funder', 'Decides on its funding elsewhere'), ('other', 'Other tie')], max_length=10, verbose_name='what ties you')),
                ('note', models.TextField(blank=True, verbose_name='in words')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviewer_ties', to='proposals.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ties', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'organisation', 'kind'), name='tie_once')],
            },
        ),
        migrations.CreateModel(
            name='RoundCriticalRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('none', 'None'), ('explain', 'Needs an explanation to go on'), ('block', 'Blocks a recommendation unless overridden in writing')], max_length=10)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.criterion')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='critical_rules', to='proposals.fundinground')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'criterion'), name='round_critical_once')],
            },
        ),
        migrations.CreateModel(
            name='RoundInstrument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('ranks', models.BooleanField(default=False, verbose_name='puts the proposals in order')),
                ('threshold', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='threshold')),
                ('minimum_coverage', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='minimum coverage, percent')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='instruments', to='proposals.fundinground')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='round_pins', to='checklist.instrumentversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'version'), name='round_version_once'), models.UniqueConstraint(condition=models.Q(('ranks', True)), fields=('round',), name='one_instrument_ranks_a_round'), models.CheckConstraint(condition=models.Q(('minimum_coverage__isnull', True), ('minimum_coverage__lte', 100), _connector='OR'), name='round_coverage_is_percent')],
            },
        ),
        migrations.CreateModel(
            name='RoundMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('text', models.TextField(verbose_name='message')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipients', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='proposals.fundinground')),
            ],
        ),
        migrations.CreateModel(
            name='RoundRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('names_shown', models.CharField(choices=[('all', "Reviewers see each other's names"), ('letters', 'Reviewers see each other as A, B, C')], default='letters', max_length=10, verbose_name='names among reviewers')),
                ('difference_limit', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='difference that calls for a further reviewer, percent')),
                ('maximum_load', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='most proposals per reviewer')),
                ('has_reserve_list', models.BooleanField(default=True, verbose_name='the round keeps a reserve list')),
                ('needs_consensus', models.BooleanField(default=False, verbose_name='a consensus is required before a recommendation')),
                ('setup_step', models.CharField(blank=True, max_length=20)),
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='proposals.fundinground')),
            ],
        ),
        migrations.CreateModel(
            name='StopOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='why go on all the same')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.criterion')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stop_overrides', to='proposals.proposal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposal', 'criterion'), name='stop_overridden_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='SubmittedScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marks', models.CharField(max_length=200)),
                ('share', models.DecimalField(decimal_places=3, max_digits=6, null=True)),
                ('low', models.DecimalField(decimal_places=3, max_digits=6, null=True)),
                ('high', models.DecimalField(decimal_places=3, max_digits=6, null=True)),
                ('judged', models.PositiveSmallIntegerField()),
                ('total', models.PositiveSmallIntegerField()),
                ('blocks', models.PositiveSmallIntegerField(default=0)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='checklist.assessment')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.instrumentversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('assessment', 'version'), name='score_once')],
            },
        ),
        migrations.CreateModel(
            name='SubmittedState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('submitted_at', models.DateTimeField()),
                ('content', models.JSONField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submitted_states', to='checklist.assessment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('assessment', 'number'), name='submitted_state_once')],
            },
        ),
        migrations.CreateModel(
            name='SubQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=5)),
                ('position', models.PositiveSmallIntegerField()),
                ('wording', models.TextField()),
                ('hint', models.TextField(blank=True)),
                ('kind', models.CharField(max_length=30)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sub_questions', to='checklist.criterion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('criterion', 'key'), name='sub_question_key_once')],
            },
        ),
        migrations.CreateModel(
            name='SubResponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(blank=True, max_length=30)),
                ('text', models.TextField(blank=True)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sub_responses', to='checklist.response')),
                ('sub_question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checklist.subquestion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('response', 'sub_question'), name='sub_response_once')],
            },
        ),
        migrations.CreateModel(
            name='SuspectedConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('same_organisation', 'Same organisation'), ('email_domain', 'Same e-mail domain'), ('declared_tie', 'A tie that was declared'), ('earlier_partner', 'Earlier partnership')], max_length=20)),
                ('detail', models.CharField(max_length=400)),
                ('state', models.CharField(choices=[('open', 'To be looked at'), ('confirmed', 'Confirmed'), ('dismissed', 'Dismissed')], default='open', max_length=10)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspected_conflicts', to='proposals.proposal')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspected_conflicts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'proposal'], name='suspicion_state')],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'reviewer', 'kind'), name='suspicion_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'open')), models.Q(('decided_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='suspicion_decided_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='TensionSide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=20)),
                ('answers', models.CharField(max_length=120)),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='checklist.instrument')),
                ('tension', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sides', to='checklist.tension')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tension', 'side', 'instrument', 'key'), name='tension_side_once')],
            },
        ),
        migrations.CreateModel(
            name='TensionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('tension', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='checklist.tension')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tension', 'language'), name='tension_text_once')],
            },
        ),
        migrations.CreateModel(
            name='Translation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('path', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('is_official', models.BooleanField(default=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='checklist.instrumentversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'language', 'path'), name='translation_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='domain_key_once'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='criterion_key_once'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='criterion_weight_not_negative'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['proposal', 'state'], name='assessment_proposal'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['reviewer', 'state'], name='assessment_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), ('submitted_at__isnull', True)), models.Q(('state', 'submitted'), ('submitted_at__isnull', False)), _connector='OR'), name='assessment_submitted_has_date'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['consensus', 'reference']), ('assignment__isnull', False), _connector='OR'), name='assessment_individual_is_assigned'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'consensus')), fields=('proposal',), name='one_consensus_per_proposal'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'reference')), fields=('proposal',), name='one_reference_per_proposal'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'proposal'), name='meeting_item_once'),
        ),
    ])]
