"""Accounts for signing in, the persons they belong to, and who looked at whom."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import PROTECT, Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from school.core.models import Book, Fact


class UserManager(BaseUserManager["User"]):
    """Makes accounts; addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account with its address in lower case; without a password it cannot sign in by one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For Django's own command; the portal's pages ask for roles, not for this flag."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: signing in and nothing else. Deactivated, never deleted."""

    email = models.EmailField(max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="people_user_email_once")]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """The person's name; Wagtail's admin shows it."""
        person = getattr(self, "person", None)
        return person.name if person else self.email

    def get_short_name(self) -> str:
        return self.get_full_name()


class Person(models.Model):
    """A human being the records speak of; may be named, and may sign, before having an account."""

    class Regulator(models.TextChoices):
        """Who keeps the register the person is on."""

        NONE = "", "none"
        HCPC = "HCPC", "HCPC"
        NMC = "NMC", "NMC"
        GMC = "GMC", "GMC"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    book = models.OneToOneField(Book, on_delete=PROTECT, related_name="person")
    user = models.OneToOneField(
        User, on_delete=PROTECT, null=True, blank=True, related_name="person"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True)
    staff_identifier = models.CharField(max_length=40, blank=True)
    regulator = models.CharField(max_length=10, choices=Regulator, blank=True)
    registration_number = models.CharField(max_length=20, blank=True)
    left_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["regulator", "registration_number"],
                condition=~Q(registration_number=""),
                name="people_person_registration_once",
            ),
            models.UniqueConstraint(
                fields=["staff_identifier"],
                condition=~Q(staff_identifier=""),
                name="people_person_staff_identifier_once",
            ),
            models.UniqueConstraint(
                Lower("email"), condition=~Q(email=""), name="people_person_email_once"
            ),
            models.CheckConstraint(
                condition=Q(registration_number="") | ~Q(regulator=""),
                name="people_person_registration_names_regulator",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonMerge(Fact):
    """Two persons are one (or, `undone`, are two after all). In the network's book."""

    KIND = "people.person_merge"
    PAYLOAD = {1: ("kept__uuid", "merged__uuid", "undone", "supersedes__entry__uuid")}

    kept = models.ForeignKey(Person, on_delete=PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, on_delete=PROTECT, related_name="merged_into")
    undone = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kept=models.F("merged")), name="people_merge_of_two"
            )
        ]


class Invitation(models.Model):
    """A link by which a person gets an account; only the hash of its token is kept."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Invitation {self.uuid}"


class AddressChange(models.Model):
    """A link that makes an address somebody's own; sent to that address, only the hash of its token is kept."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="address_changes")
    email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Change of address {self.uuid}"


class AccessLog(models.Model):
    """Somebody opened another person's record: one row per viewer, person and hour."""

    viewer = models.ForeignKey(Person, on_delete=PROTECT, related_name="looked_at")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="looked_at_by")
    hour = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "person", "hour"], name="people_access_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} opened {self.person_id}"
