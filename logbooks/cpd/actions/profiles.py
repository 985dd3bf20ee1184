"""What a person does with their profile: choose activities, write its words, freeze it."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from logbooks.cpd.checks import Period
from logbooks.cpd.files import PROFILE_FOLDER
from logbooks.cpd.models import Profile, ProfileDraft
from logbooks.cpd.profile import bundle, pages, queries
from logbooks.cpd.profile.document import Document, canonical, problems, with_frozen
from school.core import canonical as plain
from school.core import clock, documents, ledger
from school.core.codes import grouped, new_code
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import identity

STEPS = ("Reading the evidence", "Setting the pages", "Sealing it")
# Far more than any regulator's limit of words comes to.
MOST_SIGNS = 40_000

CHANGED = (
    "This was changed since you opened it, in another window or on another device. "
    "Nothing was written over. What you entered is still here: save it again to keep it instead."
)
MOVED_ON = (
    "Something in your record changed since you opened this page. "
    "It is shown as it is now: look at it again, then freeze it."
)


def choose(*, by: Person, period: Period, chosen: Collection[int], seen: str) -> ProfileDraft:
    """Takes activities, by their keys, as those that the profile describes. `seen` is the mark of the choice that was changed.

    Raises Conflict when another choice was saved meanwhile, or when one of them is in the list no longer.
    """
    me = identity(by)
    rule_own_activities(me, period, chosen)
    with transaction.atomic():
        draft = _held(by, me, period)
        held = queries.chosen_keys(draft)
        if held != frozenset(chosen):
            rule_seen(queries.choice_mark(held), seen)
            draft.chosen.set(chosen)
    return draft


def write(*, by: Person, period: Period, texts: Mapping[str, str], seen: str) -> ProfileDraft:
    """Keeps the words of some parts of a draft, by their keys, however many there are; those of all others stay.

    `seen` is the mark of the words that were changed.
    Raises DomainError for an NHS number or more than can be meant, and Conflict when other words were saved meanwhile.
    """
    rule_writable(texts)
    with transaction.atomic():
        draft = _held(by, identity(by), period)
        said = {key: text for key, text in {**draft.texts, **texts}.items() if text}
        if draft.texts != said:
            rule_seen(queries.words_mark(draft), seen)
            draft.texts = said
            draft.save()
    return draft


def _held(by: Person, me: Collection[int], period: Period) -> ProfileDraft:
    """The draft of a period, locked; a new one where there is none."""
    found = queries.draft_of(me, period)
    if found is None:
        first, last = period
        found, _ = ProfileDraft.objects.get_or_create(
            person=by, first=first, defaults={"last": last}
        )
    return ProfileDraft.objects.select_for_update().get(pk=found.pk)


def freeze(
    *,
    by: Person,
    said: Document,
    until: date,
    uuid: UUID,
    step: Callable[[int, str], None] = lambda done, doing: None,
) -> Profile:
    """Makes the three files of a profile that says this, the PDF sealed, and the fact that vouches for them.

    When the one that was frozen last says the same, that one is given again. Sent again under its UUID it
    gives the first answer. The pages are set with no lock held. Raises DomainError, NotAllowed, Conflict.
    """
    rule_own_profile(by, said)
    rule_nothing_stops(said)
    step(0, STEPS[0])
    evidence = bundle.evidence_files(said)
    said = bundle.with_missing(said, evidence)
    before = _frozen_before(by, said, uuid)
    if before is not None:
        return before
    code = new_code()
    held = with_frozen(
        said,
        code=grouped(code),
        check=documents.address(code),
        at=str(plain.plain(clock.now())),
        until=until,
    )
    step(1, STEPS[1])
    pdf = pages.pdf(held)
    step(2, STEPS[2])
    pdf = documents.sealed(pdf, reason="CPD profile")
    json = canonical(held)
    made = {"json": json, "pdf": pdf, "zip": bundle.bundled(held, pdf, json, evidence)}
    return _write(by, held, code, made, uuid)


def _write(by: Person, said: Document, code: str, made: dict[str, bytes], uuid: UUID) -> Profile:
    scheme = said["scheme"]
    fact = Profile(
        person=by,
        scheme=f"{scheme['key']} {scheme['from']}",
        code=code,
        **{f"{ending}_digest": documents.digest(data) for ending, data in made.items()},
    )
    first, last = (date.fromisoformat(said["period"][name]) for name in ("first", "last"))
    draft = Draft(fact=fact, book=by.book, about_from=first, about_to=last, uuid=uuid)
    with ledger.writing(by.book, answering=[uuid]) as pen:
        # Another run may have been faster.
        before = _frozen_before(by, said, uuid)
        if before is not None:
            return before
        pen.answered([draft], by=by.uuid)
        for ending, data in made.items():
            documents.keep(PROFILE_FOLDER, f"{code}.{ending}", data)
        pen.append([draft], by=by.uuid)
    return fact


def _frozen_before(by: Person, said: Document, uuid: UUID) -> Profile | None:
    """What was frozen under the UUID, or the newest profile when it says the same."""
    sent: Profile | None = Profile.objects.filter(entry__uuid=uuid, entry__actor=by.uuid).first()
    return sent or queries.same_as_newest(identity(by), said)


def rule_own_activities(me: Collection[int], period: Period, chosen: Collection[int]) -> None:
    """Only one's own activities of the period are chosen, none that was taken back."""
    rows = queries.in_period(me, period, clock.today())
    if rows.filter(pk__in=chosen).count() != len(set(chosen)):
        raise Conflict(
            "Something that you ticked is in your list no longer. Open the page again and choose."
        )


def rule_seen(now: str, seen: str) -> None:
    """What its writer has not seen is not written over."""
    if now != seen:
        raise Conflict(CHANGED)


def rule_writable(texts: Mapping[str, str]) -> None:
    """Nobody's NHS number is kept, and no text that is far beyond any limit."""
    for name, text in texts.items():
        rule_not_too_many(text, field=name)
        rule_no_nhs_number(text, field=name)


def rule_not_too_many(text: str, *, field: str) -> None:
    """A text has no more signs than any limit of words comes to."""
    if len(text) > MOST_SIGNS:
        raise DomainError(
            f"This has {len(text):,} characters. Shorten it to at most {MOST_SIGNS:,}, then save it.",
            field=field,
        )


def rule_own_profile(by: Person, said: Document) -> None:
    """A profile is frozen by the person whose it is."""
    if said["person"]["uuid"] != str(by.uuid):
        raise NotAllowed("A profile is its person’s own to freeze.")


def rule_nothing_stops(said: Document) -> None:
    """A profile is frozen once activities are chosen and every part is written within its limit."""
    found = problems(said)
    if found:
        raise DomainError(" ".join(one.words for one in found))


def rule_as_shown(now: str, seen: str) -> None:
    """What is frozen is what its person looked at."""
    if now != seen:
        raise Conflict(MOVED_ON)
