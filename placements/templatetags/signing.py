"""Draws the lines of a list that is signed: fifty of them stand on one page, so each is made in one go."""

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from placements.lines import Line
from school.core.templatetags.soo import flag, state

register = template.Library()


@register.simple_tag
def inbox_line(line: Line) -> SafeString:
    """A line of the inbox, with its box unless it is queried."""
    box = "<span></span>" if line.queried else _box(line)
    said = state("query", "Queried, not part of this batch") if line.queried else line.waiting
    what = escape(line.what) + (f"<br><strong>{escape(line.why)}</strong>" if line.why else "")
    address = f"{reverse('inbox')}{line.uuid}/"
    acts = _act(line, address, "Open")
    if not line.queried:
        acts = _act(line, f"{address}query/", "Query") + acts
    return _drawn(line, box, what, said, not line.queried, acts)


@register.simple_tag
def link_line(line: Line, token: str) -> SafeString:
    """A line behind a link: everything that waits has a box, and what was decided says so."""
    box = _box(line) if line.waits else "<span></span>"
    said = state("query") if line.queried else line.waiting
    if not line.waits:
        said = state(line.state)
    acts = ""
    if line.waits and not line.queried:
        address = f"{reverse('confirm_by_link', args=[token])}{line.uuid}/query/"
        acts = _act(line, address, "Query")
    return _drawn(line, box, f"{escape(line.what)}, {escape(line.site)}", said, line.waits, acts)


@register.simple_tag
def line_words(line: Line) -> SafeString:
    """What a line says below its day: the note, what was found, and a query with its answer."""
    return mark_safe(_words(line))  # noqa: S308 - escaped where it is made


def _drawn(line: Line, box: str, what: str, said: str, asks_seen: bool, acts: str) -> SafeString:
    seen = _seen(line) if line.breach and asks_seen else ""
    look = " soo-line--queried" if line.queried else ""
    return mark_safe(  # noqa: S308 - every word from outside has been through escape()
        f'<li><div class="soo-line{look}">{box}<div class="soo-line__body"><div class="soo-line__what">'
        f'<span>{escape(line.who)}</span><span class="soo-num">{escape(line.hours)}</span></div>'
        f'<p class="soo-line__meta">{what}<br>{conditional_escape(said)}</p>{_words(line)}{seen}'
        f'<div class="soo-line__acts">{acts}</div></div></div></li>'
    )


def _box(line: Line) -> str:
    return (
        '<div class="nhsuk-checkboxes"><div class="nhsuk-checkboxes__item"><input class="nhsuk-checkboxes__input" '
        f'id="line-{line.uuid}" name="line" type="checkbox" value="{line.uuid}" data-minutes="{line.minutes}"'
        f'{" checked" if line.ticked else ""}><label class="nhsuk-label nhsuk-checkboxes__label" for="line-{line.uuid}">'
        f'<span class="nhsuk-u-visually-hidden">{_named(line)}, {escape(line.hours)}</span></label></div></div>'
    )


def _seen(line: Line) -> str:
    return (
        '<div class="nhsuk-checkboxes nhsuk-checkboxes--small"><div class="nhsuk-checkboxes__item">'
        f'<input class="nhsuk-checkboxes__input" id="seen-{line.uuid}" name="seen" type="checkbox" value="{line.uuid}"'
        f'{" checked" if line.seen else ""}><label class="nhsuk-label nhsuk-checkboxes__label" for="seen-{line.uuid}">'
        f'I have seen this<span class="nhsuk-u-visually-hidden">: {_named(line)}</span></label></div></div>'
    )


def _words(line: Line) -> str:
    note = f'<p class="soo-line__meta">Note: “{escape(line.note)}”</p>' if line.note else ""
    flags = "".join(flag(text) for text in (*line.flags, line.problem) if text)
    if not line.query:
        return note + flags
    answer = f"The answer: “{escape(line.reply)}”" if line.reply else "No answer yet."
    return (
        f'{note}{flags}<div class="soo-quote nhsuk-u-margin-bottom-1"><p>“{escape(line.query)}”</p>'
        f"<footer>{escape(line.query_by)}. {answer}</footer></div>"
    )


def _act(line: Line, address: str, word: str) -> str:
    hidden = f'<span class="nhsuk-u-visually-hidden"> {_named(line)}</span>'
    return f'<a href="{escape(address)}">{word}{hidden}</a>'


def _named(line: Line) -> str:
    return f"{escape(line.who)}, {escape(line.what)}"
