"""A page of what is taught goes out when a second person has read it, and only then."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.models import CoursePage
from school.core import clock
from school.people.models import Mail, User
from school.people.network import ensure_network
from school.people.roles import SCHOOL_EDUCATOR
from tests import factories as make
from tests.cms.making import make_page
from tests.courses.making import make_version

SignIn = Callable[..., Client]


def words(slug: str, text: str = "<p>Bring a pen.</p>", **more: str) -> dict[str, Any]:
    """The editor's form of a course page."""
    return (
        nested_form_data(
            {
                "body": streamfield([("text", rich_text(text))]),
                "slug": slug,
                "search_description": "",
                "go_live_at": "",
                "expire_at": "",
            }
        )
        | more
    )


@pytest.fixture
def draft(pages: None) -> CoursePage:
    """The page of a course, begun."""
    page: CoursePage = make_page(make_version().course, live=False)
    return page


def person_of(client: Client) -> User:
    """Whose session it is."""
    return User.objects.get(pk=client.session["_auth_user_id"])


def sign_in_as(user: User) -> Client:
    """A client of its own, with a second factor."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def second_reader() -> Client:
    """Another School educator, signed in."""
    reader = make.make_person("Cora Cyan")
    make.make_grant(reader, SCHOOL_EDUCATOR, ensure_network())
    return sign_in_as(reader.user)


def edit(page: CoursePage) -> str:
    """The editor's address of a page."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def submit(client: Client, page: CoursePage, **more: str) -> TaskState:
    """Write a page and submit it."""
    data = words(page.slug, **more) | {"action-submit": "on"}
    assert client.post(edit(page), data).status_code == 302
    return TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)


def decide(client: Client, page: CoursePage, state: TaskState, act: str, comment: str = "") -> int:
    """Approve a page or ask for changes."""
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, act, state.pk])
    return client.post(address, {"comment": comment}).status_code


def test_writer_cannot_publish_alone(draft: CoursePage, signed_in: SignIn) -> None:
    client = signed_in(SCHOOL_EDUCATOR)
    page = client.get(edit(draft)).content.decode()
    assert ("action-publish" in page, "Submit to a second reader" in page) == (False, True)
    client.post(edit(draft), words(draft.slug) | {"action-publish": "on"})
    assert CoursePage.objects.get().live is False
    state = submit(client, draft)
    assert decide(client, draft, state, "approve") in (302, 403)
    assert CoursePage.objects.get().live is False


def test_second_reader_approves_and_the_page_goes_out(draft: CoursePage, signed_in: SignIn) -> None:
    writer, reader = signed_in(SCHOOL_EDUCATOR), second_reader()
    state = submit(writer, draft)
    told = {mail.person for mail in Mail.objects.filter(kind="page_to_review")}
    assert (person_of(reader).person in told, person_of(writer).person in told) == (True, False)
    assert decide(reader, draft, state, "approve") == 302
    assert CoursePage.objects.get().live is True
    assert "Bring a pen." in Client().get(draft.url).content.decode()
    mail = Mail.objects.get(kind="page_reviewed")
    assert (mail.person, mail.subject) == (person_of(writer).person, "Your page was approved")


def test_second_reader_asks_for_changes_and_the_writer_hears(
    draft: CoursePage, signed_in: SignIn
) -> None:
    writer, reader = signed_in(SCHOOL_EDUCATOR), second_reader()
    state = submit(writer, draft)
    assert decide(reader, draft, state, "reject", "Say which pen.") == 302
    assert CoursePage.objects.get().live is False
    assert "Say which pen." in Mail.objects.get(kind="page_reviewed").body


def test_reader_who_changed_the_words_has_become_their_writer(
    draft: CoursePage, signed_in: SignIn
) -> None:
    writer, reader = signed_in(SCHOOL_EDUCATOR), second_reader()
    state = submit(writer, draft)
    page = CoursePage.objects.get()
    page.save_revision(user=person_of(reader))
    task = state.task.specific
    with pytest.raises(PermissionDenied):
        task.on_action(state, person_of(reader), "approve")
    task.on_action(TaskState.objects.get(pk=state.pk), person_of(writer), "approve")
    assert CoursePage.objects.get().live is True


def test_approved_page_waits_for_the_time_written_in_it(
    draft: CoursePage, signed_in: SignIn
) -> None:
    writer, reader = signed_in(SCHOOL_EDUCATOR), second_reader()
    soon = clock.now() + timedelta(days=1)
    state = submit(writer, draft, go_live_at=f"{soon:%Y-%m-%d %H:%M}")
    assert decide(reader, draft, state, "approve") == 302
    page = CoursePage.objects.get()
    assert (page.live, page.approved_schedule) == (False, True)
    call_command("publish_scheduled")
    assert CoursePage.objects.get().live is False
    with time_machine.travel(soon + timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert CoursePage.objects.get().live is True


def test_two_revisions_can_be_compared(draft: CoursePage, signed_in: SignIn) -> None:
    client = signed_in(SCHOOL_EDUCATOR)
    client.post(edit(draft), words(draft.slug, "<p>Bring a pen.</p>"))
    client.post(edit(draft), words(draft.slug, "<p>Bring a pencil.</p>"))
    args = [draft.pk, "earliest", "latest"]
    page = client.get(reverse("wagtailadmin_pages:revisions_compare", args=args)).content.decode()
    assert "pencil" in page


def test_old_address_of_a_page_leads_to_the_new_one(
    draft: CoursePage, signed_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    draft.save_revision().publish()
    before = draft.url
    writer, reader = signed_in(SCHOOL_EDUCATOR), second_reader()
    client_words = words("introduction") | {"action-submit": "on"}
    writer.post(edit(draft), client_words)
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(reader, draft, state, "approve") == 302
    answer = Client().get(before)
    assert (answer.status_code, answer["Location"]) == (301, "/courses/introduction/")
