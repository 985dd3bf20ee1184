"""What is filled in to sign without signing in, and to set a signing PIN."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from logbooks.competencies.forms.signing import SaidForm
from logbooks.competencies.models import SignOff
from school.core.forms import SchoolForm

Proof = SignOff.Proof
WAYS = {
    Proof.PHONE_CODE: "A code sent to my email address",
    Proof.PIN: "My signing PIN",
}


def digits() -> forms.PasswordInput:
    """A box for six digits that nobody beside should read."""
    return forms.PasswordInput(
        attrs={
            "inputmode": "numeric",
            "autocomplete": "off",
            "class": "nhsuk-input--width-10",
        }
    )


class PhoneForm(SaidForm):
    """What an assessor fills in on the student's phone: first what they sign and how they prove it, then the proof."""

    nouns: ClassVar[Mapping[str, str]] = {
        **SaidForm.nouns,
        "way": "how you prove that it is you",
        "address": "your email address",
    }
    way = forms.ChoiceField(label="How you prove that it is you", widget=forms.RadioSelect)
    address = forms.EmailField(
        label="Your email address",
        required=False,
        max_length=254,
        help_text="Only for a code. The one you sign in with, or your work address that the portal has.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label="Six digits",
        required=False,
        max_length=12,
        strip=True,
        widget=digits(),
    )

    def __init__(self, *args: Any, ways: Sequence[SignOff.Proof], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(way, WAYS[way]) for way in ways]  # type: ignore[attr-defined]
        self.fields["way"].initial = ways[0]
        if len(ways) == 1:
            self.fields["way"].widget = forms.HiddenInput()
        if Proof.PHONE_CODE not in ways:
            del self.fields["address"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("way") == Proof.PHONE_CODE and not (
            data.get("address") or "address" in self.errors
        ):
            self.add_error("address", "Enter your email address. The code goes there")
        return data

    @property
    def by_pin(self) -> bool:
        """Whether a PIN proves it, and no code."""
        return bool(self["way"].value() == Proof.PIN)


class PinForm(SchoolForm):
    """A PIN, twice. A field with “password” in its name is never kept when an act is interrupted."""

    nouns: ClassVar[Mapping[str, str]] = {
        "pin_password": "a PIN",
        "again_password": "the PIN again",
    }
    pin_password = forms.CharField(
        label="Signing PIN",
        max_length=12,
        help_text="Six digits, not all the same and not in a row.",
        widget=digits(),
    )
    again_password = forms.CharField(
        label="The same again",
        max_length=12,
        widget=digits(),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, again = data.get("pin_password"), data.get("again_password")
        if first and again and first != again:
            self.add_error("again_password", "The two are not the same")
        return data
