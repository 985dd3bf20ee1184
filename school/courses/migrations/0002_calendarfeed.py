"""The secret addresses of people's calendars."""

import django.db.models.deletion
from django.db import migrations, models

import school.courses.models.calendars


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial"), ("people", "0005_address_change")]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=school.courses.models.calendars.new_token,
                        max_length=43,
                        unique=True,
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_feed",
                        to="people.person",
                    ),
                ),
            ],
        ),
    ]
