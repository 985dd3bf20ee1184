"""Building the regulator's profile: where it stands, choosing, writing, checking and freezing."""

from itertools import zip_longest
from typing import Any, cast
from uuid import uuid4

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
    FreezeForm,
    WordsForm,
    begun,
)
from logbooks.cpd.learning import Learning
from logbooks.cpd.models import ProfileDraft
from logbooks.cpd.profile import pages, queries, work
from logbooks.cpd.profile.document import STATEMENT, SUMMARY, Listed, problems, too_long
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
        **_frame(by),
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


def _frame(by: Asked) -> dict[str, Any]:
    """What every page says of the period."""
    first, last = by.by.period
    return {
        "by": by,
        "first": first,
        "last": last,
        "profile_url": by.at("cpd_profile"),
        "choose_url": by.at("cpd_choose"),
        "write_url": by.at("cpd_write_profile"),
    }


def _tasks(by: Asked, draft: ProfileDraft | None, there: queries.Counted) -> list[dict[str, Any]]:
    """The four steps, each with how far it has come."""
    scheme = by.by.scheme
    summary = _written(scheme.part(SUMMARY), draft.summary if draft else "")
    statement = _written(scheme.part(STATEMENT), draft.statement if draft else "")
    ready = bool(there.chosen) and summary["state"] == statement["state"] == "done"
    return [
        {
            "title": "Choose your activities",
            "url": by.at("cpd_choose"),
            "hint": f"{there.chosen} of {there.all} chosen",
            "state": "done" if there.chosen else "not_started",
        },
        summary | {"url": by.at("cpd_write_profile")},
        statement | {"url": f"{by.at('cpd_write_profile')}#id_{STATEMENT}"},
        {
            "title": "Check and freeze",
            "url": by.at("cpd_check_profile"),
            "hint": "It is then kept as it is, to download and send",
            "state": "booked" if ready else "not_started",
            "word": "Ready" if ready else "Not ready",
        },
    ]


def _written(part: Part, text: str) -> dict[str, Any]:
    words, most = count(text), part.most_words or 0
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
    reasons = {
        one.uuid: one.reason for one in suggested(queries.candidates(activities), by.by.scheme)
    }
    ticked = _ticked(form, activities, held, reasons)
    lines = [_line(one, one.uuid in ticked, reasons.get(one.uuid, "")) for one in activities]
    context = {
        **_frame(by),
        "form": form,
        "first_lines": [line for line in lines if line["ticked"] or line["reason"]],
        "other_lines": [line for line in reversed(lines) if not line["ticked"] and not line["reason"]],
        "checks": by.by.scheme.checks,
    }  # fmt: skip
    return render(request, "cpd/profile/choose.html", context, status=status_of(form, status))


def _ticked(
    form: ChooseForm, activities: list[Listed], held: frozenset[int], reasons: dict[Any, str]
) -> set[Any]:
    """What is ticked: what was sent; else what is chosen; else, before anything is, what is suggested."""
    if form.is_bound:
        sent = set(form.data.getlist("chosen"))  # type: ignore[attr-defined]
        return {one.uuid for one in activities if str(one.uuid) in sent}
    return {one.uuid for one in activities if one.pk in held} or set(reasons)


def _line(one: Listed, ticked: bool, reason: str) -> dict[str, Any]:
    kind = Learning(one.learning).words
    return {
        "key": one.uuid,
        "title": one.title,
        "said": f"{days.long_date(one.first)}, {kind}",
        "ticked": ticked,
        "reason": reason,
    }


# Writing ----------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cpd_write_profile(request: HttpRequest) -> HttpResponse:
    """The summary and the statement, with the reflections of what was chosen at hand."""
    by = asked(request)
    draft = queries.draft_of(by.me, by.by.period)
    chosen = queries.reflections(draft, by.me, by.by.period, by.today)
    begins = begun(chosen)
    data = request.POST.copy() if request.method == "POST" else None
    refused, meanwhile = "", None
    if data is not None and "begin" in data:
        empty = not count(data.get(STATEMENT, ""))
        refused = NOT_EMPTY if not empty else "" if begins else NO_REFLECTIONS
        if not refused:
            data[STATEMENT] = begins
    form = WordsForm(
        data,
        scheme=by.by.scheme,
        initial={
            SUMMARY: draft.summary if draft else "",
            STATEMENT: draft.statement if draft else "",
            "seen": queries.words_mark(draft),
        },
    )
    status = 200
    if refused:
        form.add_error(STATEMENT, refused)
    if data is not None and form.is_valid():
        try:
            kept = _keep(by, form)
        except DomainError as error:
            status = refuse(form, error)
            if isinstance(error, Conflict):
                meanwhile = queries.draft_of(by.me, by.by.period)
                _see(form, queries.words_mark(meanwhile))
        else:
            return _written_down(request, by, kept)
    context = {
        **_frame(by),
        "form": form,
        "meanwhile": meanwhile,
        "chosen": chosen,
        "begins": begins and not (form[STATEMENT].value() or "").strip(),
        "standards": {one.shown_by: one for one in by.by.scheme.standards if one.shown_by},
    }
    return render(request, "cpd/profile/write.html", context, status=status_of(form, status))


def _keep(by: Asked, form: WordsForm) -> ProfileDraft:
    said = form.cleaned_data
    return write(
        by=by.person,
        period=by.by.period,
        summary=said[SUMMARY],
        statement=said[STATEMENT],
        seen=said["seen"],
    )


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


def _counted(by: Asked, draft: ProfileDraft) -> list[tuple[Part, int]]:
    scheme = by.by.scheme
    texts = {SUMMARY: draft.summary, STATEMENT: draft.statement}
    return [(scheme.part(key), count(text)) for key, text in texts.items()]


# Freezing ---------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cpd_check_profile(request: HttpRequest) -> HttpResponse:
    """The profile as it will be, with what the checks say; a POST freezes it."""
    by = asked(request)
    draft = queries.draft_of(by.me, by.by.period)
    made_of = queries.material(by.person, by.me, by.by, draft, by.today)
    said, mark = queries.said(made_of)
    fresh = FreezeForm(initial={"uuid": uuid4(), "seen": mark})
    form, error, status = FreezeForm(request.POST or None), "", 200
    if request.method == "POST":
        if not form.is_valid():
            error, status = "Open this page again, then freeze the profile.", 422
        else:
            try:
                found = work.ask(
                    by=by.person, said=said, until=min(by.today, by.by.period[1]), **form.cleaned_data
                )  # fmt: skip
            except DomainError as refusal:
                error, status = refusal.message, refusal.status
            else:
                return redirect("progress", found.uuid)
    stops = [(one, by.at(STEPS[one.step])) for one in problems(said)]
    context = {
        **_frame(by),
        "form": fresh,
        "error": error,
        "has_errors": bool(error),
        "stops": stops,
        "findings": made_of.findings(),
        "shown": pages.shown(said),
        "missing": [one for one in said["evidence"] if one["missing"]],
    }
    return render(request, "cpd/profile/check.html", context, status=status)


STEPS = {"choose": "cpd_choose", "write": "cpd_write_profile"}
