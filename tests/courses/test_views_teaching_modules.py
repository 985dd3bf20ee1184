"""Modules, their questions and their figures, as School educators meet them."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from school.courses.models import Module, Question
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses import modules as made
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Person:
    return making.make_teacher()


@pytest.fixture
def client(teacher: Person) -> Client:
    return browser(teacher)


def question_form(**columns: object) -> dict[str, object]:
    """A question as its form sends it."""
    return {
        "uuid": uuid4(),
        "text": "What is FDG like?",
        "kind": "one",
        "answer_1": "Glucose",
        "right_1": "on",
        "answer_2": "Iron",
        "feedback": "Cells take it up.",
        **columns,
    }


def test_module_is_made_from_its_course_and_filled(teacher: Person, client: Client) -> None:
    version = making.make_version(by=teacher)
    course = reverse("taught_course", args=[version.course.uuid])
    make_it = reverse("make_module", args=[version.uuid])
    assert f'href="{make_it}"' in client.get(course).text
    sent = {"uuid": uuid4(), "asked": "0", "pass_percent": "80", "attempts": ""}
    assert client.post(make_it, sent).status_code == 422
    page = client.post(make_it, sent | {"asked": "2"}, follow=True).text
    module = Module.objects.get()
    assert (module.asked, module.pass_percent, module.attempts) == (2, 80, None)
    assert "The bank is too small" in page
    assert "Nothing of it is published" in page
    assert "No question yet" in page
    assert f'href="{reverse("taught_module", args=[module.uuid])}"' in client.get(course).text
    add = reverse("add_question", args=[module.uuid])
    assert "marked right" in client.post(add, question_form(right_1="")).text
    page = client.post(add, question_form(), follow=True).text
    assert "What is FDG like?" in page
    answer = client.post(make_it, sent | {"uuid": uuid4(), "asked": "2"})
    assert (answer.status_code, "Change that one" in answer.text) == (409, True)


def test_question_is_changed_retired_and_asked_again(teacher: Person, client: Client) -> None:
    module = made.make_module(by=teacher, questions=1, asked=1)
    question = Question.objects.get()
    address = reverse("change_question", args=[question.uuid])
    assert 'value="Wrong too"' in client.get(address).text
    client.post(address, question_form(text="What is it like?"))
    question.refresh_from_db()
    assert (question.text, question.answers.count(), question.uuid) == (
        "What is it like?",
        2,
        Question.objects.get().uuid,
    )
    retire = reverse("retire_question", args=[question.uuid])
    page = client.post(retire, follow=True).text
    assert "Questions that are asked no more" in page
    assert "The bank is too small" in page
    page = client.post(retire, {"again": "1"}, follow=True).text
    assert "The bank is too small" not in page
    change = reverse("change_module", args=[module.uuid])
    client.post(change, {"uuid": uuid4(), "asked": "1", "pass_percent": "60", "attempts": "3"})
    module.refresh_from_db()
    assert (module.pass_percent, module.attempts) == (60, 3)


def lines(answer: Any) -> list[str]:
    """The lines of a CSV file after its first, which says what it holds."""
    return b"".join(answer.streaming_content).decode().splitlines()[1:]


def test_figures_appear_with_the_fifth_person_and_name_nobody(
    teacher: Person, client: Client
) -> None:
    module = made.make_module(by=teacher, questions=2, pass_percent=100)
    address = reverse("module_figures", args=[module.uuid])
    names = ["Ann Alder", "Ben Beech", "Cat Cedar", "Dan Dogwood", "Eve Elm"]
    for number, name in enumerate(names):
        assert "Too few people to show" in client.get(address).text
        person = make.make_person(name)
        made.do_parts(person, module)
        made.sit(person, module, right=number < 3)
    page = client.get(address).text
    assert "60.0 %" in page
    assert "Too few" not in page
    assert page.count("60.0 %") == 3
    assert page.count("1.00") == 2
    assert not any(name in page for name in names)
    found = client.get(reverse("module_figures_file", args=[module.uuid, "csv"]))
    assert lines(found)[-2:] == ["Question 0?,,5,5,60,1", "Question 1?,,5,5,60,1"]
    assert client.get(reverse("module_figures_file", args=[module.uuid, "pdf"])).status_code == 404


def test_pages_take_few_queries_whatever_the_size_of_the_bank(
    teacher: Person, client: Client
) -> None:
    module = made.make_module(by=teacher, questions=1, asked=1)
    pages = [reverse(name, args=[module.uuid]) for name in ("taught_module", "module_figures")]
    pages.append(reverse("taught_course", args=[module.version.course.uuid]))
    few = [queries_of(client, page) for page in [*pages, *pages]][len(pages) :]
    for number in range(30):
        made.make_question(module, f"More {number}?")
    assert [queries_of(client, page) for page in pages] == few
    assert max(few) <= 12
