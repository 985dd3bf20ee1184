"""Words planted in Alice's CPD: she reads them, and Bob exactly what she shares with him."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from logbooks.cpd.models import Profile, Share
from school.core import clock
from tests.access.world import World
from tests.logbooks.cpd.profile.made import Writer
from tests.pdfs import kept_pdf


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def reflect(field: str) -> Callable[[World, str], None]:
    """Alice writes something of an activity that she shares with nobody."""

    def write(world: World, word: str) -> None:
        sent = {"uuid": str(uuid4()), "title": "Reading", "learning": "other", field: f"On {word}."}
        sent |= _day("starts_on", clock.today())
        assert world.browsers["alice"].post("/cpd/add/", sent).status_code == 302

    return write


def reflect_on_shared(world: World, word: str) -> None:
    """Alice writes more about the activity that Bob may read."""
    activity, alice = world.cpd_activity, world.browsers["alice"]
    page = f"/cpd/{activity.uuid}/change/"
    form = alice.get(page).context["form"]
    sent = {
        "uuid": str(activity.uuid),
        "seen": str(form["seen"].value()),
        "title": activity.title,
        "learning": activity.learning,
        "learned": f"On {word}.",
        **_day("starts_on", activity.starts_on),
    }
    assert alice.post(page, sent).status_code == 302


def show(world: World, word: str) -> None:
    """Alice puts a file beside the activity that Bob may read."""
    sent = {
        "uuid": str(uuid4()),
        "title": f"About {word}",
        "file": SimpleUploadedFile("a.pdf", kept_pdf("Slides"), "application/pdf"),
        "looked": "on",
    }
    page = f"/cpd/{world.cpd_activity.uuid}/evidence/"
    assert world.browsers["alice"].post(page, sent).status_code == 302


def explain_gap(world: World, word: str) -> None:
    """Alice says why she has no activity for a while."""
    last = clock.today() - timedelta(days=30)
    first = last - timedelta(days=200)
    sent = {"uuid": str(uuid4()), "words": f"Away, {word}.", **_day("first", first)}
    sent |= _day("last", last)
    assert world.browsers["alice"].post("/cpd/gap/", sent).status_code == 302


def freeze(world: World, word: str) -> None:
    """Alice freezes a profile, and lets Bob read it."""
    writer = Writer(world.people["alice"])
    writer.writes(summary=f"I practise {word}.")
    profile: Profile = writer.freezes()
    share: Share = world.cpd_profile_share
    share.profile = profile
    share.save()
    world.things["cpd_profile"] = profile


def draft(world: World, word: str) -> None:
    """Alice goes on writing her profile after she froze it."""
    alice, page = world.browsers["alice"], "/cpd/profile/write/"
    form = alice.get(page).context["form"]
    sent = {name: str(form[name].value()) for name in ("seen", "summary")}
    assert alice.post(page, {**sent, "statement": f"Next, {word}."}).status_code == 302
