"""Lines of corrections: a fact with those that it supersedes, and those that supersede it."""

from collections.abc import Collection

from school.core.models import Fact


def lines(model: type[Fact], facts: Collection[int]) -> list[list[int]]:
    """The lines that facts, by their primary keys, belong to, each from the first fact to the newest.

    As many queries as the longest has facts, and one more; `model` has `supersedes`.
    """
    before: dict[int, int | None] = {}
    after: dict[int, int] = {}
    look = set(facts)
    while look:
        rows = model._default_manager.filter(pk__in=look).values_list("pk", "supersedes")
        before.update(rows)
        look = {one for _, one in rows if one is not None} - before.keys()
    firsts = [pk for pk, one in before.items() if one is None]
    look = set(before)
    while look:
        rows = model._default_manager.filter(supersedes__in=look).values_list("supersedes", "pk")
        after.update(rows)
        look = {pk for _, pk in rows} - before.keys()
    found = []
    for first in firsts:
        line = [first]
        while line[-1] in after:
            line.append(after[line[-1]])
        found.append(line)
    return found
