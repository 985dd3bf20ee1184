"""Delivery reports: read from the forms they come in, told to the right message, once, and never believed blindly."""

import io
import mailbox
import sys
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from school.core import clock
from school.people import addresses, mail, reports, tasks
from school.people.models import Mail, RefusedAddress
from tests.people import returned
from tests.people.returned import EXIM, HEADERS, NOTHING, QMAIL, standard
from tests.people.returned import other as other_report


@pytest.fixture
def sent(db: None) -> Mail:
    """A message that a server took an hour ago."""
    return a_sent()


def a_sent(address: str = "maria@trust.example", *, ago: timedelta = timedelta(hours=1)) -> Mail:
    """A message that a server took some time ago."""
    made = mail.owe(address=address, kind="digest", subject="2 shifts", body="Look.")
    assert made is not None
    made.state, made.attempts, made.sent_at = "sent", 1, clock.now() - ago
    made.save()
    return made


def read(
    raw: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """What the command does with a message on standard input: its exit status and what it says."""

    class Typed:
        buffer = io.BytesIO(raw)

    monkeypatch.setattr(sys, "stdin", Typed)
    status = 0
    try:
        call_command("read_bounces", "-")
    except CommandError as error:
        status = error.returncode
    shown = capsys.readouterr()
    return status, (shown.out + shown.err).strip()


@pytest.fixture
def reading(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[bytes], tuple[int, str]]:
    """The command on standard input."""
    return lambda raw: read(raw, monkeypatch, capsys)


# What comes back


@pytest.mark.engine
@pytest.mark.parametrize(
    ("write", "why"),
    [
        (standard, "550 5.1.1 <maria@trust.example>: Recipient address rejected"),
        (lambda made: standard(made, returned=HEADERS), "550 5.1.1 <maria@trust.example>: Recipient address rejected"),
        (lambda made: standard(made, address="Maria@Trust.example", charset="x-nonsense"), "550 5.1.1 <Maria@Trust.example>: Recipient address rejected"),
        (lambda made: standard(made, status="4.4.7"), "550 5.1.1 <maria@trust.example>: Recipient address rejected"),
        (lambda made: other_report(QMAIL, made), "This is a permanent error; I've given up. Sorry it didn't work out."),
        (lambda made: other_report(EXIM, made), "The message was returned."),
    ],
    ids=["whole", "headers", "case", "expired", "qmail", "exim"],
)  # fmt: skip
def test_message_that_came_back_is_marked_once(
    sent: Mail,
    reading: Callable[[bytes], tuple[int, str]],
    write: Callable[[Mail], bytes],
    why: str,
) -> None:
    raw = write(sent)
    status, said = reading(raw)
    assert (status, said) == (
        0,
        f"standard input: came back: a message to maria@trust.example: {why}",
    )
    sent.refresh_from_db()
    mark = RefusedAddress.objects.get()
    assert (sent.state, sent.error) == ("came_back", why)
    assert (mark.address, mark.reason) == ("maria@trust.example", why)
    before = list(Mail.objects.values()), list(RefusedAddress.objects.values())
    assert reading(raw) == (
        0,
        "standard input: known already: a message to maria@trust.example",
    )
    assert (list(Mail.objects.values()), list(RefusedAddress.objects.values())) == before


@pytest.mark.parametrize(
    ("action", "status", "word"),
    [
        ("delayed", "4.4.1", "is delayed"),
        ("relayed", "2.0.0", "arrived"),
        ("", "4.2.2", "is delayed"),
    ],
)
def test_report_of_no_failure_is_noted_only(
    sent: Mail,
    reading: Callable[[bytes], tuple[int, str]],
    action: str,
    status: str,
    word: str,
) -> None:
    found = reading(standard(sent, action=action, status=status))
    assert found == (0, f"standard input: noted: a message to maria@trust.example {word}")
    sent.refresh_from_db()
    assert (sent.state, RefusedAddress.objects.count()) == ("sent", 0)


def test_message_in_doubt_came_back_so_it_had_arrived(
    sent: Mail, reading: Callable[[bytes], tuple[int, str]]
) -> None:
    Mail.objects.filter(pk=sent.pk).update(state="waiting", sent_at=None, error="TimeoutError")
    assert reading(standard(sent))[0] == 0
    sent.refresh_from_db()
    assert (sent.state, sent.sent_at is not None) == ("came_back", True)
    assert list(mail.due()) == []


def test_code_that_came_back_is_blanked(sent: Mail) -> None:
    Mail.objects.filter(pk=sent.pk).update(kind="login_code", state="sending", sent_at=None)
    sent.refresh_from_db()
    assert mail.came_back(mail=sent, error="gone") is True
    sent.refresh_from_db()
    assert sent.body == ""


def test_those_who_asked_hear_of_it(sent: Mail) -> None:
    told: list[tuple[int, str]] = []
    handler = lambda made: told.append((made.pk, made.error))  # noqa: E731
    mail.mail_refused("digest", handler)
    try:
        mail.came_back(mail=sent, error="gone")
        task = DBTaskResult.objects.get(task_path="school.people.mail.tell_refused")
        task.task.call(*task.args_kwargs["args"])
    finally:
        mail._refused["digest"].remove(handler)
    assert told == [(sent.pk, "gone")]


# What is not believed


def nested(depth: int) -> bytes:
    """Parts in parts in parts."""
    head = b"From: MAILER-DAEMON@x.example\nMIME-Version: 1.0\n"
    for number in range(depth):
        head += f'Content-Type: multipart/report; boundary="b{number}"\n\n--b{number}\n'.encode()
    return head


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda made: standard(made, address="other@trust.example"), "skipped: it names other@trust.example, and that message went to another address"),
        (lambda made: standard(made, message_id="<x@portal.example>"), "skipped: it is about a message that is not ours"),
        (lambda made: standard(made, address="other@trust.example", returned=NOTHING), "skipped: nothing was sent to other@trust.example in the week before it"),
        (lambda made: standard(made, status="2.0.0"), "skipped: it says both that the message failed and that it arrived"),
        (lambda made: standard(made, action="", status=""), "skipped: it does not say what became of the message"),
        (lambda made: standard(made).replace(b"Final-Recipient: rfc822; ", b"Final-Recipient: "), "skipped: its recipient is no address"),
        (lambda made: standard(made).replace(b"Final-Recipient", b"X"), "skipped: it names no recipient"),
        (lambda made: standard(made).replace(b"message/delivery-status", b"text/plain"), "skipped: it holds no delivery status"),
        (lambda made: standard(made, returned=NOTHING).replace(b"\nDate:", b"\nX-Date:"), "skipped: it returns no message and has no date"),
        (lambda made: standard(made) + b"x" * reports.MOST_BYTES, "skipped: it is larger than 512 kB"),
        (lambda made: nested(200), "skipped: it is nested deeper than any report"),
        (lambda made: b"From: MAILER-DAEMON@x.example\n\nSorry.", "skipped: it does not say which message it is about"),
        (lambda made: other_report("From: postmaster@x.example\n\nHello {address}\nMessage-ID: {message_id}\n", made), "skipped: it does not say what became of the message"),
    ],
    ids=["forged", "not-ours", "stranger", "contradiction", "silent", "no-type", "no-recipient", "no-status", "no-date", "huge", "nested", "no-id", "no-fate"],
)  # fmt: skip
def test_report_that_cannot_be_believed_is_skipped_and_changes_nothing(
    sent: Mail,
    reading: Callable[[bytes], tuple[int, str]],
    write: Callable[[Mail], bytes],
    reason: str,
) -> None:
    status, said = reading(write(sent))
    assert (status, said.splitlines()) == (1, [f"standard input: {reason}"])
    sent.refresh_from_db()
    assert (sent.state, RefusedAddress.objects.count()) == ("sent", 0)


def test_report_about_a_message_that_was_not_sent_is_skipped(
    sent: Mail, reading: Callable[[bytes], tuple[int, str]]
) -> None:
    Mail.objects.filter(pk=sent.pk).update(state="waiting", attempts=0, sent_at=None)
    assert reading(standard(sent)) == (
        1,
        "standard input: skipped: it is about a message that was not sent yet",
    )


def test_report_that_returns_no_message_is_noted_and_marks_nothing(
    sent: Mail, reading: Callable[[bytes], tuple[int, str]]
) -> None:
    status, said = reading(standard(sent, returned=NOTHING))
    assert (status, said.startswith("standard input: noted: maria@trust.example may not")) == (
        0,
        True,
    )
    sent.refresh_from_db()
    assert (sent.state, RefusedAddress.objects.count()) == ("sent", 0)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: maria@trust.example\nSubject: Out of office\n\nBack on Monday, 5.1.1.",
        b'Content-Type: multipart/report; report-type=disposition-notification; boundary="a"\n\n--a--',
        b"",
    ],
    ids=["ordinary", "read-receipt", "empty"],
)
def test_what_is_no_report_is_left_alone(
    db: None, reading: Callable[[bytes], tuple[int, str]], raw: bytes
) -> None:
    status, said = reading(raw)
    assert (status, said.startswith("standard input: left alone: it is")) == (0, True)


PIECES = st.sampled_from(
    [
        *standard(Mail(address="a@b.example", message_id="<c@portal.example>")).splitlines(True),
        *other_report(QMAIL, Mail(address="a@b.example", message_id="<c@d>")).splitlines(True),
        b"\xff\xfe\x00\n",
        b"Content-Type: text/plain; charset=\xff\xfe\n",
        b"Content-Transfer-Encoding: base64\n",
    ]
)


@given(st.lists(PIECES | st.binary(max_size=40), max_size=40).map(b"".join))
def test_any_bytes_are_a_report_or_a_reason(raw: bytes) -> None:
    try:
        found = reports.read(raw)
    except (reports.NotAReport, reports.Unreadable):
        return
    assert all(one.addresses and len(one.words) <= 300 for one in found.recipients)
    assert all(one.words.isprintable() for one in found.recipients)


# Where reports come from


def test_mbox_and_maildir_are_read_whole(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = a_sent("one@trust.example"), a_sent("two@trust.example")
    boxes: list[mailbox.Mailbox[Any]] = [
        mailbox.mbox(tmp_path / "box"),
        mailbox.Maildir(tmp_path / "dir"),
    ]
    for box in boxes:
        for raw in (standard(first), b"From: a@b.example\n\nHello", standard(second)):
            box.add(message_from_bytes(raw))
        box.close()
    call_command("read_bounces", str(tmp_path / "box"))
    said = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in said] == ["came back", "left alone", "came back"]
    call_command("read_bounces", str(tmp_path / "dir"))
    said = capsys.readouterr().out.splitlines()
    assert sorted(line.split(": ")[1] for line in said) == [
        "known already",
        "known already",
        "left alone",
    ]
    assert set(Mail.objects.values_list("state", flat=True)) == {"came_back"}


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_source_that_is_none_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("read_bounces", str(tmp_path / name))
    assert caught.value.returncode == 2


# Marks


def test_mark_goes_when_a_later_message_has_not_come_back_for_three_days(db: None) -> None:
    for address, came_back, later in (
        ("good@trust.example", 9, 4),
        ("soon@trust.example", 9, 2),
        ("still@trust.example", 3, 4),
    ):
        addresses.mark(address, "550 No such user")
        since = clock.now() - timedelta(days=came_back)
        RefusedAddress.objects.filter(address=address).update(since=since)
        a_sent(address.upper(), ago=timedelta(days=later))
    assert tasks.clear_addresses.func() == 1
    assert sorted(RefusedAddress.objects.values_list("address", flat=True)) == [
        "soon@trust.example",
        "still@trust.example",
    ]


def test_mark_goes_when_nobody_has_the_address_any_more(db: None) -> None:
    from tests.people import cast

    cast.a_person("Maria Mentor", "Maria@trust.example")
    for address in ("maria@trust.example", "nobody@trust.example"):
        addresses.mark(address, "550 No such user")
    RefusedAddress.objects.update(since=clock.now() - timedelta(days=40))
    assert tasks.clear_addresses.func() == 1
    assert RefusedAddress.objects.get().address == "maria@trust.example"


def test_mark_again_is_the_same_mark_with_the_newest_reason(db: None) -> None:
    addresses.mark("maria@trust.example", "first")
    addresses.mark("MARIA@trust.example", "second")
    mark = RefusedAddress.objects.get()
    assert (mark.address, mark.reason) == ("maria@trust.example", "second")


def test_report_names_several_recipients_and_one_of_them_is_ours(
    sent: Mail, reading: Callable[[bytes], tuple[int, str]]
) -> None:
    raw = standard(sent).replace(
        b"Reporting-MTA: dns; mx.trust.example\n\n",
        b"Reporting-MTA: dns; mx.trust.example\n\n"
        + returned.RECIPIENT.format(
            address="x@y.example", action="failed", status="5.0.0"
        ).encode(),
    )
    status, said = reading(raw)
    assert (status, len(said.splitlines())) == (1, 2)
    sent.refresh_from_db()
    assert sent.state == "came_back"
