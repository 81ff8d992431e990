from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checklist", "0011_conflict_no_longer_found")]

    operations = [
        # An override answers what was submitted by then, so a criterion may be overridden again.
        migrations.RemoveConstraint(model_name="stopoverride", name="stop_overridden_once"),
        migrations.AddField(
            model_name="roundrules",
            name="practice_first",
            field=models.BooleanField(default=False, verbose_name="practice comes before assessing"),
        ),
    ]
