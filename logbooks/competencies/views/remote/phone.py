"""On the student's phone: the assessor reads the lines, proves who they are by a code or a PIN, and hands back a receipt."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.competencies.actions.remote import (
    send_phone_code,
    sign_by_phone_code,
    sign_by_pin,
)
from logbooks.competencies.actions.signing import Signing
from logbooks.competencies.forms.remote import PhoneForm
from logbooks.competencies.models import SignOff, SignOffRequest
from logbooks.competencies.signing_rules import rule_way_allowed, rules_of
from logbooks.competencies.views.common import person_of, viewer_of
from logbooks.competencies.views.remote import Asked, as_typed
from logbooks.competencies.views.signing import left_page, offered
from school.core import ledger
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people import proof

Proof = SignOff.Proof


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_here(request: HttpRequest, asked: UUID) -> HttpResponse:
    """What the student asked of somebody, for them to read and fill in; then exactly that again, with a box for the proof.

    Nothing of the proof is kept in the student's session, and no page shows the code.
    """
    page = _Phone(request, asked)
    if request.method != "POST":
        return page.show(PhoneForm(initial=as_typed(PhoneForm), ways=page.ways))
    form = page.offer(PhoneForm(request.POST, ways=page.ways))
    step = request.POST.get("step", "")
    if not form.is_valid():
        return page.show(form, status=422)
    if step == "change":
        return page.show(form)
    try:
        if step == "sign":
            answer = page.sign(form)
            return page.done(answer)
        if not form.by_pin:
            page.send(form)
        return page.check(form)
    except DomainError as error:
        status = refuse(form, error)
        if step in ("sign", "again"):
            return page.check(form, status=status)
        return page.show(form, status=status)


class _Phone:
    """What waits for whoever a request of the student's own names; 404 for everybody else's, and where the programme wants neither way."""

    def __init__(self, request: HttpRequest, asked: UUID) -> None:
        self.request = request
        self.person = person_of(request)
        rows = SignOffRequest.objects.filter(enrolment__person__in=viewer_of(request).me)
        found = get_object_or_404(
            rows.select_related(
                "assessor__user",
                "placement__site",
                "placement__stage",
                "placement__enrolment__book",
                "placement__enrolment__person",
                "placement__enrolment__cohort__programme__log_book_rules",
            ),
            entry__uuid=asked,
        )
        self.here = reverse("sign_here", args=[asked])
        self.placement, self.assessor = found.placement, found.assessor
        rules = rules_of(self.placement.enrolment)
        self.ways = [way for way in (Proof.PHONE_CODE, Proof.PIN) if rule_way_allowed(rules, way)]
        if not self.ways:
            raise Http404
        self.asked = Asked(self.placement, self.assessor)

    def offer(self, form: PhoneForm) -> PhoneForm:
        """The form with the scale and what the assessor is here."""
        return offered(form, self.placement, self.asked.capacities)

    def show(self, form: PhoneForm, *, status: int = 200) -> HttpResponse:
        """The lines and what is said of them, to fill in."""
        context = self.asked.context(self.offer(form)) | {"here": self.here}
        return render(self.request, "competencies/remote/phone.html", context, status=status)

    def check(self, form: PhoneForm, *, status: int = 200) -> HttpResponse:
        """Exactly what will be signed, and the box for the code or the PIN."""
        context = self.asked.context(form)
        data = form.cleaned_data
        left_out = ("csrfmiddlewaretoken", "secret", "step")
        context |= {
            "here": self.here,
            "unlinked": True,
            "lines": [line for line in self.asked.lines if line.ticked],
            "gone": len(form.ticked) - sum(line.ticked for line in self.asked.lines),
            "outcome": SignOff.Outcome(data["outcome"]),
            "level": dict(form.fields["level"].choices).get(data["level"], ""),  # type: ignore[attr-defined]
            "capacity": SignOff.Capacity(data["capacity"] or self.asked.capacities[0]).label
            if self.asked.capacities
            else "",
            "wording": dict(context["wordings"])[SignOff.Outcome(data["outcome"]).label],
            "sent": [
                (name, value)
                for name, values in self.request.POST.lists()
                if name not in left_out
                for value in values
            ],
        }
        return render(self.request, "competencies/remote/check.html", context, status=status)

    def send(self, form: PhoneForm) -> None:
        """Have the code sent to the address that was typed. Raises DomainError."""
        with proof.counting_mail(self.request):
            send_phone_code(
                by=self.person,
                placement=self.placement,
                assessor=self.assessor,
                address=form.cleaned_data["address"],
                items=form.items(self.placement.uuid),
                said=form.said(Proof.PHONE_CODE),
            )

    def sign(self, form: PhoneForm) -> Signing:
        """Sign with what was typed. Raises DomainError."""
        who = {"by": self.person, "placement": self.placement, "assessor": self.assessor}
        what = {"items": form.items(self.placement.uuid), "said": form.said(Proof.PIN)}
        secret = form.cleaned_data["secret"]
        if form.by_pin:
            return sign_by_pin(**who, **what, pin=secret)  # type: ignore[arg-type]
        return sign_by_phone_code(**who, **what, code=secret)  # type: ignore[arg-type]

    def done(self, answer: Signing) -> HttpResponse:
        """The receipt; or what was left, with the reason."""
        if answer.left:
            return left_page(self.request, self.placement, self.asked.lines, answer, here=self.here)
        return redirect("sign_off_receipt", answer.signed[0].entry.uuid)


@never_cache
@require_safe
def sign_off_receipt(request: HttpRequest, sign_off: UUID) -> HttpResponse:
    """What somebody signed of the student's own, all of the same moment, to show when the phone is handed back."""
    person_of(request)
    own = SignOff.objects.filter(enrolment__person__in=viewer_of(request).me)
    found = get_object_or_404(
        own.select_related("person", "placement__site", "enrolment", "wording", "level"),
        entry__uuid=sign_off,
    )
    together = (
        SignOff.objects.filter(
            enrolment=found.enrolment,
            person=found.person,
            outcome=found.outcome,
            entry__recorded_at=found.entry.recorded_at,
        )
        .select_related("competency", "level", "revocation")
        .order_by("competency__position")
    )
    context = {
        "first": found,
        "rows": together,
        "feedback": ledger.private_text(found, "feedback"),
        "next_step": ledger.private_text(found, "next_step"),
    }
    return render(request, "competencies/remote/receipt.html", context)
