"""Who is entitled by an employer to act under the Ionising Radiation (Medical Exposure) Regulations 2017."""

from django.db import models
from django.db.models import PROTECT

from school.core.models import Fact
from school.people.models.accounts import Person
from school.people.models.places import Organisation


class Entitlement(Fact):
    """What an employer entitles somebody to do (the entry's about dates; the last day counts). In the person's book.

    A review, an end and a correction supersede. It stands beside training, which is a record of its own.
    Source: IR(ME)R 2017, schedule 2 (who is entitled) and regulation 17 with schedule 3 (training).
    """

    KIND = "people.entitlement"
    PAYLOAD = {
        1: (
            "person__uuid",
            "employer__uuid",
            "practice",
            "review_on",
            "cancelled",
            "supersedes__entry__uuid",
        )
    }

    class Practice(models.TextChoices):
        """A scope of practice: as which duty holder, and for what."""

        REFERRER = "referrer", "referrer"
        JUSTIFY = "practitioner", "practitioner: justifying exposures"
        AUTHORISE = "operator_authorise", "operator: authorising under guidelines"
        IDENTIFY = "operator_identify", "operator: identifying patients"
        DISPENSE = "operator_dispense", "operator: preparing radiopharmaceuticals"
        ADMINISTER = "operator_administer", "operator: administering radiopharmaceuticals"
        CT_EXPOSURE = "operator_ct", "operator: CT exposures"
        PET_CT = "operator_pet_ct", "operator: PET-CT acquisition"
        QUALITY = "operator_quality", "operator: quality assurance of equipment"
        EVALUATE = "operator_evaluate", "operator: clinical evaluation"

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="entitlements")
    employer = models.ForeignKey(Organisation, on_delete=PROTECT, related_name="+")
    practice = models.CharField(max_length=30, choices=Practice)
    review_on = models.DateField()
    cancelled = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
