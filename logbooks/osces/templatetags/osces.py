"""Marks as templates write them."""

from fractions import Fraction

from django import template

from logbooks.osces.examined.shown import said

register = template.Library()


@register.filter
def as_mark(value: Fraction | float | str | None) -> str:
    """A mark in two decimals at most, from a figure or the text that a decision holds: "68.9", "72", "none"."""
    if value is None or value == "":
        return "none"
    return said(Fraction(value)).rstrip("0").rstrip(".")
