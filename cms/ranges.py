"""A part of a file, as players ask for one: without it some play no video at all, and others cannot be wound on."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse

ASKED = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
# What is sent at once; a player asks again for more.
MOST = 2 * 1024 * 1024


def part_asked(request: HttpRequest, file: Any, content_type: str) -> HttpResponse | None:
    """The part of a file that a request asks for; None when it asks for the whole, or for what cannot be read.

    Answers 416 for a part that begins after the end.
    """
    asked = ASKED.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return None
    start, end = int(asked[1]), int(asked[2] or file.size - 1)
    if start >= file.size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    if end < start:
        return None
    length = min(end, file.size - 1) - start + 1
    with file.open("rb") as opened:
        opened.seek(start)
        data = opened.read(min(length, MOST))
    return HttpResponse(
        data,
        status=206,
        content_type=content_type,
        headers={
            "Content-Range": f"bytes {start}-{start + len(data) - 1}/{file.size}",
            "Accept-Ranges": "bytes",
            "X-Content-Type-Options": "nosniff",
        },
    )
