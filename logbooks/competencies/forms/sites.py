"""What the list of sites is narrowed to; a region that is not there is left out."""

from collections.abc import Iterable
from typing import Any

from django import forms

from placements.forms.coordinator import QuickSelect
from school.core.forms import SchoolForm


class RegionForm(SchoolForm):
    """The region of the network."""

    region = forms.ChoiceField(label="Region", required=False, widget=QuickSelect)

    def __init__(self, *args: Any, regions: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All"), *((name, name) for name in sorted(set(regions)))]
        self.fields["region"].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> str:
        """The region that was asked for; empty for all of them."""
        self.is_valid()
        return self.cleaned_data.get("region") or ""
