"""Rows of a form that are put in order by a number, and whole numbers in narrow boxes."""

from typing import Any

from django import forms

# Empty rows that a page offers below those that are filled in.
MORE = 3
NUMBER = {"class": "soo-time", "inputmode": "numeric"}


def whole_number(
    label: str, what: str, numbers: range, unit: str, **more: Any
) -> forms.IntegerField:
    """One of some numbers; whatever else is typed is answered with "A station lasts 1 to 60 minutes"."""
    words = f"{what} {numbers[0]} to {numbers[-1]} {unit}"
    return forms.IntegerField(
        label=label,
        min_value=numbers[0],
        max_value=numbers[-1],
        widget=forms.TextInput(attrs=NUMBER),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
        **more,
    )


class InOrder(forms.BaseFormSet):
    """Rows with a number each; those without a number stand last, in the order of the page."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The number in a narrow box."""
        super().add_fields(form, index)
        form.fields["ORDER"].widget = forms.TextInput(attrs=NUMBER)

    def filled(self, name: str) -> list[Any]:
        """The forms in which a field is filled in, in their order."""
        rows = [form for form in self.forms if form.cleaned_data.get(name)]
        return sorted(rows, key=lambda form: form.cleaned_data.get("ORDER") or len(self.forms) + 1)


def rows_of(form: type[forms.Form], formset: type[InOrder], most: int) -> Any:
    """The formset of rows that hold a form, at most so many of them."""
    return forms.formset_factory(
        form,
        formset=formset,
        extra=MORE,
        can_order=True,
        max_num=most + MORE,
        absolute_max=most + MORE,
        validate_max=True,
    )
