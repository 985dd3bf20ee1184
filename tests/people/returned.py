"""Delivery reports as mail servers write them, about a message of ours."""

from email.utils import format_datetime

from school.core import clock
from school.people.models import Mail

STANDARD = """\
Return-Path: <>
From: MAILER-DAEMON@mx.trust.example (Mail Delivery System)
To: school@portal.example
Subject: Undelivered Mail Returned to Sender
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A1"

--A1
Content-Type: text/plain; charset={charset}

I'm sorry to have to inform you that your message could not be delivered.

--A1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.trust.example

{recipients}
--A1
{returned}
--A1--
"""

RECIPIENT = """\
Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address rejected

"""

WHOLE = """\
Content-Type: message/rfc822

Message-ID: {message_id}
To: {address}
Subject: Hours wait for you

Look.
"""
HEADERS = """\
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {address}
"""
NOTHING = "Content-Type: text/plain\n\nNothing is returned.\n"

QMAIL = """\
Return-Path: <>
From: MAILER-DAEMON@mx.trust.example
To: school@portal.example
Subject: failure notice
Date: {date}

Hi. This is the qmail-send program at mx.trust.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{address}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: {message_id}
To: {address}
"""

EXIM = """\
From: Mail Delivery System <Mailer-Daemon@mx.trust.example>
To: school@portal.example
X-Failed-Recipients: {address}
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender
Date: {date}

This message was created automatically by mail delivery software.
  {address}
    unrouteable address

------ This is a copy of the message, including all the headers. ------

Message-ID: {message_id}
"""


def standard(
    mail: Mail,
    *,
    address: str = "",
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = WHOLE,
    message_id: str = "",
    charset: str = "utf-8",
) -> bytes:
    """A report by the standard."""
    given = {"address": address or mail.address, "message_id": message_id or mail.message_id}
    return STANDARD.format(
        date=format_datetime(clock.now()),
        charset=charset,
        recipients=RECIPIENT.format(action=action, status=status, **given),
        returned=returned.format(**given),
    ).encode()


def other(words: str, mail: Mail) -> bytes:
    """A report by a server's own custom."""
    return words.format(
        date=format_datetime(clock.now()), address=mail.address, message_id=mail.message_id
    ).encode()
