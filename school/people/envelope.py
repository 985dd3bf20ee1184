"""What a message looks like on its way: its headers, and the lines at its foot that say why it came."""

from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from school.people.models import Mail

WHY = "you have a part in training or a placement here"
_reasons: dict[str, str] = {}


def because(kind: str, reason: str) -> None:
    """Say why people get mail of a kind, as the end of “You get this because …”."""
    _reasons[kind] = reason


def preferences_url() -> str:
    """The whole address of the page on which a person chooses when mail comes."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('mail_preferences')}"


def message(mail: Mail) -> EmailMessage:
    """The message as it is handed over, the same each time."""
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
    }
    body = mail.body
    # Who has no account gets only what somebody asks of them by name, and has nothing to choose.
    if mail.person and mail.person.user_id and not mail.urgent:
        headers["List-Unsubscribe"] = f"<{preferences_url()}>"
        body = f"{mail.body}\n\n{_foot(mail)}"
    return EmailMessage(mail.subject, body, to=[mail.address], headers=headers)


def _foot(mail: Mail) -> str:
    return (
        "-- \nSchool of Oncology, PET-CT training and placements\n"
        f"You get this because {_reasons.get(mail.kind, WHY)}. "
        f"Choose how often and when: {preferences_url()}"
    )
