import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import proposals.models.documents
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # For a new database: the same tables in a tenth of the time. One that is there goes the single steps.
    replaces = [('proposals', '0001_initial'), ('proposals', '0002_phases_and_practice')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FundingRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9_-]*$', 'Use letters, digits and dashes, without spaces.')], verbose_name='short reference')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('description', models.TextField(blank=True, verbose_name='what the round is for')),
                ('donor_name', models.CharField(blank=True, max_length=200, verbose_name='donor')),
                ('phase', models.CharField(choices=[('intake', 'Intake'), ('eligibility', 'Eligibility'), ('review', 'Review'), ('panel', 'Panel'), ('decision', 'Decision'), ('decided', 'Decided')], default='intake', max_length=12, verbose_name='phase')),
                ('follows_dates', models.BooleanField(default=False, verbose_name='phases open and close by themselves')),
                ('stage', models.CharField(choices=[('concept', 'Concept notes'), ('full', 'Full proposals')], default='full', max_length=10, verbose_name='applicants sent')),
                ('form_length', models.CharField(choices=[('short', 'Short form: the items; sub-questions are optional'), ('full', 'Full form: the items and every sub-question')], default='short', max_length=10, verbose_name='form')),
                ('opens_on', models.DateField(blank=True, null=True, verbose_name='opens on')),
                ('closes_on', models.DateField(blank=True, null=True, verbose_name='closes on')),
                ('review_due_on', models.DateField(blank=True, null=True, verbose_name='assessments due on')),
                ('currency', models.CharField(default='USD', max_length=3, verbose_name='currency')),
                ('budget', models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget')),
                ('reviewers_wanted', models.PositiveSmallIntegerField(default=2, verbose_name='reviewers per proposal')),
                ('is_demo', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'funding round',
                'constraints': [models.CheckConstraint(condition=models.Q(('opens_on__isnull', True), ('closes_on__isnull', True), ('closes_on__gte', models.F('opens_on')), _connector='OR'), name='round_closes_after_it_opens', violation_error_message='The round closes before it opens.'), models.CheckConstraint(condition=models.Q(('budget__isnull', True), ('budget__gte', 0), _connector='OR'), name='round_budget_not_negative'), models.CheckConstraint(condition=models.Q(('reviewers_wanted__gte', 1)), name='round_wants_a_reviewer')],
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('file', models.FileField(max_length=120, upload_to=proposals.models.documents.storage_name)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('uploaded', 'Columns to be matched'), ('mapped', 'Ready to check'), ('finished', 'Imported'), ('discarded', 'Discarded')], default='uploaded', max_length=10)),
                ('sheet', models.CharField(blank=True, max_length=100)),
                ('mapping', models.JSONField(default=dict)),
                ('update_existing', models.BooleanField(default=False)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('finished_at', models.DateTimeField(null=True)),
                ('created_count', models.PositiveIntegerField(default=0)),
                ('updated_count', models.PositiveIntegerField(default=0)),
                ('skipped_count', models.PositiveIntegerField(default=0)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='proposals.fundinground')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('name_key', models.CharField(editable=False, max_length=300, unique=True)),
                ('identifier', models.CharField(blank=True, max_length=100, verbose_name='registered identifier')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('email_domain', models.CharField(blank=True, max_length=200, verbose_name='e-mail domain')),
            ],
            options={
                'verbose_name': 'organisation',
                'indexes': [models.Index(fields=['identifier'], name='organisation_identifier')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300, verbose_name='other name')),
                ('name_key', models.CharField(editable=False, max_length=300, unique=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='proposals.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60, verbose_name='reference')),
                ('external_id', models.CharField(blank=True, max_length=120, verbose_name="identifier in the applicant's system")),
                ('import_key', models.CharField(blank=True, editable=False, max_length=64)),
                ('title', models.CharField(max_length=500, verbose_name='title')),
                ('summary', models.TextField(blank=True, verbose_name='summary')),
                ('status', models.CharField(choices=[('received', 'Received'), ('ineligible', 'Not eligible'), ('in_review', 'In review'), ('funded', 'Funded'), ('funded_with_conditions', 'Funded with conditions'), ('reserve', 'On the reserve list'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='received', max_length=24, verbose_name='state')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='starts on')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='amount asked for')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('victim_contact', models.CharField(choices=[('unknown', 'Not stated'), ('yes', 'Yes, direct contact with victims'), ('no', 'No direct contact with victims')], default='unknown', max_length=10, verbose_name='direct contact with victims')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language of the proposal')),
                ('notes', models.TextField(blank=True, verbose_name='other facts')),
                ('is_practice', models.BooleanField(default=False, verbose_name='practice proposal')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('search_text', models.TextField(blank=True, editable=False)),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('applicant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='proposals.organisation', verbose_name='applicant')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='proposals.fundinground')),
            ],
            options={
                'verbose_name': 'proposal',
                'indexes': [models.Index(fields=['round', 'reference'], name='proposal_by_reference'), models.Index(fields=['round', 'status', 'reference'], name='proposal_by_status'), models.Index(fields=['round', 'title'], name='proposal_by_title'), models.Index(fields=['round', 'amount'], name='proposal_by_amount')],
                'constraints': [models.UniqueConstraint(fields=('round', 'reference'), name='proposal_reference_once_per_round', violation_error_message='This round already has a proposal with this reference.'), models.UniqueConstraint(condition=models.Q(('import_key', ''), _negated=True), fields=('round', 'import_key'), name='proposal_imported_once'), models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='proposal_ends_after_it_starts', violation_error_message='The project ends before it starts.'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), name='proposal_amount_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('area', models.CharField(blank=True, max_length=200, verbose_name='area')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='proposals.proposal')),
            ],
            options={
                'indexes': [models.Index(fields=['country', 'proposal'], name='place_country')],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'country', 'area'), name='place_once'), models.CheckConstraint(condition=models.Q(('area', ''), ('country', ''), _negated=True), name='place_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('partner', 'Partner'), ('funder', 'Other funder')], default='partner', max_length=10)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='proposals.organisation')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='proposals.proposal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposal', 'organisation', 'role'), name='participation_once')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('narrative', 'Narrative'), ('budget', 'Budget'), ('logframe', 'Logframe'), ('annex', 'Annex')], default='narrative', max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('file', models.FileField(max_length=120, upload_to=proposals.models.documents.storage_name)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('reading', models.CharField(choices=[('waiting', 'Being prepared'), ('ready', 'Ready'), ('failed', 'Could not be read')], default='waiting', max_length=10)),
                ('reading_error', models.CharField(blank=True, max_length=300)),
                ('page_count', models.PositiveIntegerField(null=True)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='proposals.proposal')),
            ],
            options={
                'verbose_name': 'document',
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('proposal', 'sha256'), name='document_once_per_proposal')],
            },
        ),
        migrations.CreateModel(
            name='ProposalAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('named', 'Title, applicant and partners'), ('full', 'Everything'), ('closed', 'Closed because of a conflict of interest')], max_length=6)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to='proposals.proposal')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'level', 'proposal'], name='access_user_level')],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'user'), name='access_once')],
            },
        ),
        migrations.CreateModel(
            name='ProposalTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vocabulary', models.CharField(choices=[('exploitation', 'Form of exploitation'), ('population', 'Population'), ('four_p', 'Which P it serves')], max_length=20)),
                ('code', models.CharField(max_length=30)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='proposals.proposal')),
            ],
            options={
                'indexes': [models.Index(fields=['vocabulary', 'code', 'proposal'], name='tag_code')],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'vocabulary', 'code'), name='tag_once')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('programme_officer', 'Programme officer'), ('chair', 'Chair'), ('reviewer', 'Reviewer'), ('observer', 'Observer')], max_length=20)),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='proposals.fundinground')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['round', 'role'], name='grant_round_role')],
                'constraints': [models.UniqueConstraint(fields=('user', 'round', 'role'), name='grant_once')],
            },
        ),
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('mapping', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='column_mapping_name_once', violation_error_message='There is already a kept matching with this name.')],
            },
        ),
        migrations.CreateModel(
            name='DocumentPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField(blank=True)),
                ('picture', models.FileField(blank=True, max_length=120, upload_to=proposals.models.documents.storage_name)),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='proposals.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='page_once')],
            },
        ),
        migrations.CreateModel(
            name='PhaseWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phase', models.CharField(choices=[('intake', 'Intake'), ('eligibility', 'Eligibility'), ('review', 'Review'), ('panel', 'Panel'), ('decision', 'Decision'), ('decided', 'Decided')], max_length=12, verbose_name='phase')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='windows', to='proposals.fundinground')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'phase'), name='window_once_per_phase'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='window_ends_after_it_starts', violation_error_message='The phase ends before it starts.')],
            },
        ),
    ]
