"""Another regulator is a file: its profile is chosen, written, frozen, compared and taken away with no change of code."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.cpd import schemes
from logbooks.cpd.leaving.gathered import record_of
from logbooks.cpd.leaving.paper import pdf
from logbooks.cpd.leaving.record import read, written
from logbooks.cpd.models import Profile, Registration
from logbooks.cpd.profile import queries, work
from school.core import clock, printing
from school.core.models import Progress
from tests.logbooks.cpd.profile.made import (
    CHECK,
    CHOOSE,
    PROFILE,
    WRITE,
    Writer,
    here,
    hidden,
    make_writer,
)
from tests.logbooks.cpd.test_schemes import put
from tests.placements.browsers import browser, words

__all__ = ["here"]
pytestmark = pytest.mark.django_db

NURSES = """
key = "nmc"
regulator = "NMC"
name = "A council of nurses"
from = 2024-01-01
sources = ["An invented page"]
standards = []

[checks]
least_types = 1
gap_months = 6
usual_least = 5
usual_most = 40
described_least = 2
described_most = 5
registered_years = 3
drawn_percent = 1

[[parts]]
key = "hours"
title = "Your hours of practice"
heading = "Hours of practice"
kind = "words"
most_words = 100
prompts = ["Where did you practise, and for how long?"]

[[parts]]
key = "learning"
title = "All that you learned"
heading = "Learning"
kind = "dated_list"
prompts = []

[[parts]]
key = "feedback"
title = "Feedback that you had"
heading = "Feedback"
kind = "words"
most_words = 300
prompts = ["What did others say?"]

[[parts]]
key = "accounts"
title = "Your accounts"
heading = "Reflective accounts"
kind = "words"
most_words = 2000
about_chosen = true
prompts = ["What did you learn, and what did you change?"]

[[professions]]
key = "nurses"
name = "Nurses"
prefix = ""
opens = 2024-10-01
closes = 2024-12-31
cycle_months = 36
window_months = 3
source = "An invented page"
"""


@pytest.fixture
def nurse(here: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Nia, a nurse who has written nothing yet; her regulator is one file more."""
    folder = put(tmp_path)
    (folder / "nmc.toml").write_text(NURSES, encoding="utf-8")
    loaded = schemes.load(folder)
    monkeypatch.setattr(schemes, "_shipped", lambda: loaded)
    made = make_writer("Nia New")
    Registration.objects.filter(person=made.person).update(profession="nurses")
    return made


@pytest.fixture
def client(nurse: Writer) -> Client:
    return browser(nurse.person, second_factor=False)


TYPED = {"hours": "1,200 hours.", "feedback": "Kind.", "accounts": "I hold the arms up now."}


def chooses(client: Client, nurse: Writer) -> None:
    keys = [str(one.uuid) for one in nurse.activities[:2]]
    sent = hidden(client.get(CHOOSE), "seen") | {"chosen": keys}
    assert client.post(CHOOSE, sent)["Location"] == WRITE


def writes(client: Client, **typed: str) -> str:
    """Where a save of the words leads."""
    sent = hidden(client.get(WRITE), "seen") | typed
    return str(client.post(WRITE, sent)["Location"])


def freezes(client: Client, nurse: Writer) -> Profile:
    asked = hidden(client.get(CHECK), "uuid", "seen")
    assert client.post(CHECK, asked).status_code == 302
    found = Progress.objects.latest("pk")
    work.make.func(asked["uuid"], str(nurse.person.uuid), clock.today().isoformat(), str(found.uuid))  # fmt: skip
    return Profile.objects.latest("pk")


def test_profile_of_another_regulator_is_built_frozen_and_compared(
    client: Client, nurse: Writer
) -> None:
    page = words(client.get(PROFILE))
    for text in ("NMC, nurses.", "0 of 100 words", "0 of 300 words", "0 of 2,000 words", "#id_accounts"):  # fmt: skip
        assert text in page, text
    chooses(client, nurse)
    page = words(client.get(WRITE))
    assert page.count("<textarea") == page.count("data-free-text") == 3
    assert "Begin with my reflections" in page.partition('id="id_accounts"')[2]
    assert writes(client, hours="word " * 101, feedback="", accounts="", begin="1") == WRITE
    assert "101 words, 1 more than 100" in words(client.get(WRITE))
    assert nurse.said["texts"]["accounts"].startswith("Arms up\n\nAbout arms up.")
    check = words(client.get(CHECK))
    assert "Write “Feedback that you had”." in check
    assert "Freeze the profile" not in check
    assert writes(client, **TYPED) == CHECK
    first = freezes(client, nurse)
    assert first.scheme == "nmc 2024-01-01"
    shown = words(client.get(f"/cpd/profile/{first.uuid}/"))
    headings = ("Hours of practice", "Learning", "Feedback", "Reflective accounts")
    places = [shown.index(f">{one}</h2>") for one in headings]
    assert places == sorted(places)
    assert shown.count("Described") == 2
    assert writes(client, **TYPED | {"accounts": "I hold both arms up now."}) == CHECK
    second = freezes(client, nurse)
    differs = words(client.get(f"/cpd/profile/{first.uuid}/compare/{second.uuid}/"))
    assert "(added: </span>both" in differs
    assert [one.is_changed for one in client.get(f"/cpd/profile/{first.uuid}/compare/{second.uuid}/").context["texts"]] == [False, False, True]  # fmt: skip


def test_record_of_another_shape_is_taken_away_and_read(
    client: Client, nurse: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(client, **TYPED)
    found = record_of(nurse.me)
    assert read(written(found)).drafts[0].texts == TYPED
    draft = found.drafts[0].model_copy(update={"texts": {**TYPED, "first_steps": "Long ago."}})
    printed: list[object] = []
    monkeypatch.setattr(printing, "print_pdf", lambda _, said: printed.append(said["drafts"]))
    pdf(found.model_copy(update={"drafts": [draft]}), nurse.person)
    [[one]] = printed  # type: ignore[misc]
    assert one["texts"] == [
        ("Hours of practice", "1,200 hours."),
        ("Feedback", "Kind."),
        ("Reflective accounts", "I hold the arms up now."),
        ("First steps", "Long ago."),
    ]


def test_patients_and_nhs_numbers_are_looked_for_in_every_part(
    client: Client, nurse: Writer
) -> None:
    seen = hidden(client.get(WRITE), "seen")
    answer = client.post(WRITE, seen | TYPED | {"feedback": "Mrs Sampleby was kind."})
    assert (answer.status_code, "looks like a name" in words(answer)) == (422, True)
    answer = client.post(WRITE, seen | TYPED | {"hours": "943 476 5919"})
    assert (answer.status_code, "is an NHS number" in words(answer)) == (422, True)
    assert nurse.draft is None


def test_shape_without_a_part_about_what_is_chosen_begins_nothing(
    client: Client, nurse: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = NURSES.replace("about_chosen = true\n", "")
    (tmp_path / "nmc.toml").write_text(text, encoding="utf-8")
    loaded = schemes.load(tmp_path)
    monkeypatch.setattr(schemes, "_shipped", lambda: loaded)
    chooses(client, nurse)
    assert "Begin with" not in words(client.get(WRITE))
    assert writes(client, hours="Many.", begin="1") == WRITE
    assert nurse.said["texts"] == {"hours": "Many.", "feedback": "", "accounts": ""}


@pytest.mark.engine
def test_draft_keeps_the_words_of_a_shape_that_changed_meanwhile(
    here: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = here.said["texts"]
    frozen = here.freezes()
    later = [
        ("from = 2022-06-28", f"from = {clock.today()}"),
        ('key = "statement"', 'key = "accounts"'),
    ]
    loaded = schemes.load(put(put(tmp_path), *later, name="later.toml"))
    with monkeypatch.context() as changed:
        changed.setattr(schemes, "_shipped", lambda: loaded)
        client = browser(here.person, second_factor=False)
        assert writes(client, summary="Anew.", accounts="Anew too.") == CHECK
        assert here.said["texts"] == {"summary": "Anew.", "accounts": "Anew too."}
        second = here.freezes(uuid=uuid4())
        differs = client.get(f"/cpd/profile/{frozen.uuid}/compare/{second.uuid}/")
        assert [one.is_changed for one in differs.context["texts"]] == [True, True, True]
    assert here.said["texts"] == {"summary": "Anew.", "statement": before["statement"]}
    assert queries.opened(frozen)["texts"] == before  # type: ignore[index]
    assert json.loads(written(record_of(here.me)))["drafts"][0]["texts"].keys() == {
        "summary",
        "statement",
        "accounts",
    }
