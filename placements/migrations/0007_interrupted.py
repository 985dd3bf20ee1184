from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('placements', '0006_stand_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='stagetally',
            name='interrupted',
            field=models.JSONField(default=list),
        ),
    ]
