from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checklist", "0008_name_the_profile")]

    operations = [
        migrations.AddField(
            model_name="issuedreport",
            name="subject_key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=120),
            preserve_default=False,
        ),
    ]
