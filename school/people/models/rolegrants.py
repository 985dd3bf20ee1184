"""Who holds which role where, from when to when."""

from django.db import models
from django.db.models import PROTECT

from school.core.models import Fact
from school.people.models.accounts import Person
from school.people.models.places import Scope
from school.people.roles import ROLES


class RoleGrant(Fact):
    """A role on a scope over an interval (the entry's about dates); ended, or cancelled when it was given by mistake, by a new row.

    In the network's book.
    """

    KIND = "people.role_grant"
    PAYLOAD = {1: ("person__uuid", "role", "scope__uuid", "cancelled", "supersedes__entry__uuid")}

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="role_grants")
    role = models.CharField(
        max_length=30, choices=[(role.key, role.name) for role in ROLES.values()]
    )
    scope = models.ForeignKey(Scope, on_delete=PROTECT, related_name="role_grants")
    cancelled = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
