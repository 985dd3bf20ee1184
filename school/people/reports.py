"""Delivery reports: what a returned message says happened, read from its bytes; pure.

Standard ones (RFC 3464) are a multipart/report with the part message/delivery-status. Others are read
when they come from a mailer daemon, hold the returned message's Message-ID and say that it is for good.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from enum import Enum

# Our messages are short; what is larger is not a report about one of them.
MOST_BYTES = 512 * 1024
MOST_PARTS = 20
MOST_RECIPIENTS = 20

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
RETURNED_PARTS = ("message/rfc822", "message/global")
HEADER_PARTS = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")

STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,150}@[^<>\s@]{1,150}>")
RETURNED_ID = re.compile(r"^[ \t>]*message-id:\s*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)
ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,190}")
FOR_GOOD = re.compile(
    r"\b5\.\d{1,3}\.\d{1,3}\b|\b55\d[ -]|permanent (?:fatal )?error", re.IGNORECASE
)
FOR_NOW = re.compile(
    r"\b4\.\d{1,3}\.\d{1,3}\b|delayed|will (?:be retried|retry|keep trying)", re.IGNORECASE
)


class Fate(Enum):
    """What became of the message."""

    FAILED = "failed"
    DELAYED = "delayed"
    ARRIVED = "arrived"


class NotAReport(Exception):
    """An ordinary message, or a report about something else."""


class Unreadable(Exception):
    """A report that is malformed, too large, or does not say enough."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a report says of one recipient, whose address may have two forms: as sent to, and as forwarded."""

    addresses: tuple[str, ...]
    fate: Fate
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report: which message it is about ("" when it returns none), when it was written, and of whom."""

    message_id: str
    at: datetime | None
    recipients: tuple[Recipient, ...]


def read(raw: bytes) -> Report:
    """What a message reports. Raises NotAReport and Unreadable, whatever the bytes are."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"it is larger than {MOST_BYTES // 1024} kB")
    if raw.lower().count(b"boundary") > MOST_PARTS:
        raise Unreadable("it is nested deeper than any report")
    try:
        whole = message_from_bytes(raw)
        if whole.get_content_type() == "multipart/report":
            return _standard(whole)
        return _other(whole)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as fault:
        raise Unreadable(f"it is malformed ({type(fault).__name__})") from fault


# Standard reports


def _standard(whole: Message) -> Report:
    kind = str(whole.get_param("report-type") or "delivery-status").lower()
    if kind != "delivery-status":
        raise NotAReport(f"it is a report of another kind ({_plain(kind)[:40]})")
    parts = _parts(whole)
    status = next((part for part in parts if part.get_content_type() in STATUS_PARTS), None)
    if status is None or not status.is_multipart():
        raise Unreadable("it holds no delivery status")
    blocks = [block for block in _parts(status) if _said(block, "final-recipient")]
    if not blocks:
        raise Unreadable("it names no recipient")
    if len(blocks) > MOST_RECIPIENTS:
        raise Unreadable(f"it names more than {MOST_RECIPIENTS} recipients")
    return Report(_returned_id(parts), _date(whole), tuple(_recipient(block) for block in blocks))


def _recipient(block: Message) -> Recipient:
    typed = (_said(block, "original-recipient"), _said(block, "final-recipient"))
    addresses = tuple(dict.fromkeys(found for one in typed if (found := _address(one))))
    if not addresses:
        raise Unreadable("its recipient is no address")
    status = _said(block, "status")
    words = _said(block, "diagnostic-code").partition(";")[2].strip() or f"status {status}"
    return Recipient(addresses, _fate(_said(block, "action").lower(), status), _plain(words))


def _fate(action: str, status: str) -> Fate:
    found = STATUS.search(status)
    by_status = {"5": Fate.FAILED, "4": Fate.DELAYED, "2": Fate.ARRIVED}
    by_action = {
        "failed": Fate.FAILED,
        "delayed": Fate.DELAYED,
        "delivered": Fate.ARRIVED,
        "relayed": Fate.ARRIVED,
        "expanded": Fate.ARRIVED,
    }
    fate = by_action.get(action) or by_status.get(found[1] if found else "")
    if fate is None:
        raise Unreadable("it does not say what became of the message")
    if fate is Fate.FAILED and found and found[1] == "2":
        raise Unreadable("it says both that the message failed and that it arrived")
    return fate


def _returned_id(parts: list[Message]) -> str:
    """The Message-ID of the returned message, or of its headers."""
    for part in parts:
        kind = part.get_content_type()
        if kind in RETURNED_PARTS and part.is_multipart():
            return _id_of(_parts(part)[0])
        if kind in (*HEADER_PARTS, *RETURNED_PARTS):
            inner = part.get_payload()
            if isinstance(inner, list):
                return _id_of(inner[0]) if inner and isinstance(inner[0], Message) else ""
            return _id_of(message_from_string(_text(part)))
    return ""


def _id_of(returned: Message) -> str:
    found = MESSAGE_ID.search(_said(returned, "message-id"))
    return found[0] if found else ""


# Others


def _other(whole: Message) -> Report:
    failed = _said(whole, "x-failed-recipients")
    sender = parseaddr(_said(whole, "from"))[1].partition("@")[0].lower()
    empty = _said(whole, "return-path") == "<>"
    if not failed and not empty and sender not in ("mailer-daemon", "postmaster"):
        raise NotAReport("it is not a delivery report")
    parts = _parts(whole) if whole.is_multipart() else [whole]
    text = next((_text(part) for part in parts if part.get_content_type() == "text/plain"), "")
    message_id, above = _returned_id(parts), text
    if not message_id:
        found = RETURNED_ID.search(text)
        if found is None:
            raise Unreadable("it does not say which message it is about")
        message_id, above = found[1], text[: found.start()]
    if failed or FOR_GOOD.search(above):
        fate = Fate.FAILED
    elif FOR_NOW.search(above):
        fate = Fate.DELAYED
    else:
        raise Unreadable("it does not say what became of the message")
    addresses = ADDRESS.findall(failed or above)[:MOST_RECIPIENTS]
    if not addresses:
        raise Unreadable("it names no recipient")
    told = Recipient(tuple(dict.fromkeys(addresses)), fate, _why(above))
    return Report(message_id, _date(whole), (told,))


def _why(above: str) -> str:
    """The line that says what is wrong."""
    found = next((line for line in above.splitlines() if FOR_GOOD.search(line)), "")
    return _plain(found) or "The message was returned."


# Parts of messages


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return (
        [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []
    )


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _said(message: Message, header: str) -> str:
    return " ".join(str(message.get(header, "")).split())


def _address(typed: str) -> str:
    """The address of "rfc822; name@example.org"."""
    found = ADDRESS.fullmatch(typed.partition(";")[2].strip().strip("<>"))
    return found[0] if found else ""


def _date(whole: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_said(whole, "date"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _plain(words: str) -> str:
    """Words of a stranger, short and without what a terminal or page could take for a command."""
    kept = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(kept.split())[:300]
