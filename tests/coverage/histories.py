"""Generated histories of posts, absences, attainments, exemptions and rules, and their facts in the portal."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from school.people.models import Absence, PostTerm
from tests.coverage.making import Staff, write

# Around a leap day and the ends of months, and so that the latest of what is said late is no day to come.
FIRST = date(2023, 12, 25)
DAYS = st.one_of(
    st.integers(0, 600).map(lambda number: FIRST + timedelta(days=number)),
    st.sampled_from([date(2024, 2, 29), date(2024, 8, 31), date(2025, 2, 28), date(2024, 1, 31)]),
)
PEOPLE, SITES, ROLES = ("ann", "ben"), ("North", "South"), ("Radiographer", "Physicist")
COURSES = {"Fire": 60, "Fire online": 45, "Safety": 120}
RULES = ("fire", "safety")


def spans() -> st.SearchStrategy[tuple[date, date | None]]:
    """Days in order, the last open or not."""
    lasting = st.one_of(st.none(), st.integers(0, 400))
    return st.tuples(DAYS, lasting).map(
        lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]) if pair[1] is not None else None)
    )


def late() -> st.SearchStrategy[int]:
    """How many days after it was so something came to be known; mostly at once."""
    return st.sampled_from([0, 0, 0, 1, 30, 120])


@st.composite
def histories(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """A case, as tests/coverage/oracle.py reads it; `id` tells the rows of all lists apart, in their order."""
    number = iter(range(1, 1000))
    case: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in ("terms", "absences", "attained", "voids", "exemptions", "equal", "rules")
    }

    def interval(
        sort: str, replaces: bool = False, whole: bool = False, **row: Any
    ) -> dict[str, Any]:
        starts, ends = (FIRST, None) if whole else draw(spans())
        made = {
            "id": next(number),
            "from": starts,
            "to": ends,
            "known": starts + timedelta(days=draw(late())),
            **row,
        }
        case[sort].append(made)
        if replaces and draw(st.booleans()):
            starts, ends = draw(spans())
            known = max(made["known"], starts) + timedelta(days=draw(late()))
            case[sort].append(
                {
                    **made,
                    "id": next(number),
                    "from": starts,
                    "to": ends,
                    "known": known,
                    "replaces": made["id"],
                }
            )
        return made

    for person in PEOPLE:
        for place in range(draw(st.integers(1, 3))):
            interval(
                "terms",
                replaces=place > 0,
                whole=place == 0 and draw(st.booleans()),
                person=person,
                site=draw(st.sampled_from(SITES)),
                role=draw(st.sampled_from(ROLES)),
                crew=draw(st.sampled_from(["static", "mobile"])),
            )
        for _ in range(draw(st.integers(0, 2))):
            interval("absences", replaces=True, person=person)
        for _ in range(draw(st.integers(0, 4))):
            course = draw(st.sampled_from(sorted(COURSES)))
            day = draw(DAYS)
            known = day + timedelta(days=draw(late()))
            row = {
                "id": next(number),
                "person": person,
                "course": course,
                "minutes": COURSES[course],
                "day": day,
                "known": known,
            }
            case["attained"].append(row)
            if draw(st.integers(0, 3)) == 0:
                gone = known + timedelta(days=draw(late()))
                case["voids"].append({"id": next(number), "attained": row["id"], "known": gone})
        if draw(st.integers(0, 3)) == 0:
            interval("exemptions", person=person, name=draw(st.sampled_from(RULES)))
    if draw(st.booleans()):
        interval("equal", attained="Fire online", counts_as="Fire")
    for name in RULES:
        for place in range(draw(st.integers(1, 2))):
            months = draw(st.sampled_from([None, 1, 6, 12, 12]))
            renewals = ["completion"] if months is None else ["completion", "expiry", "fixed"]
            interval(
                "rules",
                whole=place == 0,
                name=name,
                courses=draw(st.sampled_from([["Fire"], ["Safety"], ["Fire", "Safety"]])),
                whom=draw(
                    st.sampled_from(
                        [
                            [],
                            [{"role": "Physicist"}],
                            [{"site": "South", "crew": "mobile"}, {"person": "ann"}],
                        ]
                    )
                ),
                renewal=draw(st.sampled_from(renewals)),
                months=months,
                window=draw(st.sampled_from([0, 1, 3])),
                minimum=draw(st.sampled_from([0, 2])),
                due=draw(DAYS),
                minutes=draw(st.sampled_from([0, 0, 100])),
                grace=draw(st.sampled_from([0, 30, 90])),
            )
    return case


def record(case: dict[str, list[dict[str, Any]]]) -> Staff:
    """Writes a case as facts."""
    staff = Staff()
    made: dict[int, Any] = {}
    for course, minutes in COURSES.items():
        staff.course(course, minutes)
    for row in case["terms"]:
        made[row["id"]] = staff.term(
            row["person"], row["site"], row["role"], row["from"], row["to"],
            crew=row["crew"], known=row["known"], replaces=made.get(row.get("replaces", 0)),
        )  # fmt: skip
    for row in case["absences"]:
        holder = staff.person(row["person"])
        before = made.get(row.get("replaces", 0))
        fact = Absence(person=holder, reason=Absence.Reason.SICK, supersedes=before)
        made[row["id"]] = write(fact, holder.book, row["from"], row["to"], row["known"])
    for row in case["attained"]:
        made[row["id"]] = staff.attain(row["person"], row["course"], row["day"], row["known"])
    for row in case["voids"]:
        staff.void(made[row["attained"]], row["known"])
    for row in case["equal"]:
        staff.equal(row["attained"], row["counts_as"], row["from"], row["to"], row["known"])
    for row in case["rules"]:
        staff.ask(
            row["name"], row["courses"], row["from"], row["to"],
            whom=[_columns(staff, group) for group in row["whom"]], known=row["known"],
            renewal=row["renewal"], active_months=row["months"], window_months=row["window"],
            minimum_months=row["minimum"], due_on=row["due"], learning_minutes=row["minutes"],
            grace_days=row["grace"],
        )  # fmt: skip
    for row in case["exemptions"]:
        staff.exempt(row["person"], row["name"], row["from"], row["to"], row["known"])
    return staff


def _columns(staff: Staff, group: dict[str, str]) -> dict[str, Any]:
    read = {
        "role": lambda name: ("job_role", staff.role(name)),
        "site": lambda name: ("site", staff.site(name)),
        "person": lambda name: ("person", staff.person(name)),
        "crew": lambda name: ("crew", PostTerm.Crew(name)),
    }
    return dict(read[column](value) for column, value in group.items())
