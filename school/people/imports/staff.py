"""The file of staff: who they are, and the terms of their posts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from school.core import clock, ledger
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.replaced import Replaced
from school.core.files.rows import (
    Numbered,
    contradicting,
    repeated,
)
from school.core.prepared import Facts, Rows
from school.people.imports.described import OF_PERSON, Someone, Term
from school.people.imports.matching import (
    NO_SITE,
    NO_SITE_REMEDY,
    Identifier,
    People,
    Sites,
    identifiers,
)
from school.people.imports.persons import (
    NewPersons,
    account_of,
    not_to_change,
    save_tracked,
    settled,
)
from school.people.imports.spans import Span, overlaps
from school.people.imports.staff_row import StaffRow
from school.people.models import JobRole, Post, PostTerm
from school.people.queries import given


def plan(rows: Sequence[Numbered[StaffRow]], _reach: Reach, by: UUID) -> Plan:
    """What the rows do to persons, job roles and posts."""
    done = Plan()
    groups = _by_person(rows)
    group_of = {id(n.row): place for place, group in enumerate(groups) for n in group}
    posts = [numbered for numbered in rows if numbered.row.job_role]
    done.refused = [
        *contradicting(rows, lambda row: group_of[id(row)], OF_PERSON, "person"),
        *contradicting(posts, lambda row: cells.folded(row.job_role or ""), ("staff_group",), "job role"),
        *repeated(
            rows,
            lambda row: (row.post or group_of[id(row)], row.starts, bool(row.job_role)),
            "post and day",
            _one_of_two,
        ),
    ]  # fmt: skip
    done.refused += _posts_of_two(posts, group_of)
    if done.refused:
        return done
    people, sites = People(), Sites()
    everyone = [Someone(group) for group in groups]
    known = _meet(everyone, people, settled(people, by, given()), done)
    terms = _terms(known, sites, done)
    waiting = _managers(terms, known, people, done)
    terms = [term for term in terms if id(term.someone) not in waiting]
    known = [someone for someone in known if id(someone) not in waiting]
    _match_posts(terms, done)
    if done.refused:
        return done
    roles = {cells.folded(role.title): role for role in JobRole.objects.all()}
    _give_fates(known, terms, roles, done)
    wanted = [term for term in terms if not term.same]
    done.ready = lambda by: _ready(known, wanted, roles, by)
    return done


def _one_of_two(row: StaffRow) -> str:
    """What to do with two rows of a post that began on one day: without references they may be two posts."""
    if row.post or not row.job_role:
        return "Keep one of the two rows."
    return "Keep one of the two rows; if they are two posts, give each its reference."


def _posts_of_two(posts: Iterable[Numbered[StaffRow]], group_of: dict[int, int]) -> list[Finding]:
    """Findings for rows of two people that name one post."""
    holders: dict[str, dict[int, int]] = {}
    for numbered in posts:
        if numbered.row.post:
            holder = group_of[id(numbered.row)]
            holders.setdefault(numbered.row.post, {}).setdefault(holder, numbered.number)
    return [
        Finding(
            number,
            "post",
            post,
            f"row {next(n for n in numbers.values() if n != number)} gives this post to somebody else",
            "Correct the reference: a post is one person's.",
        )
        for post, numbers in holders.items()
        if len(numbers) > 1
        for number in numbers.values()
    ]


def _by_person(rows: Iterable[Numbered[StaffRow]]) -> list[list[Numbered[StaffRow]]]:
    """The rows of each person, joined by any identifier that they share."""
    place: dict[Identifier, list[Numbered[StaffRow]]] = {}
    for numbered in rows:
        joined = [numbered]
        for key in numbered.row.told_by():
            other = place.get(key)
            if other is not None and other is not joined:
                if len(other) < len(joined):
                    joined, other = other, joined
                other.extend(joined)
                for moved in joined:
                    place.update(dict.fromkeys(moved.row.told_by(), other))
                joined = other
        place.update(dict.fromkeys(numbered.row.told_by(), joined))
    return list({id(group): group for group in place.values()}.values())


def _meet(
    everyone: Iterable[Someone], people: People, fixed: dict[int, tuple[str, ...]], done: Plan
) -> list[Someone]:
    """Those of whom it is clear whether they are held and may be changed; the rows of the others wait."""
    clear = []
    for someone in everyone:
        said = someone.said
        match = people.match(
            identifiers(
                said.get("staff_identifier"),
                said.get("regulator"),
                said.get("registration_number"),
                said.get("email"),
            )
        )
        if match.doubt:
            done.waiting += [
                Finding(
                    numbered.number,
                    "name",
                    numbered.row.name,
                    match.doubt,
                    "Correct the identifiers here, or merge or correct the people held.",
                )
                for numbered in someone.rows
            ]
            continue
        someone.meet(match.person, people)
        kept_back = (
            not_to_change(
                (numbered.number for numbered in someone.rows),
                someone.edits,
                fixed.get(match.person.pk, ()),
            )
            if match.person
            else []
        )
        done.waiting += kept_back
        if not kept_back:
            clear.append(someone)
    return clear


def _terms(everyone: Iterable[Someone], sites: Sites, done: Plan) -> list[Term]:
    terms = []
    for someone in everyone:
        for numbered in someone.rows:
            if not numbered.row.site:
                continue
            site = sites.get(numbered.row.site)
            if site is None:
                done.refused.append(
                    Finding(numbered.number, "site", numbered.row.site, NO_SITE, NO_SITE_REMEDY)
                )
            else:
                terms.append(Term(numbered, someone, site))
    return terms


def _managers(
    terms: Iterable[Term], known: Iterable[Someone], people: People, done: Plan
) -> set[int]:
    """Finds each line manager, held or in the file; returns whose rows wait because theirs is not found."""
    in_file: dict[Identifier, Someone] = {}
    for someone in known:
        for numbered in someone.rows:
            in_file.update(dict.fromkeys(numbered.row.told_by(), someone))
    waiting: dict[int, Someone] = {}
    managed = [term for term in terms if term.row.line_manager]
    while True:
        before = len(waiting)
        for term in managed:
            named = (term.row.line_manager or "").casefold()
            keys = [("staff", named), ("email", named)]
            held = next((p for key in keys if (p := people.holder(key))), None)
            new = next((s for key in keys if (s := in_file.get(key))), None)
            term.manager = held or (new if new and id(new) not in waiting else None)
            if term.manager is None and id(term.someone) not in waiting:
                waiting[id(term.someone)] = term.someone
                done.waiting += [
                    Finding(
                        numbered.number,
                        "line manager",
                        term.row.line_manager or "",
                        "nobody has this address or staff identifier",
                        "Correct it, or import that person in the same file or first.",
                    )
                    for numbered in term.someone.rows
                ]
        if len(waiting) == before:
            return set(waiting)


def _match_posts(terms: Sequence[Term], done: Plan) -> None:
    """Finds the post and the held term of each row, and refuses terms of one post that overlap."""
    held_terms: dict[int, dict[date, PostTerm]] = {}
    by_person: dict[tuple[int, date], list[PostTerm]] = {}
    for held in PostTerm.objects.standing().select_related("post", "job_role"):
        held_terms.setdefault(held.post_id, {})[held.entry.about_from] = held
        by_person.setdefault((held.post.person_id, held.entry.about_from), []).append(held)
    posts = {post.reference: post for post in Post.objects.exclude(reference="")}
    replaced = Replaced(PostTerm)
    spans: dict[Any, dict[date, Span]] = {}
    for term in terms:
        row, person = term.row, term.someone.held
        assert row.starts is not None
        if row.post:
            term.post = posts.get(row.post)
            if term.post and (person is None or term.post.person_id != person.pk):
                done.refused.append(
                    Finding(term.number, "post", row.post, "the post is held as somebody else's", "Correct the reference.")
                )  # fmt: skip
                continue
        elif person:
            candidates = by_person.get((person.pk, row.starts), [])
            if len(candidates) > 1:
                done.refused.append(
                    Finding(term.number, "from", row.starts.isoformat(), "two posts of this person began on that day", "Give the post its reference.")
                )  # fmt: skip
                continue
            term.post = candidates[0].post if candidates else None
        of_post = held_terms.get(term.post.pk, {}) if term.post else {}
        term.judge(of_post.get(row.starts), replaced)
        key = term.post.pk if term.post else (row.post or (id(term.someone), row.starts))
        known = spans.setdefault(
            key, {day: Span(day, held.entry.about_to) for day, held in of_post.items()}
        )
        held_term = of_post.get(row.starts)
        ends = held_term.entry.about_to if term.same and held_term else row.ends
        known[row.starts] = Span(row.starts, ends, term.number)
    for of_post_spans in spans.values():
        done.refused += overlaps(of_post_spans.values(), column="from", what="term of this post")


def _give_fates(
    known: Iterable[Someone], terms: Iterable[Term], roles: dict[str, JobRole], done: Plan
) -> None:
    for someone in known:
        fate = Fate.NEW if not someone.held else Fate.CHANGED if someone.edits else Fate.SAME
        done.fates.update({numbered.number: fate for numbered in someone.rows})
    for term in terms:
        role = roles.get(cells.folded(term.row.job_role or ""))
        regrouped = role is not None and role.staff_group != term.row.staff_group
        if not term.same and term.supersedes is None:
            done.fates[term.number] = Fate.NEW
        elif (not term.same or regrouped) and done.fates[term.number] == Fate.SAME:
            done.fates[term.number] = Fate.CHANGED


def _ready(known: list[Someone], terms: list[Term], roles: dict[str, JobRole], by: UUID) -> Write:
    """Makes everything ready, and empties both lists on the way: 50,000 rows are large beside what they become."""
    user, today = account_of(by), clock.today()
    persons = NewPersons([s.person for s in known if s.held is None], user)
    edited = [someone for someone in known if someone.edits]
    changed_roles = _roles([n.row for s in known for n in s.rows if n.row.job_role], roles)
    new_posts: dict[Any, Post] = {}
    for term in terms:
        if term.post is None:
            key = term.row.post or (id(term.someone), term.row.starts)
            term.post = new_posts.setdefault(
                key, Post(person=term.someone.person, reference=term.row.post or "")
            )
    posts = Rows(list(new_posts.values()), user)
    new_posts.clear()
    known.clear()
    terms.reverse()
    taken = (terms.pop() for _ in range(len(terms)))
    facts = Facts(PostTerm, (_draft(term, roles, today) for term in taken), by=by)

    def write() -> None:
        persons.insert()
        for someone in edited:
            for name, value in someone.edits.items():
                setattr(someone.person, name, value)
        save_tracked([someone.person for someone in edited], user)
        save_tracked(changed_roles, user)
        posts.insert()
        facts.append()

    return write


def _draft(term: Term, roles: dict[str, JobRole], today: date) -> ledger.Draft:
    row, manager = term.row, term.manager
    assert row.starts is not None
    return ledger.Draft(
        fact=PostTerm(
            post=term.post,
            job_role=roles[cells.folded(row.job_role or "")],
            site=term.site,
            whole_time_hundredths=row.hundredths,
            crew=row.crew or PostTerm.Crew.STATIC,
            line_manager=manager.person if isinstance(manager, Someone) else manager,
            supersedes=term.supersedes,
        ),
        book=term.someone.person.book,
        about_from=row.starts,
        about_to=row.ends,
        known_from=row.recorded_on or today,
    )


def _roles(rows: Iterable[StaffRow], roles: dict[str, JobRole]) -> list[JobRole]:
    """The job roles that are new or counted in another group; adds the new ones to `roles`."""
    changed = {}
    for row in rows:
        key = cells.folded(row.job_role or "")
        if key not in roles:
            roles[key] = JobRole(code=slugify(row.job_role or "")[:60], title=row.job_role or "")
        if roles[key].staff_group != row.staff_group:
            roles[key].staff_group = row.staff_group or ""
            changed[key] = roles[key]
    return list(changed.values())


STAFF = Kind("people", "Staff and their posts", StaffRow, plan)
