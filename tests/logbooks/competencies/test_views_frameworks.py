"""Frameworks as programme leads keep them on pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies import shipped
from logbooks.competencies.document import Document
from logbooks.competencies.formats import FORMATS
from logbooks.competencies.models import FrameworkDraft, FrameworkVersion
from school.people.models import Person
from tests import factories as make
from tests.logbooks.competencies import planted
from tests.logbooks.competencies.book import make_log_book
from tests.logbooks.competencies.documents import small
from tests.logbooks.competencies.frameworks import make_draft, make_lead, publish, seen
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture
def lead() -> Person:
    make.make_network()
    return make_lead("Wanda Writeman")


@pytest.fixture
def client(lead: Person) -> Client:
    return browser(lead)


@pytest.fixture
def reader(lead: Person) -> Client:
    return browser(make_lead("Rita Readwell"))


def queries_of(client: Client, address: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len([one for one in context.captured_queries if not one["sql"].startswith(CONTROL)])


def file_of(data: bytes, name: str = "framework.json") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data)


def send(client: Client, data: bytes, format: str) -> Any:
    """What the page says of a file."""
    return client.post(reverse("import_framework"), {"format": format, "file": file_of(data)})


def kept(page: Any) -> dict[str, str]:
    """What the page of a file that was read sends on."""
    return {name: page.context["keep"].initial[name] for name in ("content", "uuid", "seen")}


def draft_now() -> Document:
    """What the only draft says."""
    return queries.draft_document(FrameworkDraft.objects.get())


def typed(draft: FrameworkDraft, **changes: str) -> dict[str, str]:
    """A competency as its form sends it."""
    return {
        "code": "A2",
        "title": "Finds the spill kit",
        "group": "A",
        "part_of": "1 site-induction",
        "level": "aware",
        "number_1": "4",
        "type_1": "",
        "role_1": "assisted",
        "role_2": "observed",
        "role_3": "observed",
        "role_4": "observed",
        "seen": seen(draft),
        "uuid": str(uuid4()),
        **changes,
    }


def test_file_is_read_shown_and_then_kept_as_a_draft(client: Client) -> None:
    page = send(client, planted.as_bytes(planted.planted_case().came), "case")
    assert page.status_code == 200
    assert "Repairs: 11" in page.text
    assert "CFItems 164 (G7.7)" in page.text
    assert not FrameworkDraft.objects.exists()
    sent = kept(page)
    answer = client.post(reverse("keep_framework"), sent)
    draft = FrameworkDraft.objects.get()
    assert answer.url == reverse("framework_draft", args=[draft.uuid])
    assert len(draft_now().competencies) == 300
    client.post(reverse("keep_framework"), sent)
    assert FrameworkDraft.objects.count() == 1
    assert client.get(answer.url).status_code == 200


def test_refused_file_says_why_and_offers_nothing_to_keep(client: Client) -> None:
    package = planted.case_package()
    package["CFItems"].append(package["CFItems"][5])
    page = send(client, planted.as_bytes(package), "case")
    assert page.status_code == 422
    assert "Problems: " in page.text
    assert "It has the identifier" in page.text
    assert reverse("keep_framework") not in page.text


def test_what_a_browser_sends_to_be_kept_is_checked_again(client: Client) -> None:
    page = client.post(
        reverse("keep_framework"), {"content": '{"format": "framework"}', "uuid": uuid4()}
    )
    assert page.url == reverse("import_framework")
    assert not FrameworkDraft.objects.exists()


def test_file_takes_the_place_of_the_open_draft_while_it_is_written(
    client: Client, lead: Person, reader: Client
) -> None:
    draft = make_draft(lead)
    data = FORMATS["json"].write(small(title="A better one"), draft.history.first().history_date).data  # fmt: skip
    page = send(client, data, "json")
    assert "A draft of this framework is open" in page.text
    sent = kept(page)
    client.post(reverse("keep_framework"), sent)
    assert draft_now().title == "A better one"
    client.post(reverse("submit_framework_draft", args=[draft.uuid]), {"seen": seen(draft)})
    page = send(reader, FORMATS["json"].write(small(), draft.history.first().history_date).data, "json")  # fmt: skip
    answer = reader.post(reverse("keep_framework"), kept(page), follow=True)
    assert "waits for its second reader" in answer.text
    assert draft_now().title == "A better one"


def test_draft_goes_to_a_second_reader_who_publishes_it(
    client: Client, lead: Person, reader: Client
) -> None:
    draft = make_draft(lead)
    address = reverse("framework_draft", args=[draft.uuid])
    client.post(reverse("submit_framework_draft", args=[draft.uuid]), {"seen": seen(draft)})
    publish_at = reverse("publish_framework_draft", args=[draft.uuid])
    assert publish_at not in client.get(address).text
    assert publish_at in reader.get(address).text
    sent = {"seen": seen(draft), "uuid": uuid4()}
    refused = client.post(publish_at, sent, follow=True)
    assert "You wrote on this draft" in refused.text
    answer = reader.post(publish_at, sent, follow=True)
    assert "Version 1 of A small framework is published." in answer.text
    reader.post(publish_at, sent)
    version = FrameworkVersion.objects.get()
    assert client.get(reverse("framework_version", args=[version.uuid])).status_code == 200
    assert client.get(address).status_code == 404


def test_draft_is_given_back_and_dropped(client: Client, lead: Person, reader: Client) -> None:
    draft = make_draft(lead)
    client.post(reverse("submit_framework_draft", args=[draft.uuid]), {"seen": seen(draft)})
    reader.post(reverse("return_framework_draft", args=[draft.uuid]), {"seen": seen(draft)})
    draft.refresh_from_db()
    assert draft.state == "draft"
    answer = reader.post(reverse("drop_framework_draft", args=[draft.uuid]), {"seen": seen(draft)})
    assert answer.url == reverse("frameworks")
    draft.refresh_from_db()
    assert draft.state == "dropped"


def test_next_version_begins_from_the_last_and_says_what_it_changes(
    client: Client, lead: Person
) -> None:
    version = publish(lead, make_lead("Rosa Readmore"))
    start = reverse("start_framework_draft", args=[version.uuid])
    answer = client.post(start, {"seen": version.digest, "uuid": uuid4()})
    draft = FrameworkDraft.objects.get(state="draft")
    assert answer.url == reverse("framework_draft", args=[draft.uuid])
    assert "say the same as version 1" in client.get(answer.url).text
    client.post(reverse("add_competency", args=[draft.uuid]), typed(draft))
    assert "New: A2 Finds the spill kit" in client.get(answer.url).text
    assert "is open" in client.post(start, {"seen": "x", "uuid": uuid4()}, follow=True).text


def test_competency_is_added_changed_and_taken_out(client: Client, lead: Person) -> None:
    draft = make_draft(lead)
    sent = typed(draft)
    address = reverse("framework_draft", args=[draft.uuid])
    add = reverse("add_competency", args=[draft.uuid])
    assert client.post(add, sent).url == address
    assert client.post(add, sent).url == address
    held = draft_now().competencies[-1]
    assert (held.code, held.year, held.task, held.level) == ("A2", 1, "site-induction", "aware")
    assert [(count.number, count.role) for count in held.counts] == [(4, "assisted")]
    assert len(draft_now().competencies) == 3
    change = reverse("change_competency", args=[draft.uuid, held.identifier])
    assert 'value="A2"' in client.get(change).text
    client.post(change, typed(draft, title="Finds both kits", group="B"))
    assert [(part.code, part.parent) for part in draft_now().competencies][-1] == ("A2", "B")
    remove = reverse("remove_competency", args=[draft.uuid, held.identifier])
    client.post(remove, {"seen": seen(draft)})
    assert [part.code for part in draft_now().competencies] == ["A1", "B1"]


@pytest.mark.parametrize(
    ("change", "words", "status"),
    [
        ({"title": ""}, "Enter what somebody is seen to do", 422),
        ({"code": "B1"}, "Another part of this framework has this code.", 422),
        ({"seen": "0" * 64}, "Somebody changed this draft meanwhile.", 409),
        ({"number_1": "0"}, "greater than or equal to 1", 422),
    ],
)
def test_competency_that_is_refused_comes_back_full(
    client: Client, lead: Person, change: dict[str, str], words: str, status: int
) -> None:
    draft = make_draft(lead)
    page = client.post(reverse("add_competency", args=[draft.uuid]), typed(draft, source="Mine", **change))  # fmt: skip
    assert page.status_code == status
    assert words in page.text
    assert "Mine" in page.text
    assert len(draft_now().competencies) == 2


@pytest.mark.parametrize("key", sorted(FORMATS))
def test_version_and_draft_are_taken_away_in_each_format(
    client: Client, lead: Person, key: str
) -> None:
    version = publish(lead, make_lead("Rosa Readmore"))
    draft = make_draft(lead)
    for name, row in (("framework_version_file", version), ("framework_draft_file", draft)):
        answer = client.get(reverse(name, args=[row.uuid, key]))
        assert answer.status_code == 200
        assert FORMATS[key].read(answer.content).document is not None
        assert "attachment" in answer["Content-Disposition"]
        assert client.get(reverse(name, args=[row.uuid, "pdf"])).status_code == 404


def test_pages_take_few_queries_however_large_the_framework(client: Client, lead: Person) -> None:
    call_command("load_frameworks")
    large = FrameworkVersion.objects.get(framework__code="pet-ct")
    small_one = publish(lead, make_lead("Rosa Readmore"))
    pages = [reverse("framework_version", args=[one.uuid]) for one in (small_one, large)]
    taken = [queries_of(client, page) for page in pages]
    assert taken[0] == taken[1] <= 12
    draft = make_draft(lead, small("other"))
    assert queries_of(client, reverse("framework_draft", args=[draft.uuid])) <= 12
    assert queries_of(client, reverse("frameworks")) <= 12


def test_list_and_home_lead_to_an_open_draft(client: Client, lead: Person) -> None:
    draft = make_draft(lead)
    for name in ("frameworks", "home_later"):
        assert reverse("framework_draft", args=[draft.uuid]) in client.get(reverse(name)).text


def test_what_comes_with_the_portal_says_since_when_it_is_in_force(client: Client) -> None:
    shipped.load()
    version = FrameworkVersion.objects.get()
    page = client.get(reverse("framework_version", args=[version.uuid])).content.decode()
    assert "Comes with the portal, in force from 1 January 2017." in page
    assert "Published on" not in page
    assert "Published on" not in client.get(reverse("frameworks")).content.decode()


def test_ways_of_signing_are_switched_on_a_page_that_says_who_did(client: Client) -> None:
    book = make_log_book()
    programme = book.placement.enrolment.cohort.programme
    address = reverse("sign_off_ways", args=[programme.uuid])
    assert address in client.get(reverse("frameworks")).text
    form = client.get(address).context["form"]
    sent = {"ways": ["sign_with_account"], "separate_assessor": "on", "seen": form.initial["seen"]}
    assert client.post(address, sent).status_code == 302
    page = client.get(address).text
    assert "Wanda Writeman" in page
    assert page.count("No longer: ") == 3
    refused = client.post(address, {**sent, "ways": ["sign_by_link"]})
    assert (refused.status_code, "Somebody else changed this" in refused.text) == (409, True)
    assert "checked" in refused.text
