"""Where a student would like to be placed."""

from collections.abc import Callable
from typing import Any

from django import forms

from placements.forms.coordinator import QuickSelect
from placements.preferences_queries import ORDER
from school.core.forms import SchoolForm
from school.people.models import Site


class PreferencesForm(SchoolForm):
    """A choice of sites for each place in the order; any may be left empty."""

    def __init__(self, *args: Any, beside: Callable[[Site], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = list(Site.objects.order_by("name"))
        self.sites = {site.slug: site for site in sites}
        choices = [("", "No choice")]
        for site in sites:
            words = beside(site)
            choices.append((site.slug, f"{site.name} ({words})" if words else site.name))
        for number, word in enumerate(ORDER, start=1):
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=f"{word} choice", choices=choices, required=False, widget=QuickSelect
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for name in self.fields:
            slug = data.get(name) or ""
            if slug in seen:
                self.add_error(name, f"{self.sites[slug].name} is chosen above already")
            elif slug:
                seen.add(slug)
        return data

    def chosen(self) -> list[Site]:
        """The sites in their order, empty choices left out."""
        return [self.sites[slug] for name in self.fields if (slug := self.cleaned_data.get(name))]
