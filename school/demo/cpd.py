"""The demo's CPD: two radiographers with a cycle and more of activities, one frozen profile, a student who begins, and colleagues for the School's figures."""

from collections.abc import Collection
from datetime import date, time, timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from simple_history.utils import bulk_create_with_history

from logbooks.cpd.actions import evidence
from logbooks.cpd.actions.activities import Entered, rule_entered
from logbooks.cpd.actions.measuring import explain_gap, say_registration
from logbooks.cpd.actions.profiles import choose, write
from logbooks.cpd.cycles import Cycle, cycle_before
from logbooks.cpd.files import PROFILE_FOLDER
from logbooks.cpd.measure import Measure, measure
from logbooks.cpd.models import Activity, Profile, ProfileDraft
from logbooks.cpd.profile import bundle, pages, queries
from logbooks.cpd.profile.document import canonical, with_frozen
from school.core import clock, days, documents, ledger
from school.core.codes import grouped, new_code
from school.core.ledger import Draft
from school.demo import reflected
from school.demo.reflected import Learned
from school.demo.run import Build
from school.people.models import Person
from school.people.queries import posted

DAY = timedelta(days=1)
SINCE = date(2019, 9, 2)
# Numbers that nobody has: the register has not come so far.
NUMBERS = {"practice_educator": "RA999901", "school_educator": "RA999902"}
# At so many sites colleagues keep a record.
SITES = 4


def build_cpd(run: Build) -> None:
    """Registrations, activities with their evidence, a gap and a frozen profile. What the portal notices, it notices by the facts."""
    for key, number in NUMBERS.items():
        person = run.personas[key]
        person.regulator, person.registration_number = Person.Regulator.HCPC, number
        person.save()
        say_registration(by=person, profession="radiographers", registered_on=SINCE)
    dilys = run.personas["practice_educator"]
    by = measure([dilys.pk], run.today)
    assert by.profession
    assert by.cycle
    before = cycle_before(by.profession, by.cycle)
    past = _write(run, dilys, _past(reflected.DILYS_BEFORE, before))
    _write(run, dilys, _running(run, reflected.DILYS_NOW, by.cycle.first))
    _explain(run, dilys, before)
    _freeze(run, dilys, past, Measure(by.scheme, by.profession, before, _days(before), SINCE))
    ines = run.personas["school_educator"]
    _write(run, ines, _past(reflected.INES_BEFORE, before))
    _write(run, ines, _running(run, reflected.INES_NOW, by.cycle.first))
    _write(run, run.personas["student"], _running(run, reflected.AMARA, date.min))
    _write_colleagues(run)


def _write_colleagues(run: Build) -> None:
    """One activity of each type for everybody else at a few sites, and the register that the radiographers are on."""
    known = [one.pk for one in run.personas.values()]
    sites = [run.sites[(run.home + n) % len(run.sites)] for n in range(min(SITES, len(run.sites)))]
    posts = posted(run.today).filter(site__in=sites).exclude(post__person__in=known)
    for term in posts.select_related("post__person", "job_role").order_by("pk"):
        person = term.post.person
        said = [run.rng.choice(choice) for choice in reflected.COLLEAGUES]
        _write(run, person, _running(run, said, date(run.today.year, 1, 1)))
        if "radiographer" in term.job_role.code:
            say_registration(by=person, profession="radiographers", registered_on=SINCE)


def _days(cycle: Cycle) -> tuple[date, date]:
    return cycle.first, cycle.last


def _past(said: Collection[Learned], cycle: Cycle) -> list[tuple[date, Learned]]:
    return [(cycle.first + one.day * DAY, one) for one in said]


def _running(run: Build, said: Collection[Learned], first: date) -> list[tuple[date, Learned]]:
    """What was done since a day; early in a cycle that is less."""
    dated = [(run.today - one.day * DAY, one) for one in said]
    return [(day, one) for day, one in dated if day >= first]


def _write(run: Build, by: Person, said: list[tuple[date, Learned]]) -> list[Activity]:
    """Activities, each written down a few days after it was over, and what shows them."""
    made = []
    for number, (first, one) in enumerate(said):
        entered = Entered(
            title=one.title,
            learning=one.learning,
            starts_on=first,
            ends_on=first + (one.days - 1) * DAY,
            minutes=one.minutes,
            **(one.words._asdict() if one.words else {}),
        )
        rule_entered(entered)
        written = min(entered.ends_on + number % 4 * DAY, run.today)
        activity = Activity(
            uuid=run.uuid(),
            person=by,
            recorded_at=days.instant(written, time(7, 40)),
            **{name: getattr(entered, name) for name in Entered.__dataclass_fields__},
        )
        activity._history_date = activity.recorded_at  # type: ignore[attr-defined]
        made.append(activity)
    bulk_create_with_history(made, Activity, default_user=by.user)
    for activity, (_, one) in zip(made, said, strict=True):
        if one.evidence:
            evidence.put_beside(
                by=by, activity=activity, title=one.evidence, data=_paper(one), uuid=run.uuid()
            )
    return made


def _paper(one: Learned) -> bytes:
    """A page that nobody could take for a real one."""
    page = Image.new("L", (620, 877), "white")
    draw = ImageDraw.Draw(page)
    for line, text in enumerate((one.evidence, one.title, "An invented paper of the demo")):
        draw.text((310, 240 + 90 * line), text, fill="#222222", anchor="mm", font_size=18)
    held = BytesIO()
    page.save(held, format="PDF")
    return held.getvalue()


def _explain(run: Build, by: Person, cycle: Cycle) -> None:
    (first, last), words = reflected.GAP
    explain_gap(
        by=by,
        uuid=run.uuid(),
        first=cycle.first + first * DAY,
        last=cycle.first + last * DAY,
        words=words,
    )


# The frozen profile -----------------------------------------------------------------------------


def _freeze(run: Build, by: Person, past: list[Activity], measured: Measure) -> None:
    """The profile of the cycle before."""
    draft = _drafted(by, past, measured)
    said, _ = queries.said(queries.material(by, [by.pk], measured, draft, run.today))
    code = new_code()
    held = with_frozen(
        said,
        code=grouped(code),
        check=documents.address(code),
        at=clock.now().isoformat(),
        until=min(run.today, measured.period[1]),
    )
    pdf = documents.sealed(pages.pdf(held), reason="CPD profile")
    json = canonical(held)
    files = {
        "json": json,
        "pdf": pdf,
        "zip": bundle.bundled(held, pdf, json, bundle.evidence_files(said)),
    }
    for ending, data in files.items():
        documents.keep(PROFILE_FOLDER, f"{code}.{ending}", data)
    fact = Profile(
        person=by,
        scheme=measured.key,
        code=code,
        **{f"{ending}_digest": documents.digest(data) for ending, data in files.items()},
    )
    first, last = measured.period
    made = Draft(fact=fact, book=by.book, about_from=first, about_to=last, uuid=run.uuid())
    with ledger.writing(by.book) as pen:
        pen.append([made], by=by.uuid)


def _drafted(by: Person, past: list[Activity], measured: Measure) -> ProfileDraft:
    first = measured.period[0]
    chosen = [one.pk for one in past if (one.starts_on - first).days in reflected.DESCRIBED]
    choose(by=by, period=measured.period, chosen=chosen, seen=queries.choice_mark(()))
    return write(
        by=by,
        period=measured.period,
        texts={"summary": reflected.SUMMARY, "statement": reflected.STATEMENT},
        seen=queries.words_mark(ProfileDraft()),
    )
