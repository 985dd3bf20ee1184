"""The code that opens a link: sent to the link's own address, counted, used once; and links that run out or are closed."""

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from school.core import clock
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import Conflict, DomainError
from school.people import mail
from school.people.models import Mail
from school.people.models.links import CodedLink

LINK_LIFE = timedelta(days=7)
CODE_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
# How soon another code may follow.
CODE_PAUSE = timedelta(minutes=1)
# How many codes a link sends in its life: with 5 tries each, 50 guesses at one of a million.
CODES = 10

NOT_OURS = (
    "This link is not one of ours, or a part of it is missing. Copy the whole link from the mail."
)
ASK_AGAIN = "Ask the student or the placement coordinator for a new one."
SPENT = f"This link was closed: it has sent {CODES} codes. {ASK_AGAIN}"

Link = TypeVar("Link", bound=CodedLink)


def rule_not_run_out(link: CodedLink) -> None:
    """A link works for 7 days."""
    if link.expires_at <= clock.now():
        raise DomainError(f"This link has run out: it worked for 7 days. {ASK_AGAIN}")


def rule_not_failed(link: CodedLink) -> None:
    """A link whose mail came back opens nothing, nor does one whose codes are spent: either may be a stranger's."""
    if link.failed_at is None:
        return
    if link.failure == link.CODES_SPENT:
        raise DomainError(SPENT)
    raise DomainError(f"This link was closed because its mail came back. {ASK_AGAIN}")


def send_code(
    *, link: Link, words: str, close: Callable[[Link, str], None], about: str = ""
) -> None:
    """Sends six digits to the link's own address with some words; only their keyed hash stays.

    With `about` the code holds for nothing else. `close` is called with the reason once the last code
    was sent. Raises DomainError then, and when it is too soon.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        kept = type(link)._default_manager.select_for_update().get(pk=link.pk)
        rule_not_failed(kept)
        rule_code_pause(kept)
        verdict = rule_codes_left(kept)
        if verdict:
            kept.code_hash = sealed(kept, code, about)
            kept.code_sent_at = now = clock.now()
            kept.code_attempts = 0
            kept.save(update_fields=["code_hash", "code_sent_at", "code_attempts"])
            mail.owe(
                address=kept.address,
                kind=kept.CODE_MAIL,
                subject="Your code for the School of Oncology",
                body=f"Your code is {code}.\n\n{words}",
                person=kept.person,  # type: ignore[attr-defined]
                once_key=f"{_code_key(kept)}{now.isoformat()}",
            )
        else:
            close(kept, kept.CODES_SPENT)
    if not verdict:
        raise DomainError(verdict.reason)


def rule_code_pause(link: CodedLink) -> None:
    """Another code follows a minute after the last at the earliest, so that nobody's inbox is flooded."""
    if link.code_sent_at is not None and clock.now() - link.code_sent_at < CODE_PAUSE:
        error = DomainError(
            "A code was sent less than a minute ago. Look in your inbox, or wait a minute and ask again."
        )
        error.status = 429
        raise error


def rule_codes_left(link: CodedLink) -> Decision:
    """A link sends 10 codes in its life, so that nobody guesses a code a minute for 7 days."""
    sent = Mail.objects.filter(
        person=link.person_id,  # type: ignore[attr-defined]
        once_key__startswith=_code_key(link),
    )
    return ALLOWED if sent.count() < CODES else refused(SPENT)


def _code_key(link: CodedLink) -> str:
    """How the keys of the mails with the codes of a link begin."""
    return f"{link.CODE_MAIL}:{link.uuid}:"


def code_was_sent(link: CodedLink) -> bool:
    """Whether a code that can still be used is on its way."""
    return (
        bool(link.code_hash)
        and link.code_sent_at is not None
        and clock.now() - link.code_sent_at < CODE_LIFE
        and link.code_attempts < CODE_TRIES
    )


def prove(*, link: CodedLink, code: str) -> None:
    """Accepts the code once. Raises DomainError when it is wrong, has run out or was tried 5 times."""
    check(link=link, code=code)
    spend(link)


def check(*, link: CodedLink, code: str, about: str = "") -> None:
    """Counts a try and compares it. Raises DomainError as `prove`; the code is not used up yet."""
    rule_code_usable(link)
    # Counted before it is compared: five tries are five, however many come at once.
    counted = (
        _row(link)
        .filter(code_hash=link.code_hash, code_attempts__lt=CODE_TRIES)
        .update(code_attempts=F("code_attempts") + 1)
    )
    link.refresh_from_db()
    if not counted:
        rule_code_usable(link)
        raise DomainError("A newer code was sent meanwhile. Enter that one.", field="code")
    rule_code_right(link, code, about)


def spend(link: CodedLink) -> None:
    """Uses the code up that was just checked. Raises Conflict when somebody else did meanwhile."""
    used = link.code_hash and (
        _row(link).filter(code_hash=link.code_hash).update(code_hash="", proved_at=clock.now())
    )
    if not used:
        raise Conflict("This code has just been used. Ask for a new one.")
    link.refresh_from_db()


def rule_code_usable(link: CodedLink) -> None:
    """A code holds for 15 minutes and 5 tries."""
    if not code_was_sent(link):
        raise DomainError(
            "That code does not hold any more. Send yourself a new one.", field="code"
        )


def rule_code_right(link: CodedLink, code: str, about: str = "") -> None:
    """The six digits are the ones that were sent, for what they were sent for."""
    if hmac.compare_digest(sealed(link, "".join(code.split()), about), link.code_hash):
        return
    left = CODE_TRIES - link.code_attempts
    if left <= 0:
        raise DomainError(
            f"That code is not right, and it was the {CODE_TRIES}th try. Send yourself a new one.",
            field="code",
        )
    tries = "1 try" if left == 1 else f"{left} tries"
    raise DomainError(f"That code is not right. {tries} left.", field="code")


def sealed(link: CodedLink, code: str, about: str = "") -> str:
    """What is kept of a code: its hash under the portal's own key, for this link and what it is about."""
    salt = f"{link.CODE_MAIL}:{link.uuid}:{about}"
    return salted_hmac(salt, code, algorithm="sha256").hexdigest()


def of_mail(model: type[Link], message: Mail) -> Link | None:
    """The link that a mail brought, or a code of; none when it is of something else."""
    uuid = (message.once_key or "::").split(":")[1]
    rows = model._default_manager.select_related("asked_by__user", "person")
    return rows.filter(uuid=uuid).first() if uuid else None


def close(link: CodedLink, failure: str) -> None:
    """Closes a link for good, the first time with the reason."""
    _row(link).filter(failed_at=None).update(failed_at=clock.now(), failure=failure)
    link.refresh_from_db(fields=["failed_at", "failure"])


def _row(link: CodedLink) -> QuerySet[CodedLink]:
    return type(link)._default_manager.filter(pk=link.pk)
