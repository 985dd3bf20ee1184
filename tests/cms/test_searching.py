"""Search finds what everybody may read, and nothing else."""

import pytest
from django.test import RequestFactory

from cms.models import PlainPage
from cms.policies import Access
from cms.searching import Found, public_pages
from cms.searching import search as search_for
from tests.cms.making import known, make_material, make_page
from tests.courses.making import make_event, make_teacher, make_version


def search(words: str) -> Found:
    """What a visitor finds."""
    return search_for(words, RequestFactory().get("/"))


def test_search_finds_a_course_by_its_record_and_by_its_page(pages: None) -> None:
    teacher = make_teacher()
    version = make_version("Dementia and the scanner", by=teacher)
    page = make_page(version.course, body=[("text", "<p>Bring a saxophone.</p>")])
    make_page(make_version("Seminar", by=teacher).course, live=False,
              body=[("text", "<p>A saxophone again.</p>")])  # fmt: skip
    found = [[(line.title, line.address) for line in search(word).courses] for word in ("SCANNER", "saxophone")]  # fmt: skip
    assert found == [[("Dementia and the scanner", page.url)]] * 2
    assert search("scanner trombone").courses == []


def test_search_finds_events_that_are_coming_by_title_and_place(pages: None) -> None:
    event = make_event(
        make_version("Dementia"), format="in_person", venue="Town Hall, Carlisle", region="North"
    )
    assert [line.address for line in search("dementia carlisle").events] == [
        f"/events/{event.uuid}/"
    ]
    page = make_page(event)
    assert [line.address for line in search("carlisle").events] == [page.url]
    assert search("dementia exeter").events == []


def test_search_finds_pages_and_only_what_everybody_may_read(pages: None) -> None:
    known(PlainPage.objects.get(slug="accessibility"))
    assert [line.title for line in search("accessibility").pages] == ["Accessibility"]
    above = make_page(make_event())
    words = [("text", "<p>About the trombone.</p>")]
    closed = make_material(above, Access.SIGNED_IN, words)
    assert search("trombone").number == 0
    closed.access = Access.OPEN
    closed.save_revision().publish()
    known(closed)
    assert [line.title for line in search("trombone").pages] == ["Slides of the day"]
    closed.unpublish()
    assert search("trombone").number == 0


@pytest.mark.parametrize(
    "typed", ["", " ", "\0", '"', "AND", "help OR", "*", "'--", "(", "x" * 500]
)
def test_search_for_anything_at_all_is_answered(pages: None, typed: str) -> None:
    assert search(typed).events == []


def test_public_pages_leave_out_what_is_kept_from_some(pages: None) -> None:
    before = public_pages().count()
    above = make_page(make_event(opened=False))
    make_material(above, Access.BOOKED)
    assert public_pages().count() == before + 1
    PlainPage.objects.get(slug="help").unpublish()
    assert public_pages().count() == before
