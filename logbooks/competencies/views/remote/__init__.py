"""Signing without signing in: behind a link, on the student's phone, and the PIN that is typed there."""

from typing import Any
from uuid import uuid4

from django.http import QueryDict

from logbooks.competencies import assessors
from logbooks.competencies import signing_queries as reads
from logbooks.competencies.actions.signing import WORDINGS
from logbooks.competencies.forms.signing import SaidForm
from logbooks.competencies.models import SignOff
from logbooks.competencies.signing_queries import SignLine
from placements.forms.educator import typed_again
from placements.models import Placement
from school.people.models import Person
from school.people.queries import identity


class Asked:
    """What a student asked somebody to sign at a placement, and in which capacities they may."""

    def __init__(self, placement: Placement, assessor: Person) -> None:
        self.placement, self.assessor = placement, assessor
        me = identity(assessor)
        self.lines: list[SignLine] = reads.waiting_at(placement, me, ())
        held = assessors.held_by(me, [placement.pk])
        self.capacities = held.get(placement.pk, assessors.NOTHING).signs

    def context(self, form: SaidForm) -> dict[str, Any]:
        """What the templates of sign-off read, with what was ticked before still ticked."""
        for line in self.lines:
            line.ticked = line.value in form.ticked
        return {
            "form": form,
            "asked": self,
            "placement": self.placement,
            "student": self.placement.enrolment.person,
            "lines": self.lines,
            "capacities": [SignOff.Capacity(held).label for held in self.capacities],
            "wordings": [(SignOff.Outcome(key).label, words) for key, words in WORDINGS.items()],
        }


def as_typed(form: type[SaidForm], kept: QueryDict | None = None) -> dict[str, Any]:
    """What a form shows first: a batch of its own, or what was kept of an earlier one."""
    again = typed_again(form.base_fields, kept) if kept else {}
    return {"batch": uuid4()} | again
