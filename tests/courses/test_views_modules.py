"""Learning online: parts, the quiz and its result, as their person meets them."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from school.courses.models import Attainment, Module, PartDone, Question, QuizAttempt
from school.people.models import Person
from tests import factories as make
from tests.courses import modules as made
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return make.make_person("Alice Amber")


@pytest.fixture
def client(alice: Person) -> Client:
    return browser(alice, second_factor=False)


def quiz_of(module: Module) -> str:
    return reverse("quiz", args=[module.uuid])


def form(
    person: Person, module: Module, *, right: bool = True, **columns: str
) -> dict[str, object]:
    """A paper as its form sends it."""
    paper = made.paper_of(person, module)
    answers = {
        f"q-{question}": [str(one) for one in options]
        for question, options in made.chosen(paper, right=right).items()
    }
    return {"uuid": str(uuid4()), "shown": paper.digest, **answers, **columns}


def done(module: Module, place: int) -> str:
    return reverse("finish_part", args=[module.uuid, made.parts_of(module)[place]])


def test_part_that_is_done_leads_to_the_next_and_the_last_to_the_module(
    alice: Person, client: Client
) -> None:
    module = made.make_module()
    page = module.page.url
    uuid = {"uuid": str(uuid4())}
    assert client.post(done(module, 0), uuid).headers["Location"] == f"{page}part-2/"
    assert client.post(done(module, 0), uuid).headers["Location"] == f"{page}part-2/"
    assert client.post(done(module, 1), {"uuid": str(uuid4())}).headers["Location"] == page
    assert PartDone.objects.count() == 2
    assert client.get(done(module, 0)).status_code == 405
    assert client.post(done(module, 0), {"uuid": "x"}).status_code == 404


def test_part_that_is_gone_says_so_on_the_module(client: Client) -> None:
    module = made.make_module()
    address = reverse("finish_part", args=[module.uuid, uuid4()])
    answer = client.post(address, {"uuid": str(uuid4())}, follow=True)
    assert "This part is not in the module any more." in answer.text
    assert answer.redirect_chain[-1][0] == module.page.url


def test_quiz_before_the_parts_says_what_is_left(client: Client) -> None:
    module = made.make_module()
    answer = client.get(quiz_of(module))
    assert (answer.status_code, "You have done 0." in answer.text) == (200, True)
    assert client.post(quiz_of(module), {"uuid": str(uuid4())}).status_code == 422
    assert client.post(quiz_of(module), {}).status_code == 404


def test_quiz_is_the_same_when_it_is_opened_again_and_keeps_nothing(
    alice: Person, client: Client
) -> None:
    module = made.make_module(questions=30, asked=5)
    made.do_parts(alice, module)
    pages = [client.get(quiz_of(module)) for _ in range(2)]
    asked = [[str(field.label) for field in page.context["form"].questions] for page in pages]
    assert asked[0] == asked[1]
    assert len(asked[0]) == 5
    assert QuizAttempt.objects.count() == 0


def test_quiz_that_is_not_complete_comes_back_with_what_was_chosen(
    alice: Person, client: Client
) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    sent = form(alice, module)
    last = list(sent)[-1]
    kept = str(sent[list(sent)[-2]][0])  # type: ignore[index]
    del sent[last]
    answer = client.post(quiz_of(module), sent)
    assert (answer.status_code, QuizAttempt.objects.count()) == (422, 0)
    assert "Choose an answer to question 2" in answer.text
    assert f'value="{kept}" checked' in answer.text


def test_pass_leads_to_what_was_attained_once(alice: Person, client: Client) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    sent = form(alice, module)
    first, again = (client.post(quiz_of(module), sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert (QuizAttempt.objects.count(), Attainment.objects.count()) == (1, 1)
    page = client.get(first.headers["Location"]).text
    assert "You passed" in page
    assert "2 of 2 right" in page
    assert reverse("attainment", args=[Attainment.objects.get().entry.uuid]) in page


def test_other_answers_under_the_same_uuid_are_refused_and_the_first_stand(
    alice: Person, client: Client
) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    sent = form(alice, module, right=False)
    client.post(quiz_of(module), sent)
    changed = sent | {
        f"q-{question}": [str(one) for one in options]
        for question, options in made.chosen(
            made.learning.paper(module, alice, 1), right=True
        ).items()
    }
    answer = client.post(quiz_of(module), changed, follow=True)
    assert "What was saved first stands" in answer.text
    assert (QuizAttempt.objects.count(), Attainment.objects.count()) == (1, 0)


def test_fail_says_which_were_wrong_and_why(alice: Person, client: Client) -> None:
    module = made.make_module(attempts=2)
    made.do_parts(alice, module)
    answer = client.post(quiz_of(module), form(alice, module, right=False), follow=True)
    page = answer.text
    assert "Not passed this time" in page
    assert "0 of 2 right" in page
    assert page.count("Because of Question") == 2
    assert "1 attempt left" in page
    assert f'href="{quiz_of(module)}"' in page
    client.post(quiz_of(module), form(alice, module, right=False))
    assert "Contact the School" in client.get(answer.redirect_chain[-1][0]).text
    assert "You have used 2 of 2 attempts." in client.get(quiz_of(module)).text


def test_questions_that_changed_meanwhile_are_shown_again_with_what_still_fits(
    alice: Person, client: Client
) -> None:
    module = made.make_module(questions=2)
    made.do_parts(alice, module)
    sent = form(alice, module)
    Question.objects.filter(text="Question 0?").update(text="Quite another question?")
    answer = client.post(quiz_of(module), sent)
    assert (answer.status_code, QuizAttempt.objects.count()) == (409, 0)
    assert "The questions changed while you answered" in answer.text
    assert answer.text.count(" checked>") == 2
    assert f'value="{made.paper_of(alice, module).digest}"' in answer.text
    again = client.post(quiz_of(module), sent | {"shown": made.paper_of(alice, module).digest})
    assert (again.status_code, QuizAttempt.objects.count()) == (302, 1)


def test_paper_left_open_on_another_page_is_not_answered_twice(
    alice: Person, client: Client
) -> None:
    module = made.make_module(attempts=3)
    made.do_parts(alice, module)
    sent = form(alice, module, right=False)
    client.post(quiz_of(module), sent)
    answer = client.post(quiz_of(module), sent | {"uuid": str(uuid4())})
    assert (answer.status_code, QuizAttempt.objects.count()) == (409, 1)
    assert "You answered these questions before" in answer.text
    assert f'value="{made.paper_of(alice, module).digest}"' in answer.text


def test_result_is_its_persons_own(alice: Person, client: Client) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    attempt = made.sit(alice, module)
    address = reverse("quiz_result", args=[module.uuid, attempt.entry.uuid])
    assert client.get(address).status_code == 200
    bob = browser(make.make_person("Bob Birch"), second_factor=False)
    assert bob.get(address).status_code == 404
    other = reverse("quiz_result", args=[module.uuid, uuid4()])
    assert client.get(other).status_code == 404
    assert client.get(reverse("quiz", args=[uuid4()])).status_code == 404


def test_my_learning_shows_what_is_under_way_until_it_is_attained(
    alice: Person, client: Client
) -> None:
    module = made.make_module()
    mine = reverse("my_learning")
    assert "Under way" not in client.get(mine).text
    client.post(done(module, 0), {"uuid": str(uuid4())})
    page = client.get(mine).text
    assert "Under way" in page
    assert "1 of 2 parts" in page
    assert f'href="{module.page.url}"' in page
    made.do_parts(alice, module)
    made.sit(alice, module)
    page = client.get(mine).text
    assert "Under way" not in page
    assert "Dementia Awareness" in page


def test_pages_take_few_queries_whatever_their_size(alice: Person, client: Client) -> None:
    module = made.make_module(questions=40, asked=1)
    made.do_parts(alice, module)
    quiz = quiz_of(module)
    result = reverse(
        "quiz_result", args=[module.uuid, made.sit(alice, module, right=False).entry.uuid]
    )
    mine = reverse("my_learning")
    few = [queries_of(client, one) for one in (quiz, quiz, result, mine)][1:]
    module.asked = 30
    module.save()
    for _ in range(20):
        made.sit(alice, module, right=False)
    large = reverse("quiz_result", args=[module.uuid, QuizAttempt.objects.latest("pk").entry.uuid])
    assert [queries_of(client, one) for one in (quiz, large, mine)] == few
    assert max(few) <= 12
