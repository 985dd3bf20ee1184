"""An index that holds everything a question reads, in place of one that leads to the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0005_reminders")]

    operations = [
        migrations.RemoveIndex(model_name="satisfied", name="coverage_satisfied_read"),
        migrations.AddIndex(
            model_name="satisfied",
            index=models.Index(
                fields=["version", "person", "starts", "known_from", "ends", "known_until", "expires"],
                name="coverage_satisfied_covers",
            ),
        ),
    ]
