"""Building the regulator's profile: where it stands, choosing and writing."""

from itertools import zip_longest
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.cpd.actions.profiles import choose, write
from logbooks.cpd.cycles import countdown
from logbooks.cpd.forms.profiles import (
    NO_REFLECTIONS,
    NOT_EMPTY,
    ChooseForm,
    Line,
    WordsForm,
    begun,
    boxes,
)
from logbooks.cpd.learning import Learning
from logbooks.cpd.models import ProfileDraft
from logbooks.cpd.profile import queries
from logbooks.cpd.profile.document import Listed, too_long
from logbooks.cpd.schemes import Part
from logbooks.cpd.suggest import suggested
from logbooks.cpd.views.asked import Asked, asked
from logbooks.cpd.wordcount import count
from placements.views.coordinator import status_of
from school.core import days
from school.core.codes import grouped
from school.core.errors import Conflict, DomainError
from school.core.forms import refuse


@never_cache
@require_safe
def cpd_profile(request: HttpRequest) -> HttpResponse:
    """Where one's profile stands, and the frozen ones."""
    by = asked(request)
    draft = queries.draft_of(by.me, by.by.period)
    rows = queries.in_period(by.me, by.by.period, by.today)
    there = queries.counted(rows, queries.chosen_keys(draft))
    cycle = by.by.cycle
    context = {
        **by.frame,
        "countdown": countdown(cycle, by.today).words if cycle and not by.is_before else "",
        "there": there,
        "tasks": _tasks(by, draft, there),
        "frozen": _frozen(by),
    }
    return render(request, "cpd/profile/profile.html", context)


def _frozen(by: Asked) -> list[dict[str, Any]]:
    """The frozen profiles, each with the one that was frozen before it."""
    rows = queries.frozen(by.me)
    return [
        {"profile": row, "code": grouped(row.code), "before": earlier}
        for row, earlier in zip_longest(rows, rows[1:])
    ]


def _tasks(by: Asked, draft: ProfileDraft | None, there: queries.Counted) -> list[dict[str, Any]]:
    """The steps, each with how far it has come."""
    page = by.at("cpd_write_profile")
    written = [
        # Whoever begins sees the top of the page.
        {**_written(part, words), "url": f"{page}#id_{part.key}" if place else page}
        for place, (part, words) in enumerate(_counted(by, draft))
    ]
    ready = bool(there.chosen) and all(one["state"] == "done" for one in written)
    return [
        {
            "title": "Choose your activities",
            "url": by.at("cpd_choose"),
            "hint": f"{there.chosen} of {there.all} chosen",
            "state": "done" if there.chosen else "not_started",
        },
        *written,
        {
            "title": "Check and freeze",
            "url": by.at("cpd_check_profile"),
            "hint": "It is then kept as it is, to download and send",
            "state": "booked" if ready else "not_started",
            "word": "Ready" if ready else "Not ready",
        },
    ]


def _counted(by: Asked, draft: ProfileDraft | None) -> list[tuple[Part, int]]:
    """Each part that is written, with how many words it has."""
    texts = draft.texts if draft else {}
    return [(part, count(texts.get(part.key, ""))) for part in by.by.scheme.written]


def _written(part: Part, words: int) -> dict[str, Any]:
    most = part.most_words or 0
    state = "done" if words else "not_started"
    over = {"state": "query", "word": "Too long"} if words > most else {"state": state}
    return {"title": part.title, "hint": f"{words:,} of {most:,} words", **over}


def _see(form: Form, mark: str) -> None:
    """The page that shows a form again has seen what was saved meanwhile: sent once more, it is written over."""
    data = cast(QueryDict, form.data).copy()
    data["seen"] = mark
    form.data = data


# Choosing ---------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cpd_choose(request: HttpRequest) -> HttpResponse:
    """Every activity of the period with a box; those that are suggested are ticked until something is chosen."""
    by = asked(request)
    draft = queries.draft_of(by.me, by.by.period)
    held = queries.chosen_keys(draft)
    activities = queries.listed(queries.in_period(by.me, by.by.period, by.today))
    form = ChooseForm(
        request.POST if request.method == "POST" else None,
        activities=activities,
        initial={"seen": queries.choice_mark(held)},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            choose(by=by.person, period=by.by.period, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
            _see(
                form,
                queries.choice_mark(queries.chosen_keys(queries.draft_of(by.me, by.by.period))),
            )
        else:
            return redirect(by.at("cpd_write_profile"))
    reasons = {one.uuid: one.reason for one in suggested(activities, by.by.scheme)}
    ticked = _ticked(form, activities, held, reasons)
    lines = [_line(one, one.uuid in ticked, reasons.get(one.uuid, "")) for one in activities]
    others = [one for one in reversed(lines) if not one.ticked and not one.reason]
    context = {
        **by.frame,
        "form": form,
        "first_boxes": boxes(one for one in lines if one.ticked or one.reason),
        "other_boxes": boxes(others),
        "others": f"Everything else: {len(others)}",
        "checks": by.by.scheme.checks,
    }
    return render(request, "cpd/profile/choose.html", context, status=status_of(form, status))


def _ticked(
    form: ChooseForm, activities: list[Listed], held: frozenset[int], reasons: dict[Any, str]
) -> set[Any]:
    """What is ticked: what was sent; else what is chosen; else, before anything is, what is suggested."""
    if form.is_bound:
        sent = set(form.data.getlist("chosen"))  # type: ignore[attr-defined]
        return {one.uuid for one in activities if str(one.uuid) in sent}
    return {one.uuid for one in activities if one.pk in held} or set(reasons)


def _line(one: Listed, ticked: bool, reason: str) -> Line:
    kind = KINDS[one.learning]
    return Line(str(one.uuid), one.title, f"{days.long_date(one.first)}, {kind}", ticked, reason)


KINDS = {one.value: one.words for one in Learning}


# Writing ----------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cpd_write_profile(request: HttpRequest) -> HttpResponse:
    """The parts that are written, with the reflections of what was chosen at hand."""
    by = asked(request)
    draft = queries.draft_of(by.me, by.by.period)
    chosen = queries.reflections(draft, by.me, by.by.period, by.today)
    begins = begun(chosen)
    data = request.POST.copy() if request.method == "POST" else None
    about = by.by.scheme.about_chosen
    refused, meanwhile = "", None
    if data is not None and about and "begin" in data:
        empty = not count(data.get(about.key, ""))
        refused = NOT_EMPTY if not empty else "" if begins else NO_REFLECTIONS
        if not refused:
            data[about.key] = begins
    held = draft.texts if draft else {}
    form = WordsForm(data, scheme=by.by.scheme, initial={**held, "seen": queries.words_mark(draft)})
    status = 200
    if about and refused:
        form.add_error(about.key, refused)
    if data is not None and form.is_valid():
        try:
            kept = write(
                by=by.person,
                period=by.by.period,
                texts=form.texts,
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            status = refuse(form, error)
            if isinstance(error, Conflict):
                other = queries.draft_of(by.me, by.by.period)
                texts = other.texts if other else {}
                meanwhile = [texts[key] for key in form.parts if key in texts]
                _see(form, queries.words_mark(other))
        else:
            return _written_down(request, by, kept)
    context = {
        **by.frame,
        "form": form,
        "meanwhile": meanwhile,
        "chosen": chosen,
        "begins": begins and about and not (form[about.key].value() or "").strip(),
        "standards": {one.shown_by: one for one in by.by.scheme.standards if one.shown_by},
    }
    return render(request, "cpd/profile/write.html", context, status=status_of(form, status))


def _written_down(request: HttpRequest, by: Asked, draft: ProfileDraft) -> HttpResponse:
    """On to the check, or back to the words when they were begun or are too long."""
    over = [
        f"Shorten “{part.title}” before you freeze the profile. {too_long(words, part.most_words)}"
        for part, words in _counted(by, draft)
        if part.most_words and words > part.most_words
    ]
    if over:
        messages.warning(request, f"Saved. {' '.join(over)}")
    if over or "begin" in request.POST:
        return redirect(f"{by.at('cpd_write_profile')}")
    return redirect(by.at("cpd_check_profile"))
