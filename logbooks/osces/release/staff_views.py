"""The results of an exam, the trail of each mark, and appeals: for who runs OSCEs and, without names, an external examiner."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from logbooks.osces.examined.source import ExamSource, of_exam
from logbooks.osces.marking.queries import standing
from logbooks.osces.models import Appealed, Candidate, StandardSet
from logbooks.osces.release import actions, queries, shown
from logbooks.osces.release import trail as trails
from logbooks.osces.release.forms import AnswerForm
from logbooks.osces.results import decision
from logbooks.osces.results.decision import Decision
from logbooks.osces.stations.views import keeper, reader
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate in the table of results: the cells by station, and the name where it may be seen."""

    number: int
    name: str
    cells: tuple[tuple[str, str], ...]
    total: str = ""
    passed: bool | None = None
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    carried: str = ""


def _exam(key: UUID) -> ExamSource:
    """A frozen exam: before that there is nothing to read of it but its design."""
    source = of_exam(key)
    if source is None:
        raise Http404
    return source


@never_cache
@require_safe
def results(request: HttpRequest, exam: UUID) -> HttpResponse:
    """What each candidate has, by number, and by name once it is released; the standard with its reasons; the release."""
    keeps = reader(request)
    source = _exam(exam)
    found = source.exam
    standard = queries.standard(found)
    said = decision.from_canonical(standard.document) if standard else None
    released = getattr(standard, "released", None)
    earlier = released is None and queries.is_released(found)
    named = keeps and (released is not None or earlier)
    people = {row.number: row for row in source.candidates}
    heads = [one.short for one in source.marked]
    rows = _judged(said, heads) if said else _unjudged(source, heads)
    own = False
    if standard and keeps:
        own = queries.is_actor(request.viewer.me, standard)  # type: ignore[attr-defined]
    context = {
        "exam": found,
        "keeps": keeps,
        "standard": standard,
        "said": said,
        "decided": shown.standard(said) if said else [],
        "set_by": Person.objects.filter(uuid=standard.entry.actor).first() if standard else None,
        "released": released,
        "earlier": earlier,
        "named": named,
        "heads": heads,
        "rows": [_completed(row, people.get(row.number), named) for row in rows],
        "rests": bool(said) and queries.rests_on_marks(standing(found), said),  # type: ignore[arg-type]
        "own": own,
        "uuid": uuid4(),
    }
    if named:
        request.viewer.opened(*(one.enrolment.person for one in people.values()))  # type: ignore[attr-defined]
    return render(request, "osces/release/exam.html", context)


def _judged(said: Decision, heads: list[str]) -> list[Row]:
    rows = []
    for one in said.results:
        by = {at.station: shown.number(at.mark) for at in one.stations}
        cells = tuple((head, by.get(head, "none")) for head in heads)
        outcome = shown.OUTCOMES[one.passed]
        rows.append(Row(one.number, "", cells, shown.number(one.total), one.passed, outcome, one.reasons, one.carried))  # fmt: skip
    return rows


def _unjudged(source: ExamSource, heads: list[str]) -> list[Row]:
    """The marks as they stand, before there is a standard."""
    by: dict[int, dict[str, list[Fraction]]] = {}
    for one in source.rows:
        if one.mark is not None:
            by.setdefault(int(one.candidate), {}).setdefault(one.station, []).append(one.mark)
    return [
        Row(
            number,
            "",
            tuple((head, " and ".join(map(shown.number, own.get(head, []))) or "none") for head in heads),
            carried=source.marks.brought(str(number)),
        )
        for number, own in sorted(by.items())
    ]  # fmt: skip


def _completed(row: Row, candidate: Candidate | None, named: bool) -> Row:
    """With the name, where it may be seen."""
    return replace(row, name=candidate.enrolment.person.name) if candidate and named else row


@require_POST
def release(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Release the results under the standard that was shown."""
    me = keeper(request)
    found = _exam(exam).exam
    rows = StandardSet.objects.filter(exam=found).select_related("exam__book")
    try:
        standard = get_object_or_404(rows, entry__uuid=UUID(request.POST.get("standard", "")))
        uuid = UUID(request.POST.get("uuid", ""))
    except ValueError:
        messages.error(request, "Nothing was released. Look at the results and press the button.")
        return redirect("osce_results", exam)
    try:
        actions.release(by=me, standard=standard, uuid=uuid)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The results are released, and every candidate is told.")
    return redirect("osce_results", exam)


@never_cache
@require_safe
def trail(request: HttpRequest, exam: UUID, number: int) -> HttpResponse:
    """How each mark of a candidate came about, and their appeals."""
    keeps = reader(request)
    return _trail(request, exam, number, keeps, AnswerForm(initial={"uuid": uuid4()}))


def _trail(
    request: HttpRequest, exam: UUID, number: int, keeps: bool, form: AnswerForm, status: int = 200
) -> HttpResponse:
    rows = queries.traceable().filter(exam__uuid=exam, number=number)
    candidate = get_object_or_404(rows)
    viewer, person = request.viewer, candidate.enrolment.person  # type: ignore[attr-defined]
    named = keeps and candidate.is_released  # type: ignore[attr-defined]
    if named:
        viewer.opened(person)
    found = trails.of(candidate, words=keeps)
    waiting = next((one.fact for one in found.appeals if one.answer is None), None)
    context = {
        "exam": candidate.exam,
        "candidate": candidate,
        "name": person.name if named else "",
        "keeps": keeps,
        "trail": found,
        "waiting": waiting,
        "barred": waiting and _barred(viewer.me, candidate, waiting, found),
        "form": form,
        "has_errors": status != 200,
    }
    return render(request, "osces/release/trail.html", context, status=status)


def _barred(me: Sequence[int], candidate: Candidate, appeal: Appealed, found: trails.Trail) -> str:
    """Why somebody does not answer an appeal; empty where they may."""
    examiners = {one.row.examiner_id for one in found.sheets}
    recorder = found.people[appeal.outcome.released.standard.entry.actor].pk
    return actions.why_another_answers(me, candidate.enrolment.person_id, examiners, recorder)


@never_cache
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """Every appeal, those that wait first."""
    keeper(request)
    me = request.viewer.me  # type: ignore[attr-defined]
    found = [
        one for one in queries.appeals() if one.outcome.candidate.enrolment.person_id not in me
    ]
    request.viewer.opened(*(one.outcome.candidate.enrolment.person for one in found))  # type: ignore[attr-defined]
    context = {
        "waiting": [one for one in found if not hasattr(one, "answer")],
        "answered": [one for one in found if hasattr(one, "answer")],
    }
    return render(request, "osces/release/appeals.html", context)


@never_cache
@require_POST
def answer(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Answer an appeal; what cannot be saved comes back with the trail and what was typed."""
    me = keeper(request)
    rows = queries.appeals().select_related(
        "outcome__candidate__exam",
        "outcome__candidate__enrolment__person",
        "outcome__candidate__enrolment__book",
        "outcome__released__standard__entry",
    )
    found = get_object_or_404(rows, entry__uuid=appeal)
    candidate = found.outcome.candidate
    form = AnswerForm(request.POST)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.answer(
                by=me,
                appeal=found,
                upheld=data["upheld"] == "yes",
                words=data["words"],
                uuid=data["uuid"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The appeal is answered, and the candidate is told.")
            return redirect("osce_trail", candidate.exam.uuid, candidate.number)
    return _trail(request, candidate.exam.uuid, candidate.number, True, form, status)
