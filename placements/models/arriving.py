"""What stands before the first day: checks, a confidential declaration, and the badge that is worn afterwards."""

from django.db import models
from django.db.models import PROTECT, Q

from placements.models.places import CheckKind
from placements.models.programme import Enrolment
from school.core.models import Fact
from school.people.models import Person, Site


class Check(Fact):
    """A check was shown; the entry's about dates say from when to when it holds. In the enrolment's book.

    `site` is empty for a check that holds everywhere. The reference, such as a badge's number, is private text.
    """

    KIND = "placements.check"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "check_kind",
            "site__uuid",
            "person__uuid",
            "withdrawn",
            "reference_hash",
            "supersedes__entry__uuid",
        )
    }
    # Those that are shown to one site and mean nothing at another.
    LOCAL = (CheckKind.LOCAL_RULES, CheckKind.DOSE_BADGE)

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="checks")
    check_kind = models.CharField(max_length=20, choices=CheckKind)
    site = models.ForeignKey(Site, on_delete=PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    reference_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(check_kind__in=("local_rules", "dose_badge"), site__isnull=False)
                | Q(~Q(check_kind__in=("local_rules", "dose_badge")), site=None),
                name="placements_check_local_has_site",
            )
        ]


class PregnancyDeclaration(Fact):
    """A student declared a pregnancy in writing, or took it back; the words are private text. In the enrolment's book.

    Shown to the student and to the radiation protection supervisors of the sites where they are or will be placed.
    """

    KIND = "placements.pregnancy_declaration"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("enrolment__uuid", "withdrawn", "words_hash", "supersedes__entry__uuid")}
    # What stood before is the portal's own finding: at a retry it would find the first answer.
    NOT_CONTENT = frozenset({"supersedes__entry__uuid"})

    enrolment = models.ForeignKey(
        Enrolment, on_delete=PROTECT, related_name="pregnancy_declarations"
    )
    withdrawn = models.BooleanField(default=False)
    words_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )


class DoseReading(Fact):
    """What a dose badge showed over the days it was worn (the entry's about dates). In the enrolment's book."""

    KIND = "placements.dose_reading"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("enrolment__uuid", "site__uuid", "microsieverts", "supersedes__entry__uuid")}

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="dose_readings")
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="+")
    microsieverts = models.PositiveIntegerField()
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
