import django.db.models.deletion
from django.db import migrations, models

# The triggers keep the rows from now on; these are for what is here already.
FILL = """
INSERT INTO checklist_proposaldigest
  (proposal_id, round_id, search_text, asked, submitted, undeclared, conflicted, first_due_on)
SELECT p.id, p.round_id, p.search_text,
  COALESCE(SUM(CASE WHEN s.state IN ('assigned', 'declared') THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN s.state IN ('assigned', 'declared') AND a.state = 'submitted' THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN s.state = 'assigned' THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN s.state = 'conflicted' THEN 1 ELSE 0 END), 0),
  MIN(CASE WHEN s.state IN ('assigned', 'declared') AND (a.state IS NULL OR NOT a.state = 'submitted')
      THEN s.due_on END)
FROM proposals_proposal p
LEFT JOIN checklist_assignment s ON s.proposal_id = p.id
LEFT JOIN checklist_assessment a ON a.assignment_id = s.id
GROUP BY p.id, p.round_id, p.search_text
"""


class Migration(migrations.Migration):

    dependencies = [
        ('checklist', '0004_studio_and_library'),
        ('proposals', '0001_initial'),
    ]

    operations = [
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
                'indexes': [
                    models.Index(fields=['round', 'asked', 'submitted', 'undeclared', 'conflicted'], name='digest_counts'),
                    models.Index(fields=['round', 'first_due_on'], name='digest_due'),
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
