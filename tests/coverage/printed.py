"""What a reader works out of a published file: of each hidden count the least and the most it can be."""

import csv
from collections import defaultdict
from collections.abc import Iterator

from tests.coverage.bounds import Sums

HIDDEN = "hidden"


def narrow(file: str, *, shared: bool) -> list[str]:
    """Each hidden count of a published CSV that is known to be more than 0, or less than 4; none when all is well.

    `shared` reads the groups as holding some people twice, so that they may come to more than the whole.
    """
    lines = [
        line for line in file.lstrip("\ufeff").splitlines() if not line.startswith(("#", '"#'))
    ]
    columns: dict[str, list[list[str]]] = defaultdict(list)
    for row in list(csv.reader(lines))[1:]:
        columns[row[1]].append(row)
    return [words for name, rows in columns.items() for words in _narrow(name, rows, shared)]


def _narrow(name: str, rows: list[list[str]], shared: bool) -> Iterator[str]:
    *groups, whole = rows
    sums, wanted = Sums(), []
    for part in (0, 1):
        terms = {(place, part): 1 for place in range(len(groups))} | {("whole", part): -1}
        sums.add(terms | ({("twice", part): -1} if shared else {}), 0)
        # The other figure of the whole holds this one, or is held by it.
        if whole[5] and whole[5] != HIDDEN:
            larger = _number(whole[6], 0) >= _number(whole[3], 0)
            sums.add(
                {("beside", part): 1, ("whole", part): -1, ("left", part): -1 if larger else 1}, 0
            )
    for place, row in [*enumerate(groups), ("whole", whole)]:
        assert (row[2] == HIDDEN) == (row[3] == HIDDEN) == (row[4] == HIDDEN), row
        if row[2] == HIDDEN:
            wanted += [(place, 0), (place, 1)]
        else:
            sums.add({(place, 0): 1}, int(row[2]))
            sums.add({(place, 1): 1}, int(row[3]) - int(row[2]))
    if whole[5] and whole[5] != HIDDEN:
        sums.add({("beside", 0): 1}, int(whole[5]))
        sums.add({("beside", 1): 1}, int(whole[6]) - int(whole[5]))
        wanted += [("left", 0), ("left", 1)] if whole[2] == HIDDEN else []
    for unknown in wanted:
        least, most = sums.bounds(unknown)
        if least > 0 or (most is not None and most < 4):
            yield f"{name}: {unknown} lies between {least} and {most}"


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdigit() else otherwise
