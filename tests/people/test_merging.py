"""Two persons who are one: what becomes one, who may say so, which account remains, and undoing it."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from placements import policies
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import LedgerEntry
from school.people import actions, merging
from school.people.merging import merge_people, undo_merge
from school.people.models import Person, PersonMerge
from school.people.network import ensure_network, network_book
from school.people.queries import hats, identity
from school.people.roles import ADMINISTRATOR, COORDINATOR, PRACTICE_EDUCATOR, SITE_LEAD, STUDENT
from tests import factories
from tests.people.cast import (
    a_person,
    a_site,
    holds,
    is_in,
    newest_mail,
    post_password,
    signed_in,
    with_account,
)

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

KEY = UUID("0c0c0c0c-0000-4000-8000-000000000001")


@pytest.fixture
def ada() -> Person:
    return with_account("Ada Ash", ADMINISTRATOR)


def may_sign_in(person: Person) -> bool:
    client = Client()
    post_password(client, person.user.email)
    return is_in(client)


def test_two_are_one_and_it_is_a_fact_of_the_network(ada: Person) -> None:
    dilys, again = with_account("Dilys Sampleby"), a_person("D. Sampleby")
    fact = merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    assert identity(dilys) == identity(again) == sorted([dilys.pk, again.pk])
    kept = PersonMerge.objects.get(entry__uuid=KEY)
    assert (kept.kept, kept.merged, kept.undone, kept.supersedes) == (dilys, again, False, None)
    assert (kept.entry.book, kept.entry.actor, kept.entry.about_from) == (
        network_book(),
        ada.uuid,
        clock.today(),
    )
    assert kept == fact


def test_inbox_of_the_kept_shows_what_waits_for_the_merged(ada: Person) -> None:
    again = factories.make_educator("D. Sampleby")
    dilys = factories.make_person("Dilys Sampleby")
    shift = factories.make_shift(
        factories.make_placement(educator=again), clock.today() - timedelta(days=1)
    )
    assert list(policies.inbox(dilys)) == []
    merge = merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    assert [row.shift for row in policies.inbox(dilys)] == [shift]
    undo_merge(merge=merge, by=ada, uuid=uuid4())
    assert list(policies.inbox(dilys)) == []


def test_roles_of_the_merged_are_held_by_the_kept_once_each(ada: Person) -> None:
    elm = a_site()
    dilys = with_account("Dilys Sampleby", PRACTICE_EDUCATOR, scope=elm.scope)
    again = a_person("D. Sampleby")
    holds(again, PRACTICE_EDUCATOR, elm.scope)
    holds(again, SITE_LEAD, elm.scope)
    merge = merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    assert [hat.label for hat in hats(dilys)] == [
        "Practice educator, Elm Hospital",
        "Site lead, Elm Hospital",
    ]
    undo_merge(merge=merge, by=ada, uuid=uuid4())
    assert [hat.label for hat in hats(dilys)] == ["Practice educator, Elm Hospital"]


def test_account_of_the_merged_is_shut_out_at_once_and_the_other_remains(ada: Person) -> None:
    dilys, again = with_account("Dilys Sampleby"), with_account("Again Sampleby")
    browser = signed_in(again)
    merge = merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    assert browser.get("/account/").status_code == 302
    assert (may_sign_in(dilys), may_sign_in(again)) == (True, False)
    with pytest.raises(DomainError, match="is one person with Dilys Sampleby"):
        actions.reopen_account(person=again, by=ada)
    undo_merge(merge=merge, by=ada, uuid=uuid4())
    assert may_sign_in(again) is False
    actions.reopen_account(person=again, by=ada)
    assert may_sign_in(again) is True


def test_only_open_account_is_not_the_one_to_close(ada: Person) -> None:
    dilys, again = a_person("Dilys Sampleby"), with_account("Again Sampleby")
    with pytest.raises(DomainError, match="Keep Again Sampleby instead"):
        merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    assert (may_sign_in(again), PersonMerge.objects.count()) == (True, 0)


def test_failure_after_the_account_was_closed_leaves_it_open(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    dilys, again = with_account("Dilys Sampleby"), with_account("Again Sampleby")

    def fail(pen: ledger.Pen, drafts: object, by: UUID) -> None:
        again.user.refresh_from_db()
        assert again.user.is_active is False
        raise RuntimeError

    monkeypatch.setattr(ledger.Pen, "append", fail)
    with pytest.raises(RuntimeError):
        merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    assert (may_sign_in(again), PersonMerge.objects.count()) == (True, 0)


def test_same_request_again_is_one_merge_even_after_it_was_undone(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    dilys, again = with_account("Dilys Sampleby"), with_account("Again Sampleby")
    first = merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(merging.clock, "today", lambda: tomorrow)
    assert merge_people(kept=dilys, merged=again, by=ada, uuid=KEY) == first
    back = uuid4()
    undone = undo_merge(merge=first, by=ada, uuid=back)
    assert undo_merge(merge=first, by=ada, uuid=back) == undone
    assert merge_people(kept=dilys, merged=again, by=ada, uuid=KEY) == first
    assert (identity(dilys), PersonMerge.objects.count()) == ([dilys.pk], 2)


def test_key_of_one_merge_does_not_make_another(ada: Person) -> None:
    dilys, again, cy = with_account("Dilys Sampleby"), a_person("D. S."), a_person("Cy Cedar")
    merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    with pytest.raises(Conflict):
        merge_people(kept=dilys, merged=cy, by=ada, uuid=KEY)
    with pytest.raises(NotAllowed):
        merge_people(kept=dilys, merged=again, by=with_account("Eve Elm", ADMINISTRATOR), uuid=KEY)
    assert identity(cy) == [cy.pk]


def test_undoing_is_a_second_fact_and_only_one_undoes(ada: Person) -> None:
    dilys, again = with_account("Dilys Sampleby"), a_person("D. Sampleby")
    first = merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    undone = undo_merge(merge=first, by=ada, uuid=uuid4())
    assert (undone.undone, undone.supersedes, undone.entry.book) == (True, first, network_book())
    assert (identity(dilys), identity(again)) == ([dilys.pk], [again.pk])
    for stale in (first, undone):
        with pytest.raises(Conflict, match="two are separate people"):
            undo_merge(merge=stale, by=ada, uuid=uuid4())
    merge_people(kept=dilys, merged=again, by=ada, uuid=uuid4())
    assert identity(again) == sorted([dilys.pk, again.pk])


def test_only_administrators_of_the_whole_network_merge_and_undo(ada: Person) -> None:
    elm = a_site()
    dilys, again = with_account("Dilys Sampleby", STUDENT), a_person("D. Sampleby")
    local = with_account("Lo Cal", ADMINISTRATOR, scope=elm.scope)
    others = [local, with_account("Cora Coral", COORDINATOR), dilys]
    for by in others:
        with pytest.raises(NotAllowed):
            merge_people(kept=dilys, merged=again, by=by, uuid=uuid4())
    merge = merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    for by in others:
        with pytest.raises(NotAllowed):
            undo_merge(merge=merge, by=by, uuid=uuid4())
    assert PersonMerge.objects.get() == merge


def test_nobody_gains_roles_by_merging_themselves(ada: Person) -> None:
    eve, twin = with_account("Eve Elm", ADMINISTRATOR), a_person("E. Elm")
    holds(twin, COORDINATOR, ensure_network())
    for kept, merged in ((eve, twin), (twin, eve)):
        with pytest.raises(NotAllowed, match="about yourself"):
            merge_people(kept=kept, merged=merged, by=eve, uuid=uuid4())
    merge = merge_people(kept=eve, merged=twin, by=ada, uuid=KEY)
    with pytest.raises(NotAllowed, match="about yourself"):
        undo_merge(merge=merge, by=eve, uuid=uuid4())
    with pytest.raises(NotAllowed, match="their own roles"):
        actions.grant_role(
            person=twin,
            role=PRACTICE_EDUCATOR,
            scope=ensure_network(),
            from_day=clock.today(),
            by=eve,
        )
    with pytest.raises(NotAllowed, match="their own account"):
        actions.close_account(person=twin, by=eve)


def test_those_who_are_one_already_are_merged_into_the_one_who_is_kept(ada: Person) -> None:
    dilys, again, third = (a_person(name) for name in ("Dilys Sampleby", "D. S.", "Dil"))
    merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    for kept, merged, words in (
        (dilys, dilys, "one person already"),
        (dilys, again, "one person already"),
        (again, dilys, "one person already"),
        (again, third, "Go to Dilys Sampleby"),
        (third, dilys, "Keep Dilys Sampleby instead"),
    ):
        with pytest.raises(DomainError, match=words):
            merge_people(kept=kept, merged=merged, by=ada, uuid=uuid4())
    merge_people(kept=dilys, merged=third, by=ada, uuid=uuid4())
    assert identity(third) == sorted([dilys.pk, again.pk, third.pk])


def test_invitation_goes_to_the_kept_and_an_older_link_makes_no_account(ada: Person) -> None:
    dilys = a_person("Dilys Sampleby", "dilys@trust.example")
    again = a_person("D. Sampleby", "again@trust.example")
    actions.invite(person=again, by=ada)
    found = re.search(r"/account/invitation/([^/\s]+)", newest_mail("invitation").body)
    assert found
    merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    attempts: list[Callable[[], object]] = [
        lambda: actions.open_invitation(found[1]),
        lambda: actions.accept_invitation(token=found[1], password=None),
    ]
    for attempt in attempts:
        with pytest.raises(DomainError, match="one person with Dilys Sampleby"):
            attempt()
    assert actions.invite(person=again, by=ada).person == dilys
    assert newest_mail("invitation").address == "dilys@trust.example"


def test_what_was_written_before_stays_as_it_was(ada: Person) -> None:
    dilys, again = with_account("Dilys Sampleby"), a_person("D. Sampleby")
    grant = holds(again, STUDENT, ensure_network())
    before = list(LedgerEntry.objects.order_by("pk").values_list("pk", "hash"))
    merge_people(kept=dilys, merged=again, by=ada, uuid=KEY)
    after = list(LedgerEntry.objects.order_by("pk").values_list("pk", "hash"))
    assert after[:-1] == before
    grant.refresh_from_db()
    assert grant.person == again
