"""What an audit asks for, and when it was done."""

from django import forms

from school.core.forms import SchoolForm, SplitDateField


class ActionForm(SchoolForm):
    """Something that an audit asks for, by a day."""

    what = forms.CharField(
        label="What the audit asks for",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what the audit asks for"},
    )
    due = SplitDateField(label="By", noun="the day it is due")
    uuid = forms.UUIDField(widget=forms.HiddenInput)


class DoneForm(SchoolForm):
    """The day on which an action was done."""

    day = SplitDateField(label="Day it was done", noun="the day it was done")
