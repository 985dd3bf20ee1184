"""Examiners as they are typed, by e-mail address or whole name, and who is whom of those who were merged."""

import re
from collections.abc import Collection, Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from school.people.models import Person, RoleGrant
from school.people.queries import merges
from school.people.roles import PRACTICE_EDUCATOR, PROGRAMME_LEAD, SCHOOL_EDUCATOR

SUGGESTED = 300
LIKELY = (PRACTICE_EDUCATOR.key, SCHOOL_EDUCATOR.key, PROGRAMME_LEAD.key)


def words_of(typed: str) -> list[str]:
    """The names or addresses in "Dilys Sampleby <dilys@example.org>, owen@example.org"; an address in brackets stands for the whole."""
    parts = (part.strip() for part in re.split(r"[,;]", typed))
    return [
        (inner[1] if (inner := re.search(r"<([^<>\s]+@[^<>\s]+)>", part)) else part)
        for part in parts
        if part
    ]


def written(person: Person) -> str:
    """How a person is written in a box, so that exactly they are found again."""
    return f"{person.name} <{person.email}>" if person.email else person.name


def found(words: Collection[str]) -> dict[str, list[Person]]:
    """The people with these addresses or whole names, in any case; one query."""
    low = {one.lower() for one in words}
    rows = Person.objects.annotate(low_name=Lower("name"), low_email=Lower("email"))
    people = list(rows.filter(Q(low_name__in=low) | Q(low_email__in=low, email__gt="")))
    return {
        one: [
            person
            for person in people
            if one.lower() in (person.name.lower(), person.email.lower())
        ]
        for one in words
    }


def wrong(word: str, people: Sequence[Person]) -> str:
    """What is wrong with a name or an address; empty when it is one person's."""
    if not people:
        return f"Nobody in the portal is “{word}”. Enter their e-mail address or whole name"
    if len(people) > 1:
        return f"{len(people)} people are called “{word}”. Enter the e-mail address instead"
    return ""


def likely() -> list[str]:
    """Educators and leads, as suggestions; one query."""
    keys = RoleGrant.objects.filter(role__in=LIKELY).values("person")
    return [written(one) for one in Person.objects.filter(pk__in=keys).order_by("name")[:SUGGESTED]]


def merged() -> dict[str, str]:
    """The UUIDs of people who were merged, as text, with that of whom each is; one query."""
    pairs = merges().values_list("merged__uuid", "kept__uuid")
    return {str(merged): str(kept) for merged, kept in pairs}
