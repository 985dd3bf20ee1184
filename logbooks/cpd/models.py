"""What is kept of CPD: a person's own words with their history, what the portal noticed, and frozen profiles."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from logbooks.cpd.learning import Learning
from school.core import clock
from school.core.models import Fact
from school.people.models import Person


class Registration(models.Model):
    """What a person's CPD is measured by: their profession, and since when they are registered.

    `profession` is a key of the regulators' data, empty for who is on no register.
    """

    person = models.OneToOneField(Person, on_delete=PROTECT, related_name="cpd_registration")
    profession = models.SlugField(max_length=40, blank=True, db_index=False)
    registered_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.profession or 'no register'}"


LEARNING = [(one.value, one.words) for one in Learning]


class Activity(models.Model):
    """Something that a person learned by, in their own words. Taken back it stays, and counts for nothing.

    `learned` says what it was and how it bears on their work, `practice` what it did for the quality of
    their practice, `benefit` what it did for those who use the service: standards 2, 3 and 4.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_activities")
    title = models.CharField(max_length=200)
    learning = models.CharField(max_length=20, choices=LEARNING)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # None where its writer does not say.
    minutes = models.PositiveIntegerField(null=True, blank=True)
    learned = models.TextField(blank=True)
    practice = models.TextField(blank=True)
    benefit = models.TextField(blank=True)
    # When it came into a record first: also that of another portal, which it was brought from.
    recorded_at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="cpd_activity_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """A file that shows an activity. `digest` is the SHA-256 of the file as it is kept; its own name is not kept."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, on_delete=PROTECT, related_name="evidence")
    # What it is, in its owner's words.
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Noticed(models.Model):
    """Something that another app says a person did, offered to them as a draft of an activity.

    `key` names what was done, whoever tells of it and however often. What waits is `FREE` and not
    `dismissed`: taken back, an activity keeps its lines until another is made of them. What was undone elsewhere after it was kept is marked, and the activity stays.
    """

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_noticed")
    key = models.UUIDField()
    kind = models.SlugField(max_length=20, db_index=False)
    title = models.CharField(max_length=300)
    day = models.DateField()
    minutes = models.PositiveIntegerField(null=True)
    activity = models.ForeignKey(Activity, on_delete=PROTECT, null=True, related_name="noticed")
    dismissed = models.BooleanField(default=False)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="cpd_noticed_once"),
            models.CheckConstraint(
                condition=Q(activity=None) | Q(dismissed=False),
                name="cpd_noticed_kept_or_dismissed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


# What is in no activity that counts.
FREE = Q(activity=None) | Q(activity__taken_back_at__isnull=False)


class NoticedUpTo(models.Model):
    """Up to which entry of the ledger it was noticed what people did: one row."""

    only = models.BooleanField(primary_key=True, default=True)
    entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="cpd_noticed_one_row")]

    def __str__(self) -> str:
        return f"Entry {self.entry}"


class GapReason(models.Model):
    """Why a person has no activity between two days, such as parental leave."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_gap_reasons")
    first = models.DateField()
    last = models.DateField()
    words = models.CharField(max_length=500)

    history = HistoricalRecords()

    class Meta:
        ordering = ["first", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="cpd_gap_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class ProfileDraft(models.Model):
    """The profile that a person writes for a period: the activities chosen, and what they write."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_drafts")
    first = models.DateField()
    last = models.DateField()
    # By the key of the part. Words of a part that the shape no longer has stay.
    texts = models.JSONField(default=dict)
    chosen = models.ManyToManyField(Activity, blank=True, related_name="+")

    history = HistoricalRecords(m2m_fields=[chosen])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "first"], name="cpd_draft_once_a_period"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="cpd_draft_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.uuid}"


class Profile(Fact):
    """A person froze a profile of their CPD: three files, each known by its SHA-256. In the person's book.

    The JSON document is what the PDF prints; the ZIP holds both with the evidence. `code` is what a stranger
    checks it by. The entry's about dates are the period.
    """

    KIND = "cpd.profile"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("person__uuid", "scheme", "code", "json_digest", "pdf_digest", "zip_digest")}
    # What is made when it is asked for: asked again, it would be another.
    NOT_CONTENT = frozenset(PAYLOAD[1]) - {"person__uuid"}

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_profiles")
    # The key of the regulator's shape, and the day from which it holds: "hcpc 2018-01-01".
    scheme = models.CharField(max_length=60)
    code = models.CharField(max_length=20, unique=True)
    json_digest = models.CharField(max_length=64)
    pdf_digest = models.CharField(max_length=64)
    zip_digest = models.CharField(max_length=64)


class Share(models.Model):
    """A named colleague reads an activity, a frozen profile or, with neither, the list without its words, through a day."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_shares")
    reader = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_shared_with")
    activity = models.ForeignKey(Activity, on_delete=PROTECT, null=True, related_name="shares")
    profile = models.ForeignKey(Profile, on_delete=PROTECT, null=True, related_name="shares")
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(activity=None) | Q(profile=None), name="cpd_share_of_one"
            ),
            models.CheckConstraint(condition=~Q(reader=F("person")), name="cpd_share_with_another"),
        ]

    def __str__(self) -> str:
        return f"Share {self.uuid}"


class HelpAsked(models.Model):
    """A person asks the School for help with their CPD, until somebody there has seen to it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_help_asked")
    asked_at = models.DateTimeField(default=clock.now)
    seen_to_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    seen_to_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(seen_to_at=None), name="cpd_help_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(seen_to_at=None, seen_to_by=None)
                | Q(seen_to_at__isnull=False, seen_to_by__isnull=False),
                name="cpd_help_seen_to_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Help {self.uuid}"


class ImportedFile(models.Model):
    """A file of another tool that a person brings, and how its columns and words were mapped.

    The next file with the same headings is read in the same way. The file itself goes once it is written, or after a week.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="cpd_files")
    name = models.CharField(max_length=100)
    # The headings as they stand, in order.
    headings = models.JSONField()
    # The heading of each of the portal's columns, and the type of learning of each word for one.
    columns = models.JSONField(default=dict)
    types = models.JSONField(default=dict)
    sent_at = models.DateTimeField(default=clock.now)
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
