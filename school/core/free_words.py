"""Fields of free words that may not point to a patient: what is found is refused, or asked about and answered by the writer."""

from typing import Any, ClassVar

from django import forms

from school.core.free_text import Kind, findings

# As many findings of a field as its writer is told at once.
MOST = 5


class FreeWordsMixin(forms.Form):
    """A form with fields of free words, named in `FREE_WORDS`; one box answers for what was asked about in all of them.

    `NAMES` are those of them that ask for somebody's name: only there a name is no finding.

    static/js/free-text.js says the same while one types.
    """

    FREE_WORDS: tuple[str, ...]
    NAMES: ClassVar[tuple[str, ...]] = ()
    words_checked = forms.BooleanField(
        label="I have looked: none of this points to a patient", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.FREE_WORDS) - set(self.NAMES):
            self.fields[name].widget.attrs["data-free-text"] = "true"
        self._asked = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.FREE_WORDS:
            found = findings(data.get(name) or "")
            if name in self.NAMES:
                found = [one for one in found if one.kind is not Kind.NAME]
            refused = [one for one in found if one.refused]
            asked = [] if data.get("words_checked") else [o for o in found if not o.refused]
            self._asked = self._asked or bool(asked)
            for one in (*refused, *asked)[:MOST]:
                self.add_error(name, one.message)
        return data

    @property
    def asks_words(self) -> bool:
        """Whether the writer is asked if something points to a patient."""
        if self.is_bound:
            self.is_valid()
        return self._asked or bool(self["words_checked"].value())
