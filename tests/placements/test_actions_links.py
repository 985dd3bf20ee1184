"""Confirming without an account: who may be asked, what a link shows to whom, the code, and what goes wrong."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from placements import confirmation_links
from placements.actions import confirming, links
from placements.actions.confirming import Item, Outcome, Proof
from placements.models import (
    ConfirmationLink,
    CurrentShift,
    Enrolment,
    Placement,
    Shift,
    ShiftDecision,
)
from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.people import link_codes
from school.people.mail import tell_refused
from school.people.models import Mail, MailDomain, Person
from tests import factories
from tests.people.cast import newest_mail, six_digits

pytestmark = pytest.mark.django_db

MENTOR = "morag.mentor@example.nhs.uk"


def yesterday(days: int = 1) -> date:
    return clock.today() - timedelta(days=days)


def ask(
    placement: Placement, *shifts: Shift, by: Person | None = None, **more: object
) -> ConfirmationLink:
    values: dict[str, object] = {"name": "Morag Mentor", "address": MENTOR, "uuid": uuid4(), **more}
    return links.ask_by_link(
        by=by or placement.enrolment.person,
        placement=placement,
        shifts=shifts,
        **values,  # type: ignore[arg-type]
    )


@pytest.fixture
def placement(db: None) -> Placement:
    return factories.make_placement(educator=factories.make_educator())


@pytest.fixture
def shift(placement: Placement) -> Shift:
    return factories.make_shift(placement, yesterday(), note="Dose drawn up twice")


def address_in(mail: Mail) -> str:
    found = re.search(r"https?://[^/]+(/confirm/\S+)", mail.body)
    assert found
    return found[1]


def opened(link: ConfirmationLink, client: Client | None = None) -> tuple[Client, str]:
    """A browser in which the code of a link was typed."""
    client = client or Client()
    address = address_in(newest_mail("confirmation_link"))
    client.post(f"{address}code/")
    code = six_digits(newest_mail("confirmation_code").body)
    assert client.post(address, {"code": code}).status_code == 302
    return client, address


def sign(client: Client, address: str, shift: Shift, **more: str) -> object:
    return client.post(address, {"batch": str(uuid4()), "line": str(shift.entry.uuid), **more})


# Asking


def test_link_makes_a_person_without_an_account_and_lives_seven_days(
    placement: Placement, shift: Shift
) -> None:
    link = ask(placement, shift, address="Morag.Mentor@Example.NHS.uk")
    assert (link.person.name, link.person.email, link.person.user) == ("Morag Mentor", MENTOR, None)
    assert timedelta(days=6, hours=23) < link.expires_at - clock.now() <= timedelta(days=7)
    mail = newest_mail("confirmation_link")
    assert mail.address == MENTOR
    student = placement.enrolment.person.name
    assert [word for word in (student, "Morag") if word in mail.subject] == []
    token = address_in(mail).split("/")[2]
    assert token not in link.token_hash


def test_same_mentor_asked_by_two_students_is_one_person(
    placement: Placement, shift: Shift
) -> None:
    other = factories.make_placement(factories.make_student("Ben Placeholder"))
    theirs = factories.make_shift(other, yesterday())
    made = [ask(placement, shift), ask(other, theirs, name="M. Mentor")]
    assert made[0].person == made[1].person
    assert Person.objects.filter(email=MENTOR).count() == 1


def test_same_request_again_is_one_link_and_one_mail(placement: Placement, shift: Shift) -> None:
    uuid = uuid4()
    made = [ask(placement, shift, uuid=uuid) for _ in range(2)]
    assert made[0] == made[1]
    assert Mail.objects.filter(kind="confirmation_link").count() == 1


def test_uuid_of_somebody_elses_link_gives_nothing(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    coordinator = factories.make_coordinator()
    with pytest.raises(NotAllowed):
        ask(placement, shift, by=coordinator, uuid=link.uuid)


def test_coordinator_asks_for_a_student_and_others_cannot(
    placement: Placement, shift: Shift
) -> None:
    coordinator = factories.make_coordinator()
    assert ask(placement, shift, by=coordinator).asked_by == coordinator
    for other in (factories.make_educator("Dana"), factories.make_student("Bob Other").person):
        with pytest.raises(NotAllowed):
            ask(placement, shift, by=other)


@pytest.mark.parametrize(
    "address",
    [
        "m@example.com",
        "m@sub.example.nhs.uk",
        "m@badexample.nhs.uk",
        "m@nhs.uk",
        "example.nhs.uk@x.uk",
    ],
)
def test_address_outside_the_listed_domains_is_refused(
    placement: Placement, shift: Shift, address: str
) -> None:
    with pytest.raises(DomainError) as caught:
        ask(placement, shift, address=address)
    assert (caught.value.field, ConfirmationLink.objects.count()) == ("address", 0)
    assert "it ends in @example.nhs.uk" in caught.value.message


def test_site_without_a_listed_domain_accepts_no_link(placement: Placement, shift: Shift) -> None:
    MailDomain.objects.all().delete()
    with pytest.raises(DomainError, match="has listed no mail domain"):
        ask(placement, shift)


def test_programme_may_switch_links_off(placement: Placement, shift: Shift) -> None:
    programme = placement.enrolment.cohort.programme
    programme.confirm_by_link = False
    programme.save()
    with pytest.raises(DomainError, match="does not accept confirmation by link"):
        ask(placement, shift)


@pytest.mark.parametrize("of", ["person", "account"])
def test_student_cannot_send_the_link_to_themselves(
    placement: Placement, shift: Shift, of: str
) -> None:
    person = placement.enrolment.person
    if of == "person":
        person.email = MENTOR
        person.save()
    else:
        person.user.email = MENTOR  # type: ignore[union-attr]
        person.user.save()  # type: ignore[union-attr]
    with pytest.raises(DomainError, match="belongs to the student"):
        ask(placement, shift)


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        ("ben@example.nhs.uk", "ben+mentor@example.nhs.uk"),
        ("Ben+study@Example.nhs.uk", "ben@example.nhs.uk"),
        ("ben+study@example.nhs.uk", "BEN+mentor@example.nhs.uk"),
    ],
)
def test_tag_does_not_make_the_students_address_anothers(
    placement: Placement, shift: Shift, own: str, asked: str
) -> None:
    person = placement.enrolment.person
    person.email = own
    person.save()
    with pytest.raises(DomainError, match="belongs to the student"):
        ask(placement, shift, address=asked)


@pytest.mark.parametrize("asked", ["be.n@example.nhs.uk", "bent@example.nhs.uk"])
def test_another_local_part_is_another_person(
    placement: Placement, shift: Shift, asked: str
) -> None:
    person = placement.enrolment.person
    person.email = "ben@example.nhs.uk"
    person.save()
    assert ask(placement, shift, address=asked).address == asked


@pytest.mark.parametrize(
    "address",
    [
        '"x@evil.com"@example.nhs.uk',
        "x@evil.com@example.nhs.uk",
        "x(evil.com)@example.nhs.uk",
        "x\n@example.nhs.uk",
        "x\x00@example.nhs.uk",
        "x%evil.com@example.nhs.uk",
        "x,y@example.nhs.uk",
        "x y@example.nhs.uk",
        "\u0445@example.nhs.uk",
        "@example.nhs.uk",
    ],
)
def test_address_with_two_readings_is_refused(
    placement: Placement, shift: Shift, address: str
) -> None:
    with pytest.raises(DomainError, match="Enter an email address of letters") as caught:
        ask(placement, shift, address=address)
    assert (caught.value.field, ConfirmationLink.objects.count()) == ("address", 0)


def test_somebody_who_left_is_not_asked(placement: Placement, shift: Shift) -> None:
    gone = factories.make_person("Gone Mentor", email=MENTOR, account=False)
    gone.left_on = yesterday()
    gone.save()
    with pytest.raises(DomainError, match="Name somebody else"):
        ask(placement, shift)


def test_only_waiting_shifts_of_one_placement_are_asked_for(
    placement: Placement, shift: Shift
) -> None:
    other = factories.make_placement(factories.make_student("Ben Placeholder"))
    theirs = factories.make_shift(other, yesterday())
    for chosen in ((), (shift, theirs)):
        with pytest.raises(DomainError) as caught:
            ask(placement, *chosen)
        assert caught.value.field == "shifts"


# Behind the link


def test_opening_a_link_changes_nothing_and_names_nobody(
    placement: Placement, shift: Shift
) -> None:
    link = ask(placement, shift)
    address = address_in(newest_mail("confirmation_link"))
    before = list(ConfirmationLink.objects.values()), Mail.objects.count()
    for method in ("get", "head", "get"):
        answer = getattr(Client(), method)(address)
        assert answer.status_code == 200
        page = answer.content.decode()
        told = (placement.enrolment.person.name, link.person.name, MENTOR, "Cumberland", "7.5")
        assert [word for word in told if word in page] == []
    assert (list(ConfirmationLink.objects.values()), Mail.objects.count()) == before


def test_mentor_confirms_by_link_and_code(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    client, address = opened(link)
    page = client.get(address).content.decode()
    shown = (
        placement.enrolment.person.name,
        "08:00 to 16:00",
        "break 30 minutes",
        "Dose drawn up twice",
    )
    assert [word for word in shown if word not in page] == []
    answer = sign(client, address, shift)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    decision = ShiftDecision.objects.get()
    assert (decision.person, decision.proof, decision.capacity, decision.outcome) == (
        link.person,
        "link_and_code",
        "supervisor",
        "confirmed",
    )
    assert Person.objects.get(pk=link.person_id).user is None
    assert Client().get(address).status_code == 410


def test_mentor_queries_by_link(placement: Placement, shift: Shift) -> None:
    client, address = opened(ask(placement, shift))
    page = f"{address}{shift.entry.uuid}/query/"
    refused = client.post(page, {"batch": str(uuid4()), "comment": "NHS 943 476 5919"})
    assert (refused.status_code, "943 476 5919" in refused.content.decode()) == (422, True)
    client.post(page, {"batch": str(uuid4()), "comment": "Was it a half day?"})
    assert CurrentShift.objects.get().state == "queried"
    assert newest_mail("shift_decided").address == placement.enrolment.person.user.email  # type: ignore[union-attr]


def test_link_in_another_browser_asks_for_a_code_of_its_own(
    placement: Placement, shift: Shift
) -> None:
    link = ask(placement, shift)
    _, address = opened(link)
    other = Client()
    sign(other, address, shift)
    assert ShiftDecision.objects.count() == 0
    assert "six-digit code" in other.get(address).content.decode()


def test_proof_that_ran_out_keeps_what_was_ticked(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    client, address = opened(link)
    session = client.session
    session["confirmation_links"] = {str(link.uuid): 0}
    session.save()
    assert sign(client, address, shift).status_code == 302  # type: ignore[attr-defined]
    assert ShiftDecision.objects.count() == 0
    ConfirmationLink.objects.update(code_sent_at=clock.now() - timedelta(minutes=2))
    opened(link, client)
    page = client.get(address).content.decode()
    assert re.search(rf'value="{shift.entry.uuid}"[^>]*checked', page)


def test_wrong_code_is_counted_and_the_fifth_ends_it(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    links.send_code(link=link)
    code = six_digits(newest_mail("confirmation_code").body)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    link.refresh_from_db()
    said = []
    for _ in range(5):
        with pytest.raises(DomainError) as caught:
            link_codes.prove(link=link, code=wrong)
        said.append(caught.value.message)
    assert said[0] == "That code is not right. 4 tries left."
    assert said[4].startswith("That code is not right, and it was the 5th try.")
    with pytest.raises(DomainError, match="does not hold any more"):
        link_codes.prove(link=link, code=code)


def test_code_holds_fifteen_minutes_and_once(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    links.send_code(link=link)
    code = six_digits(newest_mail("confirmation_code").body)
    ConfirmationLink.objects.update(code_sent_at=clock.now() - timedelta(minutes=16))
    link.refresh_from_db()
    with pytest.raises(DomainError, match="does not hold any more"):
        link_codes.prove(link=link, code=code)
    ConfirmationLink.objects.update(code_sent_at=clock.now() - timedelta(minutes=14))
    link.refresh_from_db()
    link_codes.prove(link=link, code=code)
    with pytest.raises(DomainError, match="does not hold any more"):
        link_codes.prove(link=link, code=code)


def test_codes_do_not_flood_an_inbox(placement: Placement, shift: Shift) -> None:
    ask(placement, shift)
    address = address_in(newest_mail("confirmation_link"))
    statuses = [Client().post(f"{address}code/").status_code for _ in range(2)]
    assert statuses == [302, 429]
    assert Mail.objects.filter(kind="confirmation_code").count() == 1


def test_link_sends_ten_codes_and_is_then_closed_and_told(
    placement: Placement, shift: Shift
) -> None:
    link = ask(placement, shift)
    address = address_in(newest_mail("confirmation_link"))
    statuses = []
    for _ in range(11):
        statuses.append(Client().post(f"{address}code/").status_code)
        ConfirmationLink.objects.update(code_sent_at=clock.now() - timedelta(minutes=2))
    assert statuses == [302] * 10 + [410]
    assert Mail.objects.filter(kind="confirmation_code").count() == 10
    link.refresh_from_db()
    assert (link.failed_at is not None, link.failure) == (True, "Closed after 10 codes.")
    told = Mail.objects.get(kind="link_failed")
    assert told.address == placement.enrolment.person.user.email  # type: ignore[union-attr]
    assert told.subject == "A link to confirm hours was closed"
    assert "was closed: it has sent 10 codes. The hours still wait" in told.body
    said = Client().get(address)
    assert (said.status_code, "it has sent 10 codes" in said.content.decode()) == (410, True)
    code = six_digits(newest_mail("confirmation_code").body)
    assert Client().post(address, {"code": code}).status_code == 410
    student = Client()
    student.force_login(placement.enrolment.person.user)  # type: ignore[arg-type]
    assert (
        "The link has sent 10 codes and was closed." in student.get("/shifts/ask/").content.decode()
    )
    assert "had sent 10 codes and was closed" in student.get("/home/").content.decode()


def test_codes_of_one_link_do_not_use_up_anothers(placement: Placement, shift: Shift) -> None:
    first, second = ask(placement, shift), ask(placement, shift)
    for _ in range(10):
        links.send_code(link=first)
        ConfirmationLink.objects.update(code_sent_at=clock.now() - timedelta(minutes=2))
    links.send_code(link=second)
    assert Mail.objects.filter(kind="confirmation_code").count() == 11


def test_code_is_not_kept_in_the_clear(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    links.send_code(link=link)
    code = six_digits(newest_mail("confirmation_code").body)
    link.refresh_from_db()
    assert (code in link.code_hash, len(link.code_hash)) == (False, 64)


def test_link_that_ran_out_says_what_to_do(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    client, address = opened(link)
    ConfirmationLink.objects.update(expires_at=clock.now())
    for answer in (client.get(address), sign(client, address, shift)):
        assert answer.status_code == 410  # type: ignore[attr-defined]
        assert "for a new one" in answer.content.decode()  # type: ignore[attr-defined]
    assert ShiftDecision.objects.count() == 0


def test_link_with_nothing_left_to_decide_says_so(placement: Placement, shift: Shift) -> None:
    ask(placement, shift)
    address = address_in(newest_mail("confirmation_link"))
    factories.make_shift(placement, yesterday(), "08:00", "15:00", corrects=shift)
    answer = Client().get(address)
    assert answer.status_code == 410
    assert "Nothing waits behind this link any more" in answer.content.decode()


def test_link_decides_about_its_own_shifts_only(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    other = factories.make_shift(placement, yesterday(2))
    items = [Item(shift=other.entry.uuid, uuid=uuid4())]
    with pytest.raises(NotAllowed):
        links.decide_by_link(link=link, items=items, outcome=Outcome.CONFIRMED)
    client, address = opened(link)
    assert sign(client, address, other).status_code == 403  # type: ignore[attr-defined]


@pytest.mark.parametrize("lost", ["expires_at", "failed_at"])
def test_closed_link_decides_nothing(placement: Placement, shift: Shift, lost: str) -> None:
    link = ask(placement, shift)
    setattr(link, lost, clock.now() - timedelta(minutes=1))
    items = [Item(shift=shift.entry.uuid, uuid=uuid4())]
    with pytest.raises(DomainError):
        links.decide_by_link(link=link, items=items, outcome=Outcome.CONFIRMED)


def test_decided_meanwhile_is_told_at_the_line(placement: Placement, shift: Shift) -> None:
    other = factories.make_shift(placement, yesterday(2))
    link = ask(placement, shift, other)
    client, address = opened(link)
    educator = placement.supervisions.get().person
    factories.make_decision(educator, shift)
    answer = sign(client, address, shift)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "has decided about this shift meanwhile" in answer.content.decode()  # type: ignore[attr-defined]


# When the mail comes back


def refuse(mail: Mail) -> None:
    mail.state, mail.error = Mail.State.REFUSED, "550 No such mailbox"
    mail.save()
    tell_refused.func(str(mail.uuid))


@pytest.mark.parametrize("kind", ["confirmation_link", "confirmation_code"])
def test_mistyped_address_is_told_to_the_student_and_nothing_is_lost(
    placement: Placement, shift: Shift, kind: str
) -> None:
    link = ask(placement, shift)
    links.send_code(link=link)
    address = address_in(newest_mail("confirmation_link"))
    for _ in range(2):
        refuse(newest_mail(kind))
    link.refresh_from_db()
    assert (link.failed_at is not None, link.failure) == (True, "550 No such mailbox")
    told = Mail.objects.get(kind="link_failed")
    assert told.address == placement.enrolment.person.user.email  # type: ignore[union-attr]
    assert "could not be delivered" in told.subject
    assert CurrentShift.objects.get().state == "awaiting"
    assert Client().get(address).status_code == 410
    everyone = Enrolment.objects.all()
    assert list(confirmation_links.failed(everyone)) == [link]
    ask(placement, shift, address="maria.mentor@example.nhs.uk", name="Maria Mentor")
    assert list(confirmation_links.failed(everyone)) == []


def test_coordinator_who_asked_is_told_too(placement: Placement, shift: Shift) -> None:
    coordinator = factories.make_coordinator()
    ask(placement, shift, by=coordinator)
    refuse(newest_mail("confirmation_link"))
    told = set(Mail.objects.filter(kind="link_failed").values_list("person", flat=True))
    assert told == {coordinator.pk, placement.enrolment.person_id}


def test_proof_by_link_is_refused_for_own_hours(placement: Placement, shift: Shift) -> None:
    answer = confirming.decide(
        by=placement.enrolment.person,
        items=[Item(shift=shift.entry.uuid, uuid=uuid4())],
        outcome=Outcome.CONFIRMED,
        proof=Proof.LINK_AND_CODE,
    )
    assert [reason for _, reason in answer.left] == [
        "These are your own hours. Somebody who supervised you decides about them."
    ]


# The pages for asking


def test_student_asks_on_the_page_and_sees_what_came_of_it(
    client: Client, placement: Placement, shift: Shift
) -> None:
    client.force_login(placement.enrolment.person.user)  # type: ignore[arg-type]
    fields = {
        "uuid": str(uuid4()),
        "name": "Morag Mentor",
        "address": "morag@wrong.example",
        "shifts": [str(shift.entry.uuid)],
    }
    refused = client.post("/shifts/ask/", fields)
    page = refused.content.decode()
    assert (refused.status_code, "morag@wrong.example" in page, "checked" in page) == (
        422,
        True,
        True,
    )
    assert client.post("/shifts/ask/", fields | {"address": MENTOR}).status_code == 302
    refuse(newest_mail("confirmation_link"))
    assert "could not be delivered" in client.get("/shifts/ask/").content.decode()
    assert MENTOR in client.get("/home/").content.decode()


def test_student_cannot_ask_for_anothers_shift(client: Client, placement: Placement) -> None:
    other = factories.make_placement(factories.make_student("Ben Placeholder"))
    theirs = factories.make_shift(other, yesterday())
    client.force_login(placement.enrolment.person.user)  # type: ignore[arg-type]
    fields = {
        "uuid": str(uuid4()),
        "name": "Morag",
        "address": MENTOR,
        "shifts": [str(theirs.entry.uuid)],
    }
    assert client.post("/shifts/ask/", fields).status_code == 422
    assert ConfirmationLink.objects.count() == 0


def test_link_is_found_by_no_other_token(placement: Placement, shift: Shift) -> None:
    link = ask(placement, shift)
    for token in ("x", link.token_hash, str(link.uuid), str(UUID(int=0))):
        assert Client().get(f"/confirm/{token}/").status_code == 410
