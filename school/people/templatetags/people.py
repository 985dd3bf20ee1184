"""What the account pages need in templates."""

import json
from typing import Any

from django import template

register = template.Library()


BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


@register.filter
def browser(said: str) -> str:
    """What a browser says of itself, in two words: "Chrome on Windows"."""
    program = next((word for mark, word in BROWSERS if mark in said), "A browser")
    system = next((word for mark, word in SYSTEMS if mark in said), "")
    return f"{program} on {system}" if system else program


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute that a script reads; the template escapes it."""
    return json.dumps(value)
