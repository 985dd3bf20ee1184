"""Links for who has no account: to whom they go, what they sign, and what ends them."""

from dataclasses import replace

import pytest

from logbooks.competencies.actions import links, remote
from logbooks.competencies.models import SigningLink
from school.core.errors import NotAllowed
from school.people.mail import tell_refused
from school.people.models import Mail, MailDomain
from tests import factories as make
from tests.logbooks.competencies.remote import (
    MORAG,
    by_link,
    code,
    make_morag,
    opened,
    ran_out,
    refused,
    send,
    token_in,
)
from tests.logbooks.competencies.signers import Signers, make_signers
from tests.people.cast import newest_mail

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def here() -> Signers:
    return make_signers()


def test_who_has_no_account_gets_a_link_and_signs_by_it(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    morag = make_morag(here)
    here.asked(1, of=morag, evidence=(entry,))
    mail = newest_mail("sign_off_link")
    assert (mail.address, here.amara.name in mail.subject) == (MORAG, False)
    assert not Mail.objects.filter(kind="sign_off_asked").exists()
    link = links.open_link(token_in(mail))
    [fact] = by_link(here, link).signed
    assert (fact.person, fact.capacity, fact.proof) == (morag, "supervisor", "link_and_code")
    assert fact.evidence == fact.request.evidence != ""  # type: ignore[union-attr]
    assert here.state(1) == "achieved"
    assert Mail.objects.get(kind="sign_off_receipt").person == morag
    refused(lambda: links.open_link(token_in(mail)), "Nothing waits behind this link")


def test_who_has_no_account_gets_one_link_for_all_that_rests_on_changed_evidence(
    here: Signers,
) -> None:
    entry = here.book.log(touched=("A1", "A2"))
    morag = make_morag(here)
    here.asked(1, 2, of=morag, evidence=(entry,))
    link = links.open_link(token_in(newest_mail("sign_off_link")))
    remote.sign_by_link(link=link, items=[here.item(1), here.item(2)], said=here.said())
    here.book.log(touched=("A1", "A2"), role="assisted", corrects=entry)
    assert SigningLink.objects.count() == 2
    mail = newest_mail("sign_off_link")
    assert "corrected an examination that is evidence of what you signed: A1, A2." in mail.body
    assert links.open_link(token_in(mail)).person == morag


def test_token_and_code_are_kept_as_hashes_alone(here: Signers) -> None:
    link = opened(here)
    links.send_code(link=link)
    row = str(SigningLink.objects.values().get())
    assert [word for word in (token_in(newest_mail("sign_off_link")), code()) if word in row] == []


def test_only_an_address_that_the_site_vouches_for_is_written_to(here: Signers) -> None:
    morag = make_morag(here, "morag@elsewhere.example")
    refused(lambda: here.asked(1, of=morag), "not at a mail domain that", "assessor")
    make.make_person("Nobody", email="", account=False)
    assert SigningLink.objects.count() == 0


def test_link_dies_with_what_vouched_for_it(here: Signers) -> None:
    link = opened(here)
    token = token_in(newest_mail("sign_off_link"))
    MailDomain.objects.all().delete()
    refused(lambda: links.open_link(token), "not at a mail domain that")
    refused(lambda: by_link(here, link), "not at a mail domain that")


def test_student_gets_no_link_at_an_address_of_their_own(here: Signers) -> None:
    amara = here.amara
    amara.email = "amara@example.nhs.uk"
    amara.save()
    morag = make_morag(here, "amara+mentor@example.nhs.uk")
    refused(lambda: here.asked(1, of=morag), "belongs to the student", "assessor")


def test_link_signs_nothing_but_what_was_asked_there(here: Signers) -> None:
    link = opened(here)
    refused(lambda: by_link(here, link, 2), "Only what the student asked")
    elsewhere = make.make_placement(make.make_student("Bob Other"))
    other = replace(here.item(1), placement=elsewhere.uuid)
    with pytest.raises(NotAllowed):
        remote.sign_by_link(link=link, items=[other], said=here.said())
    with pytest.raises(NotAllowed):
        remote.sign_by_link(link=link, items=[], said=here.said())


def test_what_is_asked_of_somebody_else_is_not_signed_by_link(here: Signers) -> None:
    link = opened(here)
    here.asked(2)
    [(_, reason)] = by_link(here, link, 2).left
    assert reason == f"The student asked {here.dilys.name} for this."


def test_link_that_ran_out_or_came_back_signs_nothing(here: Signers) -> None:
    link = opened(here)
    ran_out(link)
    refused(lambda: links.open_link(token_in(newest_mail("sign_off_link"))), "has run out")
    link.refresh_from_db()
    refused(lambda: by_link(here, link), "has run out")


@pytest.mark.parametrize("kind", ["sign_off_link", "sign_off_code"])
def test_mail_that_comes_back_closes_the_link_and_is_told(here: Signers, kind: str) -> None:
    link = opened(here)
    links.send_code(link=link)
    mail = newest_mail(kind)
    mail.state, mail.error = Mail.State.REFUSED, "550 No such mailbox"
    mail.save()
    for _ in range(2):
        tell_refused.func(str(mail.uuid))
    assert Mail.objects.get(kind="sign_off_closed").person == here.amara
    refused(
        lambda: links.open_link(token_in(newest_mail("sign_off_link"))),
        "because its mail came back",
    )
    assert here.row(1).request is not None  # type: ignore[union-attr]


def test_token_of_the_phone_opens_no_link(here: Signers) -> None:
    here.asked(1)
    send(here, [here.item(1)])
    for token in ("x", str(SigningLink.objects.get().uuid), SigningLink.objects.get().token_hash):
        refused(lambda token=token: links.open_link(token), "not one of ours")
