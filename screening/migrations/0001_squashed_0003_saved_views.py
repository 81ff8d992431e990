import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # For a new database: the same tables in a tenth of the time. One that is there goes the single steps.
    replaces = [('screening', '0001_initial'), ('screening', '0002_instrument_editor'), ('screening', '0003_saved_views')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('organisation_name', models.CharField(blank=True, max_length=300, verbose_name='organisation')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('theme', models.CharField(choices=[('system', 'As my device'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=10, verbose_name='colours')),
                ('has_shortcuts', models.BooleanField(default=True, verbose_name='keyboard shortcuts in the assessment form')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_administrator', models.BooleanField(default=False, verbose_name='administrator')),
                ('is_auditor', models.BooleanField(default=False, verbose_name='auditor')),
                ('is_instrument_editor', models.BooleanField(default=False, verbose_name='instrument editor')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique_any_case', violation_error_message='Somebody with this e-mail address is here already.')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('event', models.CharField(max_length=60)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_label', models.CharField(max_length=250)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.CharField(max_length=40)),
                ('subject_label', models.CharField(max_length=400)),
                ('thread', models.CharField(blank=True, max_length=80)),
                ('round_id', models.BigIntegerField(null=True)),
                ('private_to_id', models.BigIntegerField(null=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(fields=['thread', '-id'], name='audit_thread'), models.Index(fields=['subject_type', 'subject_id', '-id'], name='audit_subject'), models.Index(fields=['round_id', '-id'], name='audit_round')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Working'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('started_at', models.DateTimeField(null=True)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id', '-id'], name='job_subject'), models.Index(fields=['state', 'heartbeat_at'], name='job_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('key',), name='job_one_unfinished_per_key')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=120)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=1000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'page', 'name'), name='saved_view_once', violation_error_message='You have a view with this name already.')],
            },
        ),
    ]
