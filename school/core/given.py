"""Files that people put into the portal, given out again."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from school.core import evidence
from school.core.errors import DomainError


def kept_file(data: bytes | None, name: str) -> HttpResponse:
    """A file as it is kept, to be taken away under a name; `data` is none when it is gone or not what was kept.

    Raises DomainError then.
    """
    kind = evidence.kind_of(data) if data else None
    if data is None or kind is None:
        raise DomainError(
            "The file is missing where files are kept, or is not what was sent. "
            "Write to whoever looks after the portal: it can be brought back from a backup."
        )
    safe = "".join(sign if sign.isalnum() else "-" for sign in name)
    # In whatever letters: a header of other ones than these is encoded as a whole, and is none to a browser.
    sent = content_disposition_header(as_attachment=True, filename=f"{safe}.{kind[1]}")
    assert sent is not None
    return HttpResponse(data, content_type=kind[0], headers={"Content-Disposition": sent})
