"""Who might go where when a whole cohort is placed: a proposal that a coordinator changes as they like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Student:
    """A student to place: the keys of the sites they would like, first choice first, and of those where they have been."""

    key: int
    wishes: tuple[int, ...] = ()
    been: frozenset[int] = frozenset()


def proposed(students: Sequence[Student], free: Mapping[int, int]) -> dict[int, int]:
    """A site for each student, by keys, as far as the free places go; a student without one is left out.

    Every first choice is served before any second one, in the order of the students. Whoever has no
    wish left goes where most places are free. Nobody is proposed for a site where they have been.
    """
    left = dict(free)
    found: dict[int, int] = {}

    def take(student: Student, site: int) -> None:
        if student.key not in found and site not in student.been and left.get(site, 0) > 0:
            left[site] -= 1
            found[student.key] = site

    for rank in range(max((len(student.wishes) for student in students), default=0)):
        for student in students:
            if rank < len(student.wishes):
                take(student, student.wishes[rank])
    for student in students:
        for site in sorted(left, key=lambda site: (-left[site], site)):
            take(student, site)
    return found
