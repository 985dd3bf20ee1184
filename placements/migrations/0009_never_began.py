import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q


def fill(apps, schema_editor):
    """Mark the placements on which nobody ever was, as their steps tell it.

    Withdrawn before the first day; or given way to another from then on: the other has no step older
    than that withdrawal, since only what is not withdrawn is moved.
    """
    placements = apps.get_model("placements", "Placement").objects
    steps = apps.get_model("placements", "PlacementStep").objects
    older = steps.filter(placement=OuterRef("pk"), entry__lt=OuterRef(OuterRef("entry")))
    instead = placements.filter(~Exists(older), moved_from=OuterRef("placement"))
    never = steps.filter(
        Q(entry__known_from__lt=F("starts")) | Q(Exists(instead)),
        placement=OuterRef("pk"),
        state="withdrawn",
    )
    placements.filter(Exists(never), state="withdrawn").update(never_began=True)
    marked = placements.filter(never_began=True).order_by().values("pk")
    history = apps.get_model("placements", "HistoricalPlacement").objects
    history.filter(id__in=marked, state="withdrawn").update(never_began=True)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_address_change'),
        ('placements', '0008_meeting_first_once'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='placement',
            name='placements_open',
        ),
        migrations.AddField(
            model_name='historicalplacement',
            name='never_began',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='placement',
            name='never_began',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='placement',
            name='moved_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_to', to='placements.placement'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['state', 'ends', 'starts', 'site', 'stage', 'enrolment'], name='placements_open'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('never_began', False), ('state', 'withdrawn'), _connector='OR'), name='placements_never_began_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('moved_from',), name='placements_moved_once'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
