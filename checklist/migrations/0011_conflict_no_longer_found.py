from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checklist", "0010_words_that_leave")]

    operations = [
        migrations.AlterField(
            model_name="suspectedconflict",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "To be looked at"),
                    ("confirmed", "Confirmed"),
                    ("dismissed", "Dismissed"),
                    ("gone", "No longer found"),
                ],
                default="open",
                max_length=10,
            ),
        ),
    ]
