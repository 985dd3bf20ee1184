"""What a student says of a copy of the log book, and of the reader it is shared with."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from school.core.forms import SchoolForm, SplitDateField
from school.core.free_words import FreeWordsMixin


class CopyForm(SchoolForm):
    """Whether the student's own reflections go into a copy."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reflections = forms.BooleanField(
        label="With my reflections",
        help_text="Whoever reads the copy reads them. Everything else is in every copy",
        required=False,
    )


class ShareForm(FreeWordsMixin, SchoolForm):
    """Who reads a copy, until when and what for."""

    FREE_WORDS = ("name", "purpose")
    NAMES = ("name",)
    field_order = ("name", "address", "purpose", "words_checked", "ends_on")

    nouns: ClassVar[Mapping[str, str]] = {"name": "the reader’s name", "address": "their email address", "purpose": "what it is for"}  # fmt: skip
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Reader",
        help_text="For example, Dr Ada Example, external examiner",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.EmailField(
        label="Their email address",
        help_text="The link goes there and nowhere else",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    purpose = forms.CharField(
        label="What it is for",
        help_text="The reader sees this. For example, external examination of year 3",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    ends_on = SplitDateField(
        label="Last day of the link",
        noun="the last day of the link",
        help_text="At most a year ahead. You can end it before",
    )
