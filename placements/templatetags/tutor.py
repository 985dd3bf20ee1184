"""Draws the rows of the tutor's list: each is made in one go, since a page of them costs more than all else on it."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def followed_row(row: Mapping[str, Any]) -> SafeString:
    """A student in the list, linked to their page and their whole record."""
    name = escape(row["name"])
    return mark_safe(  # noqa: S308 - every word from outside has been through escape()
        f'<tr><th scope="row"><a href="{reverse("person", args=[row["person"]])}">{name}</a><br>'
        f'<span class="soo-note">{escape(row["number"])}</span><br><a class="soo-note" '
        f'href="{reverse("whole_record", args=[row["enrolment"]])}">Whole record'
        f'<span class="nhsuk-u-visually-hidden"> of {name}</span></a></th>'
        f"<td>{_label('Where now')}<span>{_where(row)}</span></td>"
        f'<td class="num">{_hours(row)}</td>'
        f'<td class="num">{_label("Behind, h")}<span>{_behind(row)}</span></td>'
        f"<td>{_why(row)}</td>"
        f"<td>{_label('Last visit')}<span>{escape(row['last'] or 'None yet')}</span></td></tr>"
    )


def _label(words: str) -> str:
    return f'<span class="soo-table__label">{words}</span>'


def _where(row: Mapping[str, Any]) -> str:
    span = f'<br><span class="soo-note">{escape(row["span"])}</span><br>' if row["span"] else ""
    return f'{escape(row["site"])}{span}<span class="soo-note">{escape(row["state"])}</span>'


def _hours(row: Mapping[str, Any]) -> str:
    if not row["hours"]:
        return ""
    awaiting = f", {row['awaiting']} awaiting" if row["awaiting"] else ""
    year = f'<span class="soo-note">year {row["year"]}{awaiting}</span>'
    return f"{_label('Hours of the year')}<span>{row['hours']}<br>{year}</span>"


def _behind(row: Mapping[str, Any]) -> str:
    return f"<strong>{row['behind']}</strong>" if row["behind"] else "–"


def _why(row: Mapping[str, Any]) -> str:
    if not row["why"]:
        return ""
    return f"{_label('Why')}<span>{escape('; '.join(row['why']))}</span>"
