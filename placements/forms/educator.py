"""What a practice educator fills in: ticks and a proof to confirm, a reason to query or reject."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from placements.forms.words import REASON_LENGTH, NoPatientMixin, digits_question
from placements.models import ShiftDecision
from school.core.forms import SchoolForm
from school.people import proof


class UuidsField(forms.Field):
    """Several UUIDs under one name: ticked lines."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        try:
            return list(dict.fromkeys(UUID(item) for item in value or ()))
        except (ValueError, AttributeError, TypeError):
            raise ValidationError("Open the page again: its lines could not be read.") from None


def typed_again(fields: Mapping[str, forms.Field], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed into some fields before, as a form shows it first; the device's time is another by now."""
    return {
        name: field.widget.value_from_datadict(kept, {}, name)
        for name, field in fields.items()
        if name != "device_time" and not field.widget.value_omitted_from_data(kept, {}, name)
    }


class SignedForm(SchoolForm):
    """An act that is signed: it asks for the password unless the person proved who they are a while ago."""

    # For how many seconds a proof counts, where that is less than the portal's 15 minutes.
    PROOF_LIFE: ClassVar[int | None] = None
    batch = forms.UUIDField(widget=forms.HiddenInput)
    device_time = forms.CharField(widget=forms.HiddenInput, required=False)
    resumed_act = forms.CharField(widget=forms.HiddenInput, required=False)
    password = forms.CharField(
        label="Prove it is you",
        required=False,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "class": "nhsuk-input--width-20"}
        ),
        help_text="Your password. A signature needs a proof from the last 15 minutes.",
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self.proved = proof.recent_proof(request, within=self.PROOF_LIFE)
        self.has_password = proof.account_of(request).has_usable_password()
        if not (self.has_password and self._asks_password()):
            del self.fields["password"]

    def _asks_password(self) -> bool:
        return self.proved is None

    @classmethod
    def opened(cls, request: HttpRequest) -> Self:
        """The form before anything is sent: empty, or as it was when a proof or a sign-in interrupted it."""
        kept = proof.kept_form(request)
        again = typed_again(cls.base_fields, kept) if kept is not None else {}
        return cls(request, initial={"batch": uuid4()} | again)

    @property
    def is_back(self) -> bool:
        """Whether this is a form that was interrupted, filled in again."""
        return not self.is_bound and bool(self.initial.get(proof.RESUME_FIELD))

    @property
    def wants_other_way(self) -> bool:
        """Whether the person asked to prove it by a passkey or a code, and still has to."""
        return self.proved is None and ("other_way" in self.data or not self.has_password)

    @property
    def way(self) -> ShiftDecision.Proof:
        """How the person proved who they are; asked for once `prove` has said yes."""
        return ShiftDecision.Proof(self.proved or "")

    def prove(self) -> bool:
        """Checks the password once everything else is right; an error stands at the field."""
        password = self.cleaned_data.get("password", "")
        if self.proved and not password:
            return True
        self.proved = None
        if not password:
            self.add_error("password", "Enter your password, or use a passkey or a code")
        elif proof.prove_by_password(self._request, password):
            self.proved = proof.recent_proof(self._request, within=self.PROOF_LIFE)
        else:
            self.add_error("password", "That is not the password of this account")
        return self.proved is not None


class SignedNowForm(SignedForm):
    """An act that is signed with a proof of the moment: whoever finds a device signed in signs nothing with it.

    The password is asked for on the page; it may stay empty within two minutes of another proof, so that
    a passkey or a code that interrupted the act is not asked for twice.
    """

    PROOF_LIFE: ClassVar[int | None] = 120

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if "password" in self.fields:
            self.fields[
                "password"
            ].help_text = "Your password. It may stay empty within two minutes of signing in or of another proof."

    def _asks_password(self) -> bool:
        return not (self.proved and self.is_back)


class ConfirmForm(SignedForm):
    """The ticked lines, and the breaches that were seen."""

    line = UuidsField(required=False)
    seen = UuidsField(required=False)

    def clean_line(self) -> list[UUID]:
        lines: list[UUID] = self.cleaned_data["line"]
        if not lines:
            raise ValidationError("Tick the shifts that you confirm")
        return lines

    @property
    def ticked(self) -> set[str]:
        """The lines that were ticked, whatever else is wrong."""
        return self._typed("line")

    @property
    def breaches_seen(self) -> set[str]:
        """The lines whose breach was ticked as seen."""
        return self._typed("seen")

    def _typed(self, name: str) -> set[str]:
        return set(self[name].value() or ())


class ReasonForm(NoPatientMixin, SignedForm):
    """Why a shift is queried or rejected; nothing in it may name a patient."""

    FREE_WORDS = "comment"
    nouns: ClassVar[Mapping[str, str]] = {"comment": "the reason. The student sees it"}
    comment = forms.CharField(
        label="Reason",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The student sees it. Nothing that points to a patient.",
    )
    comment_checked = digits_question()
    field_order = ("comment", "comment_checked", "password")
