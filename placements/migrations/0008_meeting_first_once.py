from django.db import migrations, models

from school.core.engine import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('placements', '0007_interrupted'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(condition=models.Q(('meeting_kind__in', ['initial', 'midway', 'final']), ('supersedes', None)), fields=('placement', 'meeting_kind'), name='placements_meeting_first_once'),
        ),
        # SQLite made the table anew, without its triggers.
        AppendOnly('Meeting'),
    ]
