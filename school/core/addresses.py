"""Addresses of many objects of one kind, on pages that lead to each of a hundred."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

ANY = UUID(int=0)


def addresses(name: str) -> Callable[[UUID], str]:
    """What `reverse` gives for the UUIDs of objects; the pattern is looked up once."""
    before, after = reverse(name, args=[ANY]).split(str(ANY))
    return lambda uuid: f"{before}{uuid}{after}"
