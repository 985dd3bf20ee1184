"""Which requirements the radiation regulations ask for; those that shipped with the portal are known by their codes."""

from django.db import migrations, models

SHIPPED = ("irmer-radiation", "irmer-nuclear-medicine", "irmer-diagnostic-radiology")
MODELS = ("requirement", "historicalrequirement", "requirementdraft", "historicalrequirementdraft")


def mark(apps, schema_editor):
    for name in MODELS:
        apps.get_model("coverage", name).objects.filter(code__in=SHIPPED).update(radiation=True)


class Migration(migrations.Migration):
    dependencies = [("coverage", "0006_covering")]

    operations = [
        *(
            migrations.AddField(
                model_name=name, name="radiation", field=models.BooleanField(default=False)
            )
            for name in MODELS
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
