"""What somebody signs with who is not signed in: a link and code, a code typed on the student's phone, a PIN."""

from typing import ClassVar

from django.db import models
from django.db.models import PROTECT

from placements.models import Placement
from school.people.models import Person
from school.people.models.links import CodedLink


class SigningLink(CodedLink):
    """What waits for an assessor at a placement, signed by a code sent to their address; lives 7 days.

    Either a link that is mailed to somebody without an account, or, `on_phone`, the codes that are typed on
    the student's phone: nobody is told the token of such a one, and `code_about` is a digest of what its newest
    code was sent for. What it led to stands in the sign-offs.
    """

    CODE_MAIL = "sign_off_code"

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="signing_links")
    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="signing_links")
    asked_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    on_phone = models.BooleanField(default=False)
    code_about = models.CharField(max_length=64, blank=True)


class SigningPin(models.Model):
    """The PIN that somebody set to sign with on a student's phone: its hash, and the wrong tries since it was right."""

    # So many wrong tries lock it, until its owner sets another.
    TRIES: ClassVar[int] = 5

    person = models.OneToOneField(Person, on_delete=PROTECT, related_name="signing_pin")
    secret = models.CharField(max_length=200)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"PIN of {self.person_id}"

    @property
    def is_locked(self) -> bool:
        """Whether it was tried too often."""
        return self.wrong_tries >= self.TRIES
