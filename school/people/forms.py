"""The forms of signing in, in the design system's words, and those for people, roles and entitlements."""

from datetime import date
from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.text import capfirst

from school.core import clock
from school.core.codes import grouped, plain
from school.core.forms import ClockTimeField, SchoolForm, SplitDateField
from school.people.models import Entitlement, MailPreference, Organisation, Scope
from school.people.policies import PLACED_ROLES
from school.people.roles import ROLES


class Worded(forms.Form):
    """Gives the fields of a form that is not ours our own words, and takes its placeholders away."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.widget.attrs.pop("placeholder", None)
        if "code" in self.fields:
            self.fields["code"].widget.attrs["class"] = "nhsuk-input--width-10"


class SignInForm(SchoolForm, Worded, account_forms.LoginForm):
    """Email and password."""

    words = {
        "login": ("Email address", ""),
        "password": ("Password", ""),
        "remember": (
            "Stay signed in here for 14 days",
            "Not on a computer that others use",
        ),
    }


class SendCodeForm(SchoolForm, Worded, account_forms.RequestLoginCodeForm):
    """Where to send a sign-in code."""

    words = {"email": ("Email address", "The one you were invited with")}


class SignInCodeForm(SchoolForm, Worded, account_forms.ConfirmLoginCodeForm):
    """The code that was sent."""

    words = {"code": ("Code", "From the mail we sent")}


class SecondStepForm(SchoolForm, Worded, mfa_forms.AuthenticateForm):
    """A code of the authenticator app, or a recovery code."""

    words = {
        "code": ("Code", "Six digits from your authenticator app, or one of your recovery codes")
    }


class AddAppForm(SchoolForm, Worded, totp_forms.ActivateTOTPForm):
    """The first code of an authenticator app."""

    words = {"code": ("Code from the app", "Six digits")}


class AddPasskeyForm(SchoolForm, Worded, webauthn_forms.AddWebAuthnForm):
    """A new passkey and what to call it."""

    words = {"name": ("Name", "So that you know it again, like “My phone”")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = "on"


class PasswordProofForm(SchoolForm):
    """The password of the account that is signed in."""

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeProofForm(SchoolForm):
    """A code, from the authenticator app or from a mail."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "nhsuk-input--width-10",
            }
        ),
    )


class NewPasswordForm(SchoolForm):
    """A password to sign in with from now on."""

    password = forms.CharField(
        label="New password",
        help_text="At least 10 characters. Three words that do not belong together are good.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AddressForm(SchoolForm):
    """The address to sign in with from now on."""

    email = forms.EmailField(
        label="New email address",
        help_text="A link goes there. Your address changes when you open it and press the button.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CorrectForm(SchoolForm):
    """Somebody's name and address as they should be, and their last day."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="Email address", required=False)
    left_on = SplitDateField(
        label="Last day, if they leave",
        noun="the last day",
        help_text="Leave it empty while they stay. From the day after they hold no role.",
        required=False,
    )


class AcceptForm(SchoolForm):
    """How an invited person will sign in."""

    PASSWORD, CODE, PASSKEY = "password", "code", "passkey"

    way = forms.ChoiceField(
        label="How will you sign in?",
        choices=[
            (PASSWORD, "With a password"),
            (CODE, "With a code sent to my email each time"),
            (PASSKEY, "With a passkey: my phone’s or computer’s fingerprint, face or PIN"),
        ],
        initial=PASSWORD,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you will sign in"},
    )
    password = forms.CharField(
        label="Password",
        help_text="Only if you chose a password. At least 10 characters.",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("way") == self.PASSWORD and not data.get("password"):
            self.add_error("password", "Enter a password")
        return data


class MailPreferenceForm(SchoolForm):
    """How often mail comes, and when not."""

    digest = forms.ChoiceField(
        label="How often do you want mail?",
        help_text="What has come up is put together into one mail.",
        choices=[
            (MailPreference.Digest.AT_ONCE, "At once, a mail for each thing"),
            (MailPreference.Digest.DAILY, "Once a day, at 07:30"),
            (MailPreference.Digest.WEEKLY, "Once a week, on Monday at 07:30"),
            (MailPreference.Digest.NEVER, "Never: I look in the portal"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often you want mail"},
    )
    quiet_from = ClockTimeField(
        label="No mail from",
        noun="the start of the quiet hours",
        help_text="On the 24-hour clock, like 20:00. Leave both empty for no quiet hours.",
        required=False,
    )
    quiet_until = ClockTimeField(
        label="No mail until",
        noun="the end of the quiet hours",
        help_text="Like 07:00. It may be on the next day.",
        required=False,
    )


class PeopleFilterForm(SchoolForm):
    """What the list of people is narrowed to."""

    name = forms.CharField(label="Name or email", required=False, max_length=100)
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "Any"), *((role.key, role.name) for role in ROLES.values())],
    )


class GrantForm(SchoolForm):
    """A role on a scope from a day."""

    role = forms.ChoiceField(label="Role", choices=[])
    scope = forms.ModelChoiceField(
        label="For",
        queryset=Scope.objects.none(),
        empty_label="Choose a site, programme or other scope",
        to_field_name="uuid",
        error_messages={"required": "Choose what the role is for"},
    )
    from_day = SplitDateField(label="From", noun="first day")
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_grant_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = ROLES if may_grant_all else [key for key in ROLES if key in PLACED_ROLES]
        self.fields["role"].choices = [("", "Choose a role")] + [  # type: ignore[attr-defined]
            (key, f"{ROLES[key].name}: {ROLES[key].description}") for key in keys
        ]
        self.fields["scope"].queryset = Scope.objects.order_by("kind", "name")  # type: ignore[attr-defined]
        self.fields["from_day"].initial = clock.today


class InviteForm(GrantForm):
    """A new person, and the role they are given."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="Email address", help_text="Where the invitation goes")
    field_order = ["name", "email", "role", "scope", "from_day"]


class FindOtherForm(SchoolForm):
    """Whom to make one with a person."""

    who = forms.CharField(
        label="Name or email",
        help_text="A part of the name, or the whole email address",
        max_length=254,
    )


class AgainForm(SchoolForm):
    """Nothing to type: only the key by which a request sent again is known."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


class EndForm(SchoolForm):
    """The last day of a role."""

    last_day = SplitDateField(
        label="Last day",
        noun="last day",
        help_text=(
            "It still counts. A day before the first takes back a role given by mistake: "
            "it then counts on no day."
        ),
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = _today


def _today() -> date:
    return clock.today()


class ReviewForm(SchoolForm):
    """When an entitlement is to be reviewed next, and its last day."""

    review_on = SplitDateField(label="Review on", noun="the day of review")
    last = SplitDateField(
        label="Last day",
        noun="the last day",
        required=False,
        help_text=(
            "It still counts. Leave it empty while the entitlement goes on. A day before the first takes "
            "back one that was given by mistake."
        ),
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class EntitleForm(ReviewForm):
    """An employer, a scope of practice, and the days."""

    employer = forms.ModelChoiceField(
        label="Employer",
        queryset=Organisation.objects.exclude(kind=Organisation.Kind.UNIVERSITY),
        empty_label="Choose",
        to_field_name="uuid",
        error_messages={"required": "Choose the employer who entitles them"},
    )
    practice = forms.ChoiceField(
        label="Scope of practice",
        choices=[("", "Choose"), *((p.value, capfirst(p.label)) for p in Entitlement.Practice)],
        error_messages={"required": "Choose the scope of practice"},
    )
    first = SplitDateField(label="From", noun="the first day")
    field_order = ("employer", "practice", "first", "review_on", "last")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last"].help_text = "It still counts. Leave it empty while it goes on."


# What is checked by everybody ------------------------------------------------------------------


class CheckCodeForm(SchoolForm):
    """The code that is printed on a document."""

    code = forms.CharField(
        label="Code on the document",
        help_text="For example, 7K4M-Q2XD-9TRW-3HNB. Capital and small letters are the same",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the code"},
    )

    def clean_code(self) -> str:
        """The code as it stands in an address."""
        code = plain(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError("Enter all 16 letters and digits of the code")
        return grouped(code)


class CheckFileForm(SchoolForm):
    """The SHA-256 of the file to compare with what was issued; the file itself is never sent."""

    digest = forms.RegexField(
        r"\A\s*[0-9A-Fa-f]{64}\s*\Z",
        label="SHA-256 of the file",
        help_text="Choosing the file above fills this in. Without JavaScript, use certutil -hashfile FILE SHA256 "
        "on Windows or shasum -a 256 FILE on a Mac, and copy what it says",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Choose the file, or enter its SHA-256",
            "invalid": "Enter all 64 digits and letters of the SHA-256",
        },
    )

    def clean_digest(self) -> str:
        """The digest as facts hold it."""
        return str(self.cleaned_data["digest"]).strip().lower()
