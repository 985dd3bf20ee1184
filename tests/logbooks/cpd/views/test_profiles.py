"""The pages on which a profile is built, by what stands on them, and what they ask of the database."""

from datetime import date, timedelta

import pytest
from django.test import Client

from logbooks.cpd.files import profile_file
from logbooks.cpd.models import Activity, Profile, ProfileDraft, Registration
from logbooks.cpd.profile import queries, work
from school.core import clock, free_words
from school.core.codes import grouped
from school.core.models import Progress
from tests.factories import make_person
from tests.logbooks.cpd.profile.made import (
    CHECK,
    CHOOSE,
    PROFILE,
    STATEMENT,
    SUMMARY,
    WRITE,
    Writer,
    here,
    hidden,
    make_writer,
)
from tests.placements.browsers import browser, queries_of, words

__all__ = ["here"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(here: Writer) -> Client:
    return browser(here.person, second_factor=False)


@pytest.fixture
def new(here: Writer) -> Writer:
    """Somebody who has chosen and written nothing."""
    return make_writer("Nia New")


# From the first page to the file ----------------------------------------------------------------


def test_profile_is_built_frozen_and_downloaded(new: Writer) -> None:
    client = browser(new.person, second_factor=False)
    page = client.get(PROFILE)
    assert "0 of 4 chosen" in words(page)
    assert "Your renewal window" in words(page)
    assert "Not ready" in words(page)
    page = client.get(CHOOSE)
    assert words(page).count(" checked") == 4
    assert "Suggested: has words for standards 3 and 4 and evidence" in words(page)
    assert not ProfileDraft.objects.filter(person=new.person).exists()
    keys = [str(one.uuid) for one in new.activities]
    answer = client.post(CHOOSE, hidden(page, "seen") | {"chosen": keys})
    assert answer["Location"] == WRITE
    page = client.get(WRITE)
    assert 'data-maxlength="500" data-count-type="words"' in words(page)
    assert "About arms up." in words(page)
    typed = {"summary": SUMMARY, "statement": STATEMENT, **hidden(page, "seen")}
    assert client.post(WRITE, typed)["Location"] == CHECK
    page = client.get(CHECK)
    assert "Patients wait less." in words(page)
    asked = hidden(page, "uuid", "seen")
    answer = client.post(CHECK, asked)
    found = Progress.objects.get()
    assert answer["Location"] == f"/progress/{found.uuid}/"
    work.make.func(asked["uuid"], str(new.person.uuid), clock.today().isoformat(), str(found.uuid))
    profile = Profile.objects.get()
    assert f"/cpd/profile/{profile.uuid}/" in words(client.get(answer["Location"]))
    frozen = client.get(f"/cpd/profile/{profile.uuid}/")
    assert grouped(profile.code) in words(frozen)
    for ending, kind in {"pdf": "application/pdf", "json": "application/json", "zip": "application/zip"}.items():  # fmt: skip
        file = client.get(f"/cpd/profile/{profile.uuid}/file/{ending}/")
        assert (file.status_code, file["Content-Type"]) == (200, kind)
        assert file.content == profile_file(profile, ending)
        assert file["Content-Disposition"].endswith(
            f'cpd-profile-{grouped(profile.code)}.{ending}"'
        )
    assert client.get(f"/cpd/profile/{profile.uuid}/file/exe/").status_code == 404
    listed = words(client.get(PROFILE))
    assert grouped(profile.code) in listed
    assert "Compare with" not in listed


def test_nothing_yet_teaches(here: Writer) -> None:
    nobody = browser(make_person("Stu Dent"), second_factor=False)
    page = words(nobody.get(PROFILE))
    assert "no window applies" in page
    assert "No activity yet" in page
    assert "Before you can freeze it" in words(nobody.get(CHECK))
    assert nobody.get(CHOOSE).status_code == nobody.get(WRITE).status_code == 200


def test_account_without_a_person_finds_nothing(client: Client, here: Writer) -> None:
    here.person.user = None
    here.person.save()
    assert client.get(PROFILE).status_code == 404


# Choosing ---------------------------------------------------------------------------------------


def test_what_is_chosen_stays_ticked_and_nothing_else(client: Client, here: Writer) -> None:
    here.chooses(here.activities[3])
    page = words(client.get(CHOOSE))
    assert page.count(" checked") == 1
    assert "Suggested:" in page


def test_title_is_shown_as_it_was_typed(client: Client, here: Writer) -> None:
    here.learns('<script>alert("1")</script> & more', 5)
    page = words(client.get(CHOOSE))
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more" in page


def test_choice_of_another_window_is_not_written_over_until_it_was_seen(
    client: Client, here: Writer
) -> None:
    opened = hidden(client.get(CHOOSE), "seen")
    here.chooses(here.activities[0])
    sent = opened | {"chosen": [str(here.activities[1].uuid)]}
    answer = client.post(CHOOSE, sent)
    assert answer.status_code == 409
    assert "changed since you opened it" in words(answer)
    assert words(answer).count(" checked") == 1
    assert queries.chosen_keys(here.draft) == {here.activities[0].pk}
    again = hidden(answer, "seen") | {"chosen": sent["chosen"]}
    assert client.post(CHOOSE, again).status_code == 302
    assert queries.chosen_keys(here.draft) == {here.activities[1].pk}


def test_activity_of_another_is_refused_and_what_was_ticked_stays(
    client: Client, here: Writer, new: Writer
) -> None:
    opened = hidden(client.get(CHOOSE), "seen")
    keys = [str(new.activities[0].uuid), str(here.activities[1].uuid)]
    answer = client.post(CHOOSE, opened | {"chosen": keys})
    assert answer.status_code == 422
    assert words(answer).count(" checked") == 1
    assert "in your list no longer" in words(answer)


# Writing ----------------------------------------------------------------------------------------


def test_words_over_the_limit_are_saved_and_said(client: Client, here: Writer) -> None:
    typed = hidden(client.get(WRITE), "seen") | {"summary": "one " * 512, "statement": STATEMENT}
    answer = client.post(WRITE, typed)
    assert answer["Location"] == WRITE
    page = words(client.get(WRITE))
    assert "It has 512 words, 12 more than 500." in page
    assert here.said["texts"]["summary"].count("one") == 512
    assert "Too long" in words(client.get(PROFILE))
    check = words(client.get(CHECK))
    assert "12 more than 500" in check
    assert "Freeze the profile" not in check


def test_words_of_two_windows_are_both_kept_until_one_is_chosen(
    client: Client, here: Writer
) -> None:
    opened = hidden(client.get(WRITE), "seen")
    here.writes(summary="From the other window.")
    answer = client.post(WRITE, opened | {"summary": "Mine.", "statement": "Mine too."})
    assert answer.status_code == 409
    page = words(answer)
    for text in ("From the other window.", ">Mine.</textarea>", ">Mine too.</textarea>"):
        assert text in page.replace("> ", ">"), text
    assert here.said["texts"]["summary"] == "From the other window."
    again = hidden(answer, "seen") | {"summary": "Mine.", "statement": "Mine too."}
    assert client.post(WRITE, again).status_code == 302
    assert here.said["texts"]["summary"] == "Mine."


def test_what_may_name_a_patient_is_asked_about(client: Client, here: Writer) -> None:
    typed = hidden(client.get(WRITE), "seen") | {
        "summary": SUMMARY,
        "statement": "Mrs Sampleby was kind.",
    }
    answer = client.post(WRITE, typed)
    assert answer.status_code == 422
    assert "looks like a name" in words(answer)
    assert here.said["texts"]["statement"] == STATEMENT
    assert client.post(WRITE, typed | {"words_checked": "on"}).status_code == 302
    refused = client.post(WRITE, typed | {"statement": "943 476 5919", "words_checked": "on"})
    assert (refused.status_code, "is an NHS number" in words(refused)) == (422, True)


def test_statement_begins_with_ones_own_reflections(new: Writer) -> None:
    client = browser(new.person, second_factor=False)
    new.chooses(*new.activities[:2])
    page = client.get(WRITE)
    assert "Begin with my reflections" in words(page)
    typed = hidden(page, "seen") | {"summary": "Kept.", "statement": " ", "begin": "1"}
    assert client.post(WRITE, typed)["Location"] == WRITE
    said = new.said["texts"]
    assert said["summary"] == "Kept."
    assert said["statement"].startswith(
        "Arms up\n\nAbout arms up.\n\nBetter.\n\nFaster.\n\nStudy day"
    )
    assert "Begin with" not in words(client.get(WRITE))


def test_what_is_written_is_never_written_over_by_reflections(client: Client, here: Writer) -> None:
    typed = hidden(client.get(WRITE), "seen") | {
        "summary": SUMMARY,
        "statement": "Mine.",
        "begin": "1",
    }
    answer = client.post(WRITE, typed)
    assert answer.status_code == 422
    assert "There are words here already" in words(answer)
    assert "Mine.</textarea>" in words(answer)
    assert here.said["texts"]["statement"] == STATEMENT


def test_without_reflections_there_is_nothing_to_begin_with(client: Client, here: Writer) -> None:
    here.writes(statement="")
    Activity.objects.update(learned="", practice="", benefit="")
    page = client.get(WRITE)
    assert "Begin with" not in words(page)
    typed = hidden(page, "seen") | {"summary": "", "statement": "", "begin": "1"}
    answer = client.post(WRITE, typed)
    assert (answer.status_code, "has words yet" in words(answer)) == (422, True)


def test_words_beyond_any_limit_are_not_looked_through(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    monkeypatch.setattr(free_words, "findings", lambda text: looked.append(len(text)) or [])
    typed = {"summary": "a" * 40_001, "statement": "b", **hidden(client.get(WRITE), "seen")}
    answer = client.post(WRITE, typed)
    assert (answer.status_code, max(looked)) == (422, 1)
    assert "This has 40,001 characters. Shorten it to at most 40,000" in words(answer)


# The cycle before -------------------------------------------------------------------------------


def test_cycle_before_is_offered_while_its_window_is_just_closed(
    client: Client, here: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 4, 1))
    page = words(client.get(PROFILE))
    assert "Write about the cycle that ended on 28 February 2026" in page
    here.learns("Before the window closed", 60)
    earlier = words(client.get(f"{PROFILE}?period=before"))
    assert "/cpd/profile/choose/?period=before" in earlier
    typed = hidden(client.get(f"{WRITE}?period=before"), "seen") | {"summary": "Before.", "statement": "Then."}  # fmt: skip
    answer = client.post(f"{WRITE}?period=before", typed)
    assert answer["Location"] == f"{CHECK}?period=before"
    found = ProfileDraft.objects.get(texts__summary="Before.")
    assert (found.first, found.last) == (date(2024, 3, 1), date(2026, 2, 28))
    assert here.draft is not None
    assert here.draft.texts["summary"] == SUMMARY
    monkeypatch.setattr(clock, "today", lambda: date(2026, 6, 1))
    assert client.get(f"{PROFILE}?period=before").status_code == 404
    assert "Write about the cycle" not in words(client.get(PROFILE))


# What the pages ask for -------------------------------------------------------------------------


def test_pages_ask_little_of_the_database_with_500_activities(client: Client, here: Writer) -> None:
    day = here.by.period[0]
    Activity.objects.bulk_create(
        Activity(
            person=here.person, title=f"Activity {number}", learning="formal", minutes=30,
            starts_on=day + timedelta(days=number % 200), ends_on=day + timedelta(days=number % 200),
        )
        for number in range(500)
    )  # fmt: skip
    found = here.freezes()
    here.writes(summary="Another one.")
    second = here.freezes()
    pages = (PROFILE, CHOOSE, WRITE, CHECK, f"/cpd/profile/{found.uuid}/", f"/cpd/profile/{found.uuid}/compare/{second.uuid}/")  # fmt: skip
    asked = {page: queries_of(client, page) for page in pages}
    assert max(asked.values()) <= 12, asked


def test_registration_that_is_said_names_the_cycle(client: Client, here: Writer) -> None:
    Registration.objects.filter(person=here.person).update(profession="physiotherapists")
    assert "physiotherapists" in words(client.get(PROFILE))
