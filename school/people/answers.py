"""What a mail server's answer means: for good or for now, about the address or about us, and in which words."""

import re
import smtplib
from collections.abc import Sequence

# Enhanced status codes (RFC 3463): of the address or mailbox; of our being allowed to send.
ABOUT_ADDRESS = re.compile(r"\b[45]\.[12]\.\d")
ABOUT_US = re.compile(r"\b[45]\.7\.\d")

# What the server said, as against its saying nothing.
ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


def is_permanent(fault: Exception) -> bool:
    """Whether the server said 5xx about this message or its address, and not about us."""
    codes: Sequence[int] = ()
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in fault.recipients.values()]
    elif isinstance(fault, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        codes = [fault.smtp_code]
    # 530 asks us to sign in first: a setting of ours that somebody will mend.
    return bool(codes) and all(500 <= code < 600 and code != 530 for code in codes)


def blames_address(fault: Exception) -> bool:
    """Whether the server spoke of the address: it refused the recipient, and not because of who sends."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return not ABOUT_US.search(words(fault))
    return isinstance(fault, smtplib.SMTPDataError) and bool(ABOUT_ADDRESS.search(words(fault)))


def words(fault: Exception) -> str:
    """The server's own words, or the fault's, short enough to keep."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        answers = fault.recipients.values()
        return "; ".join(f"{code} {_text(answer)}" for code, answer in answers)[:500]
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{fault.smtp_code} {_text(fault.smtp_error)}"[:500]
    return f"{type(fault).__name__}: {fault}"[:500]


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
