"""A cohort's competencies as of a day, as they were known on another: from the books, and the same when asked again."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis.stateful import invariant, rule

from logbooks.competencies import as_known, cohort_queries
from logbooks.competencies.actions import stages
from logbooks.competencies.actions.signing import WORDINGS
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
)
from placements import books, reference
from placements.models import Enrolment, StageTally
from school.core import clock, engine, ledger
from school.core.ledger import Draft
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.games import play
from tests.logbooks.competencies.signers import Signers, make_signers
from tests.logbooks.competencies.staged import make_staged
from tests.logbooks.competencies.test_actions_any_sequence import machine
from tests.placements.browsers import Viewer, browser, queries_of
from tests.placements.test_views_tutor import table

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def ago(number: int) -> date:
    return clock.today() - timedelta(days=number)


def stood(enrolment: Enrolment, as_of: date, known_on: date) -> dict[UUID, tuple[Any, ...]]:
    """Where the competencies of a student stood."""
    every = Competency.objects.values_list("uuid", "identifier")
    identifiers = {str(uuid): one for uuid, one in every}
    book = books.read([enrolment.book_id], as_known.SPOKEN, known_on)[enrolment.book_id]
    return {
        one: (found.state.value, found.sign_off, found.request)
        for one, found in as_known.standings(book, as_of, identifiers).items()
    }


def query(as_of: date, known_on: date) -> str:
    said = [
        f"{name}_day={day.day}&{name}_month={day.month}&{name}_year={day.year}"
        for name, day in (("as_of", as_of), ("known_on", known_on))
    ]
    return f"?{'&'.join(said)}"


class Story:
    """A student whose facts were known day by day, written as an import writes them."""

    def __init__(self, here: Signers) -> None:
        self.here = here
        self.about = {"enrolment": here.enrolment, "competency": here.competencies[0]}

    def write(self, fact: Any, about: date, known: date, **texts: str) -> Any:
        book = self.here.enrolment.book
        draft = Draft(fact=fact, book=book, about_from=about, texts=texts, known_from=known)
        with ledger.writing(book) as pen:
            return pen.append([draft], by=self.here.dilys.uuid)[0]

    def asked(self, about: date, known: date) -> Any:
        placement, dilys = self.here.placement, self.here.dilys
        fact = SignOffRequest(placement=placement, assessor=dilys, **self.about)
        return self.write(fact, about, known)

    def signed(self, about: date, known: date, **columns: Any) -> Any:
        fact = SignOff(
            placement=self.here.placement,
            outcome="achieved",
            person=self.here.dilys,
            capacity="practice_educator",
            proof="password",
            wording=reference.wording("I saw it."),
            **self.about,
            **columns,
        )
        return self.write(fact, about, known)

    def state(self, as_of: int, known_on: int) -> str:
        """The state and whether something waits, so many days ago."""
        found = stood(self.here.enrolment, ago(as_of), ago(known_on))
        state, _, request = found.get(self.here.competencies[0].identifier, ("open", None, None))
        return f"{state}, waits" if request else state


@pytest.fixture
def story() -> Story:
    return Story(make_signers())


def test_seen_on_one_day_and_known_on_another(story: Story) -> None:
    request = story.asked(ago(22), ago(22))
    signed = story.signed(ago(20), ago(10), request=request)
    revoked = Revocation(sign_off=signed, person=story.here.dilys)
    story.write(revoked, ago(6), ago(3), reason="Another student.")
    assert story.state(23, 0) == "open"
    assert story.state(22, 22) == "open, waits"
    # Seen on the twentieth day, but until the tenth nobody knew.
    assert (story.state(20, 11), story.state(20, 10)) == ("open, waits", "achieved")
    assert (story.state(7, 0), story.state(6, 0), story.state(6, 4)) == (
        "achieved",
        "revoked",
        "achieved",
    )
    excused = NotApplicable(person=story.here.lead, **story.about)
    story.write(excused, ago(1), ago(1), reason="No such scanner.")
    assert (story.state(2, 0), story.state(1, 2), story.state(1, 1)) == (
        "revoked",
        "revoked",
        "not_applicable",
    )


def test_what_the_portal_asks_of_changed_evidence_ends_with_the_sign_off(story: Story) -> None:
    signed = story.signed(ago(20), ago(20))
    placement, dilys = story.here.placement, story.here.dilys
    changed = SignOffRequest(placement=placement, assessor=dilys, because="changed", **story.about)
    story.write(changed, ago(15), ago(15))
    revoked = Revocation(sign_off=signed, person=story.here.dilys)
    story.write(revoked, ago(10), ago(10), reason="Another student.")
    assert (story.state(15, 0), story.state(10, 0)) == ("achieved, waits", "revoked")


def test_page_and_file_say_the_days_and_what_was_so(story: Story) -> None:
    here = story.here
    story.signed(ago(20), ago(10), request=story.asked(ago(22), ago(22)))
    client = browser(here.lead)
    address = f"/log-books/cohorts/{here.enrolment.cohort.uuid}/"
    before, after = query(ago(15), ago(11)), query(ago(15), ago(10))
    shown = client.get(address + after).content.decode()
    assert "As of" in shown
    assert "1 of 4 achieved" in shown
    assert "Of 1 request answered in the 90 days before" not in shown
    assert "0 of 4 achieved" in client.get(address + before).content.decode()
    about, [row] = table(client, f"{address}file/csv/{after}")
    assert "as it was known on" in about
    assert (row["Achieved"], row["Asked"], row["Waiting"]) == ("1", "4", "0")
    assert f"file/csv/{after}".replace("&", "&amp;") in shown
    # A day that cannot be read is said, and nothing is lost.
    wrong = client.get(f"{address}?as_of_day=31&as_of_month=2&as_of_year=2026")
    assert (wrong.status_code, 'value="31"' in wrong.content.decode()) == (422, True)
    assert client.get(f"{address}file/csv/?as_of_day=31").status_code == 404
    early = query(date(2001, 1, 1), date(2001, 1, 1))
    assert "Nobody was known to be in it" in client.get(address + early).content.decode()


def test_today_as_known_today_is_the_matrix_of_now(story: Story) -> None:
    here = story.here
    here.asked(1, 2)
    here.signed(1)
    here.signed(3, outcome="not_yet")
    viewer, cohort, today = Viewer(here.lead), here.enrolment.cohort, clock.today()
    for sort in cohort_queries.SORTS:
        now = cohort_queries.matrix_of(viewer, cohort, sort)  # type: ignore[arg-type]
        then = as_known.matrix_of(viewer, cohort, sort, today, today)  # type: ignore[arg-type]
        for line in now.lines:
            line.stage = ""
        assert now == then


def test_who_is_behind_is_said_with_how_it_is_reckoned(story: Story) -> None:
    here = story.here
    stage = here.placement.stage
    tally, _ = StageTally.objects.get_or_create(enrolment=here.enrolment, stage=stage)
    client = browser(here.lead)
    address = f"/log-books/cohorts/{here.enrolment.cohort.uuid}/"
    assert "0 of 1 behind" in client.get(address).content.decode()
    tally.confirmed = stage.minimum_minutes // 2
    tally.save()
    shown = client.get(f"{address}?sort=behind").content.decode()
    assert ("1 of 1 behind" in shown, "a third or more under" in shown) == (True, True)
    assert "<strong>Behind</strong>. Year 3: 0 of 1, with" in shown
    _, [row] = table(client, f"{address}file/csv/")
    assert (row["Year"], row["Asked in the year"], row["Behind"]) == ("3", "1", "yes")
    here.signed(2)
    assert "0 of 1 behind" in client.get(address).content.decode()


def test_page_of_a_day_asks_the_same_for_one_student_and_for_many(story: Story) -> None:
    here = story.here
    story.signed(ago(20), ago(10))
    client = browser(here.lead)
    address = f"/log-books/cohorts/{here.enrolment.cohort.uuid}/{query(ago(1), ago(0))}"
    one = queries_of(client, address)
    for n in range(10):
        make.make_student(f"Student {n}")
    many = queries_of(client, address)
    assert (many <= one, one <= 12) == (True, True), (one, many)


# Any sequence


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, timedelta]:
    """Days that pass, for the portal's clock and for the database's."""
    passed = {"days": timedelta()}
    now, take_ids = clock.now, engine.take_ids

    def later(*args: Any) -> tuple[Any, datetime]:
        ids, at = take_ids(*args)
        return ids, at + passed["days"]

    monkeypatch.setattr(clock, "now", lambda: now() + passed["days"])
    monkeypatch.setattr(engine, "take_ids", later)
    monkeypatch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path)
    return passed


def test_any_sequence_is_told_again_and_now_is_what_is_kept(passing: dict[str, timedelta]) -> None:
    staged = make_staged()
    here = staged.signers
    staged.fulfil(but="competencies")
    versions = [here.book.version, staged.version(keeps=(1, 2)), staged.version(keeps=(2, 3))]
    lead = make.make_person("Lena Lead")
    make.make_grant(lead, SITE_LEAD, here.placement.site.scope)
    for words in (*WORDINGS.values(), stages.WORDING):
        reference.wording(words)
    played: Any = machine(staged, lead, versions)

    class Dated(played):
        def __init__(self) -> None:
            passing["days"] = timedelta()
            super().__init__()
            # What was answered of each pair of days, once the second was over.
            self.answers: dict[tuple[date, date], Any] = {}

        def teardown(self) -> None:
            super().teardown()
            passing["days"] = timedelta()

        @rule()
        def a_day_passes(self) -> None:
            if passing["days"] < timedelta(days=5):
                today = clock.today()
                for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
                    self.answers[day, today] = stood(here.enrolment, day, today)
                passing["days"] += timedelta(days=1)

        @invariant()
        def now_is_what_is_kept(self) -> None:
            rows = CurrentCompetency.objects.filter(enrolment=here.enrolment).values_list(
                "competency__identifier",
                "state",
                "sign_off__entry__uuid",
                "request__entry__uuid",
            )
            kept = {
                one: (state, sign_off and str(sign_off), request and str(request))
                for one, state, sign_off, request in rows
            }
            assert stood(here.enrolment, clock.today(), clock.today()) == kept

        @invariant()
        def what_comes_later_changes_no_answer(self) -> None:
            for (as_of, known_on), answer in self.answers.items():
                assert stood(here.enrolment, as_of, known_on) == answer

    play(Dated, games=15, steps=20)
