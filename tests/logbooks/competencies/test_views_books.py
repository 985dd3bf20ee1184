"""The pages of copies: a student's own, and what a reader opens by a link."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from logbooks.competencies.book import files, work
from logbooks.competencies.models import LogBookCopy, SharedCopy, SharedCopyOpening
from school.core import clock, documents
from school.core.codes import grouped
from school.core.models import Progress
from school.people.models import Mail
from tests.logbooks.competencies.book import LogBook
from tests.logbooks.competencies.readers import here, share, take, token_of
from tests.placements.browsers import browser, counted, words

__all__ = ["here"]
pytestmark = pytest.mark.django_db
OWN = "/log-book/copies/"


def test_student_asks_for_a_copy_and_downloads_it(here: LogBook) -> None:
    client = browser(here.student, second_factor=False)
    page = client.get(OWN)
    assert (page.status_code, "No copy yet" in words(page)) == (200, True)
    uuid = str(page.context["form"]["uuid"].value())
    answer = client.post(OWN, {"uuid": uuid, "reflections": "on"})
    found = Progress.objects.get()
    assert answer["Location"] == f"/progress/{found.uuid}/"
    key = here.placement.enrolment.uuid
    work.make.func(uuid, str(key), True, str(here.student.uuid), str(found.uuid))
    assert "The copy is made" in words(client.get(answer["Location"]))
    copy = LogBookCopy.objects.get()
    listed = words(client.get(OWN))
    assert (grouped(copy.code) in listed, "The latest" in listed) == (True, True)
    here.log()
    assert "Not the latest" in words(client.get(OWN))
    for format, kind in files.FORMATS.items():
        file = client.get(f"{OWN}{copy.uuid}/file/{format}/")
        assert (file.status_code, file["Content-Type"]) == (200, kind.content_type)
        assert file.content == files.kept(copy, format)
        assert file["Content-Disposition"].endswith(f'log-book-{grouped(copy.code)}.{kind.ending}"')
    assert client.get(f"{OWN}{copy.uuid}/file/exe/").status_code == 404
    files.remove(copy)
    gone = client.get(f"{OWN}{copy.uuid}/file/pdf/")
    assert (gone.status_code, "not kept any more" in words(gone)) == (422, True)


def test_others_find_no_copy(here: LogBook) -> None:
    copy = take(here)
    link = share(copy)
    educator = browser(here.educator, second_factor=False)
    addresses = (OWN, f"{OWN}{copy.uuid}/file/pdf/", f"{OWN}{copy.uuid}/share/", f"/log-book/shared/{link.uuid}/")  # fmt: skip
    assert [educator.get(address).status_code for address in addresses] == [404] * 4


def test_student_shares_a_copy_and_ends_the_link(here: LogBook) -> None:
    copy = take(here)
    client = browser(here.student, second_factor=False)
    address = f"{OWN}{copy.uuid}/share/"
    page = client.get(address)
    last = clock.today() + timedelta(days=9)
    typed = {
        "uuid": str(page.context["form"]["uuid"].value()),
        "name": "Dr Ada Example",
        "address": "ada@university.example",
        "purpose": "External examination",
        "ends_on_day": last.day,
        "ends_on_month": last.month,
        "ends_on_year": last.year,
    }
    late = client.post(address, typed | {"ends_on_year": last.year + 3})
    assert (late.status_code, "from today to a year ahead" in words(late)) == (422, True)
    for changes, answer in (
        ({"purpose": "To talk about Mrs Smith"}, "looks like a name"),
        ({"purpose": "NHS 943 476 5919", "words_checked": "on"}, "is an NHS number"),
        ({"name": "Ada, 943 476 5919", "words_checked": "on"}, "is an NHS number"),
    ):
        named = client.post(address, typed | changes)
        assert (named.status_code, answer in words(named)) == (422, True)
    assert client.post(address, typed)["Location"] == OWN
    link = SharedCopy.objects.get()
    token = token_of(link)
    assert "Not opened yet" in words(client.get(OWN))
    assert Client().get(f"/shared/{token}/").status_code == 200
    assert "Opened 1 time" in words(client.get(OWN))
    end = f"/log-book/shared/{link.uuid}/"
    assert "The page" in words(client.get(end))
    assert SharedCopy.objects.get().ended_at is None
    assert client.post(end)["Location"] == OWN
    assert "Ended" in words(client.get(OWN))
    assert Client().get(f"/shared/{token}/").status_code == 410


def test_reader_reads_the_copy_as_it_was_shared(here: LogBook, client: Client) -> None:
    copy = take(here)
    link = share(copy)
    token = token_of(link)
    here.log()
    take(here)
    page = client.get(f"/shared/{token}/")
    said = words(page)
    for told in ("Log book of Amara Exampleton", "Dr Ada Example", "External examination", grouped(copy.code)):  # fmt: skip
        assert told in said
    file = client.get(f"/shared/{token}/file/json/")
    assert file.content == files.kept(copy, "json")
    for answer in (page, file, client.get("/shared/guessed/")):
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert list(SharedCopyOpening.objects.order_by("pk").values_list("what", flat=True)) == [
        "page",
        "json",
    ]
    assert client.get(f"/shared/{token}/file/exe/").status_code == 404


def test_wrong_link_says_nothing_of_anybody(here: LogBook, client: Client) -> None:
    share(take(here))
    answer = client.get("/shared/guessed/")
    assert (answer.status_code, "Amara" in words(answer)) == (410, False)
    assert "There is nothing to read here" in words(answer)


def test_links_are_limited_for_each_address(client: Client, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "shared_log_book": "3/m/ip"}
    assert [client.get("/shared/guessed/").status_code for _ in range(4)] == [410, 410, 410, 429]


def test_list_costs_the_same_for_many_copies(here: LogBook) -> None:
    client = browser(here.student, second_factor=False)
    share(take(here))
    client.get(OWN)
    numbers = []
    for _ in range(2):
        with counted() as asked:
            assert client.get(OWN).status_code == 200
        numbers.append(len(asked))
        for _ in range(5):
            here.log()
            share(take(here))
    assert (numbers[0], numbers[0] <= 12) == (numbers[1], True)


def test_stranger_checks_a_copy_by_its_code_and_by_each_file(here: LogBook, client: Client) -> None:
    copy = take(here)
    page = client.get(f"/verify/{grouped(copy.code)}/")
    assert "Issued by the School, and the latest" in words(page)
    for format in files.FORMATS:
        digest = getattr(copy, f"{format}_digest")
        for address in (f"/verify/{grouped(copy.code)}/?digest={digest}", f"/verify/{digest}/"):
            said = words(client.get(address))
            assert ("The file is unaltered" in said, "and the latest" in said) == (True, True)
    altered = documents.digest((files.kept(copy, "pdf") or b"") + b" ")
    assert "The file is not the one that was issued" in words(
        client.get(f"/verify/{grouped(copy.code)}/?digest={altered}")
    )
    assert "is not one that the School issued" in words(client.get(f"/verify/{altered}/"))
    here.log()
    said = words(client.get(f"/verify/{grouped(copy.code)}/"))
    assert "and not the latest" in said
    assert [word for word in ("Amara", "examination", str(copy.uuid)) if word in said] == []
    assert Mail.objects.filter(kind="shared_copy_link").count() == 0
