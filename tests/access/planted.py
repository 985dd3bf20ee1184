"""Words planted in what only a few may read, and a walk through every page and file to see whom they reach.

A row of PLANTED names a word that stands nowhere else in the world, how it gets there, and exactly who of
the cast (tests.access.world.CAST) may read it. `make` is called once with the world, after every maker of
MAKERS; it should write through the page where there is one, so that what the page logs is searched too.
The address where the word may be read needs a row in the table of access: the walk opens those addresses.
"""

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pikepdf
from django.db import transaction
from django.http import HttpResponseBase
from django_tasks_db.models import DBTaskResult

from logbooks.competencies.models import Assessment
from placements.actions.evaluations import evaluate
from placements.models import Concern, PlacementEvaluation
from placements.queries import own_enrolments
from school.core import clock, ledger
from school.core.errors import Conflict
from school.core.ledger import Draft
from school.core.models import ConflictingWrite, Progress
from school.people.models import Mail
from tests.access import planted_cpd
from tests.access.table import TABLE, Row
from tests.access.world import CAST, World
from tests.factories import make_placement, make_student
from tests.games import WHOLE

# Answers whose page is the same whatever was asked for: only `make test-all` reads those too.
REFUSALS = (302, 403, 404)


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A word, what it is planted in, who plants it and who of the cast may read it."""

    what: str
    word: str
    make: Callable[[World, str], None]
    readers: frozenset[str]


def declare(world: World, word: str) -> None:
    """Alice declares a pregnancy on her page, twice under one key with other words."""
    alice, sent = world.browsers["alice"], {"uuid": str(uuid4())}
    assert own_enrolments(world.people["alice"])
    assert alice.post("/declaration/", {**sent, "words": f"It is due, {word}."}).status_code == 302
    assert alice.post("/declaration/", {**sent, "words": f"No: {word}."}).status_code == 409


def raise_concern(world: World, word: str) -> None:
    """Bob raises a concern that the university tutor reads, twice under one key with other words."""
    bob, tutor = world.browsers["bob"], str(world.people["university_tutor"].uuid)
    page = f"/placements/{world.placement.uuid}/concern/"
    sent = {"uuid": str(uuid4()), "readers": [tutor]}
    assert bob.post(page, {**sent, "words": f"Late, {word}."}).status_code == 302
    assert bob.post(page, {**sent, "words": f"No: {word}."}).status_code == 409
    world.things["concern"] = Concern.objects.get(entry__uuid=sent["uuid"])


def take_step(world: World, word: str) -> None:
    """The tutor says what was done about the concern, twice under one key with other words."""
    tutor, page = world.browsers["university_tutor"], f"/concerns/{world.concern.entry.uuid}/step/"
    sent = {"uuid": str(uuid4()), "outcome": "note"}
    assert tutor.post(page, {**sent, "words": f"We spoke, {word}."}).status_code == 302
    assert tutor.post(page, {**sent, "words": f"No: {word}."}).status_code == 409


def needing(*shown_to: str) -> Callable[[World, str], None]:
    """Alice says on her page what she needs, and lets some groups read it; twice with other words."""

    def say(world: World, word: str) -> None:
        alice = world.browsers["alice"]
        sent = {"uuid": str(uuid4()), "shown_to": list(shown_to)}
        assert alice.post("/needs/", {**sent, "words": f"Print, {word}."}).status_code == 302
        assert alice.post("/needs/", {**sent, "words": f"No: {word}."}).status_code == 409

    return say


def interrupt(world: World, word: str) -> None:
    """Alice's tutor says why her studies will be interrupted."""
    first = clock.today() + timedelta(days=300)
    sent = {
        "uuid": str(uuid4()),
        "reason": f"Family, {word}.",
        **{f"first_{part}": str(getattr(first, part)) for part in ("day", "month", "year")},
    }
    page = f"/students/{world.enrolment.uuid}/interrupt/"
    assert world.browsers["university_tutor"].post(page, sent).status_code == 302


def give_feedback(world: World, word: str) -> None:
    """Bob signs a competency of Alice's again, with feedback on what he saw."""
    today = clock.today()
    sent = {
        "batch": str(uuid4()),
        "line": [f"{world.competency.uuid}..{world.sign_off.entry.uuid}"],
        "outcome": "achieved",
        "feedback": f"Calm and clear, {word}.",
        **{f"day_{part}": str(getattr(today, part)) for part in ("day", "month", "year")},
    }
    page = f"/sign-offs/{world.placement.uuid}/"
    assert world.browsers["bob"].post(page, sent).status_code == 302


def evaluated_by_five(world: World, word: str) -> None:
    """Alice and four others evaluated her site so long ago that their words are shown together."""
    ago = clock.today() - timedelta(days=30)
    others = [make_placement(make_student(f"Student {n}"), site=world.site) for n in range(4)]
    for placement in (world.placement, *others):
        book = placement.enrolment.book
        draft = Draft(
            fact=PlacementEvaluation(placement=placement, ratings="4" * 10),
            book=book,
            about_from=placement.starts,
            texts={"comment": f"Kind people, {word}." if placement is world.placement else ""},
            known_from=ago,
        )
        with ledger.writing(book) as pen:
            pen.append([draft], by=placement.enrolment.person.uuid)


def evaluated_by_one(world: World, word: str) -> None:
    """Somebody evaluates the same site today, twice under one key with other words."""
    student, today = make_student("Student Five"), clock.today()
    placement = make_placement(
        student, site=world.site, starts=today - timedelta(days=9), ends=today
    )
    uuid = uuid4()
    for words in (f"Alone, {word}.", f"No: {word}."):
        with suppress(Conflict):
            evaluate(
                by=student.person, placement=placement, ratings=[1] * 10, comment=words, uuid=uuid
            )


def assess_blind(world: World, word: str) -> None:
    """Bob assesses Alice and asks for a second assessor, twice under one key with other words."""
    bob, today = world.browsers["bob"], clock.today()
    page = f"/placements/{world.placement.uuid}/assess/{world.assessment_form.uuid}/"
    sent = {
        "batch": str(uuid4()),
        "item_identity": "met",
        "item_glucose": "not_met",
        "judgement": "ready",
        "moderated": "on",
        **{f"day_{part}": str(getattr(today, part)) for part in ("day", "month", "year")},
    }
    assert bob.post(page, {**sent, "feedback": f"Too late, {word}."}).status_code == 302
    assert bob.post(page, {**sent, "feedback": f"No: {word}."}).status_code == 409
    world.things["assessment"] = Assessment.objects.get(entry__uuid=sent["batch"])


def answer_appeal(world: World, word: str) -> None:
    """The programme lead answers Alice's appeal against her OSCE result."""
    lead, page = world.browsers["programme_lead"], f"/osces/appeals/{world.osce_appeal.entry.uuid}/"
    sent = {"upheld": "no", "words": f"We looked at {word}.", "uuid": str(uuid4())}
    assert lead.post(page, sent).status_code == 302


PLANTED: tuple[Planted, ...] = (
    Planted(
        what="what Alice did and learned",
        word="feverfew",
        make=planted_cpd.reflect("learned"),
        readers=frozenset({"alice"}),
    ),
    Planted(
        what="what is better in her practice",
        word="motherwort",
        make=planted_cpd.reflect("practice"),
        readers=frozenset({"alice"}),
    ),
    Planted(
        what="who benefits by it",
        word="goldenrod",
        make=planted_cpd.reflect("benefit"),
        readers=frozenset({"alice"}),
    ),
    Planted(
        what="an activity that she shares with Bob",
        word="bugbane",
        make=planted_cpd.reflect_on_shared,
        readers=frozenset({"alice", "bob"}),
    ),
    Planted(
        what="the title of a file beside it",
        word="soapwort",
        make=planted_cpd.show,
        readers=frozenset({"alice", "bob"}),
    ),
    Planted(
        what="a frozen profile that she shares with Bob",
        word="hawkweed",
        make=planted_cpd.freeze,
        readers=frozenset({"alice", "bob"}),
    ),
    Planted(
        what="the reason of a gap, given after that",
        word="figwort",
        make=planted_cpd.explain_gap,
        readers=frozenset({"alice"}),
    ),
    Planted(
        what="the draft of a profile",
        word="ragwort",
        make=planted_cpd.draft,
        readers=frozenset({"alice"}),
    ),
    Planted(
        what="the answer to an appeal against an OSCE result",
        word="sneezeweed",
        make=answer_appeal,
        readers=frozenset({"alice", "programme_lead", "school_educator"}),
    ),
    Planted(
        what="an assessment that waits for a second assessor",
        word="lungwort",
        make=assess_blind,
        readers=frozenset({"bob"}),
    ),
    Planted(
        what="words of an evaluation in a whole batch of five",
        word="milkvetch",
        make=evaluated_by_five,
        readers=frozenset({"alice", "coordinator", "programme_lead"}),
    ),
    Planted(
        what="words of an evaluation that waits for others",
        word="mudwort",
        make=evaluated_by_one,
        readers=frozenset(),
    ),
    Planted(
        what="feedback of a sign-off",
        word="lousewort",
        make=give_feedback,
        readers=frozenset(
            {"alice", "bob", "site_lead", "coordinator", "university_tutor", "programme_lead"}
        ),
    ),
    Planted(
        what="the reason of an interruption",
        word="meadowrue",
        make=interrupt,
        readers=frozenset({"alice", "coordinator", "university_tutor", "programme_lead"}),
    ),
    Planted(
        what="a pregnancy declaration",
        word="quillwort",
        make=declare,
        readers=frozenset({"alice", "radiation_protection"}),
    ),
    Planted(
        what="a cause for concern",
        word="saxifrage",
        make=raise_concern,
        readers=frozenset({"bob", "university_tutor"}),
    ),
    Planted(
        what="a step about a concern",
        word="bladderwort",
        make=take_step,
        readers=frozenset({"bob", "university_tutor"}),
    ),
    Planted(
        what="a need shown to nobody",
        word="pennyroyal",
        make=needing(),
        readers=frozenset({"alice"}),
    ),
    Planted(
        what="a need shown to supervisors",
        word="toadflax",
        make=needing("supervisors"),
        readers=frozenset({"alice", "bob"}),
    ),
    Planted(
        what="a need shown to the site's lead",
        word="spearwort",
        make=needing("site"),
        readers=frozenset({"alice", "site_lead"}),
    ),
    Planted(
        what="a need shown to the university",
        word="fleabane",
        make=needing("university"),
        readers=frozenset({"alice", "university_tutor", "programme_lead"}),
    ),
)


# The walk ----------------------------------------------------------------------------------------


@dataclass
class Found:
    """Where a word was seen: by whom at which addresses, and in which places nobody should find it."""

    pages: dict[str, set[str]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)


def plant_and_walk(world: World) -> dict[str, Found]:
    """Plant every word, open every address as everybody, and say by word where it was seen."""
    found = {row.word: Found() for row in PLANTED}
    with _log() as lines:
        for row in PLANTED:
            row.make(world, row.word)
        for address, row in addresses(world):
            for name in CAST:
                if row.get and row.get[name] in REFUSALS and not WHOLE:
                    continue
                words = _opened(world, name, address)
                for word in (word for word in found if word in words):
                    found[word].pages.setdefault(name, set()).add(address)
    for where, text in (*_kept(), *(("the log: " + line[:80], line) for line in lines)):
        for word in (word for word in found if word in text):
            found[word].elsewhere.add(where)
    return found


def addresses(world: World) -> Iterator[tuple[str, Row]]:
    """Every address that the table of access knows how to look at, with its row; files in each of their formats."""
    for route, row in TABLE.items():
        if row.get is None:
            continue
        address = "/" + (row.at(world) if row.at else route)
        yield address, row
        if "csv" in address:
            yield address.replace("csv", "xlsx"), row


def _opened(world: World, name: str, address: str) -> str:
    browser = world.browsers[name]
    cookies = deepcopy(browser.cookies)
    point = transaction.savepoint()
    answer = browser.get(address)
    words = text_of(answer)
    browser.cookies = cookies
    transaction.savepoint_rollback(point)
    return words


def text_of(answer: HttpResponseBase) -> str:
    """Everything that can be read in an answer: its headers, and its page, workbook or printed document."""
    content: Any = answer
    body = b"".join(content) if answer.streaming else content.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    if body.startswith(b"%PDF"):
        return f"{headers}\n{printed(body)}"
    return f"{headers}\n{body.decode('utf-8', 'replace')}"


# Printed documents ---------------------------------------------------------------------------------


def printed(document: bytes) -> str:
    """The text of a PDF as its fonts say it, and its properties."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        said = [str(pdf.docinfo), *(_page_text(page) for page in pdf.pages)]
        said += [_stream(pdf.Root.Metadata)] if "/Metadata" in pdf.Root else []
    return "\n".join(said)


def _stream(found: Any) -> str:
    return bytes(found.read_bytes()).decode("utf-8", "replace")


def _page_text(page: Any) -> str:
    fonts = page.get("/Resources", {}).get("/Font", {})
    maps = {name: _letters(font) for name, font in fonts.items()}
    letters: dict[int, str] = {}
    said = []
    step: Any
    for step in pikepdf.parse_content_stream(page):
        operands, operator = step.operands, step.operator
        if str(operator) == "Tf":
            letters = maps.get(str(operands[0]), {})
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    pairs = (codes[n : n + 2] for n in range(0, len(codes), 2))
                    said.append("".join(letters.get(int.from_bytes(pair), "") for pair in pairs))
        elif str(operator) == "ET":
            said.append("\n")
    return "".join(said)


def _letters(font: Any) -> dict[int, str]:
    """Which letters the codes of a font stand for."""
    letters: dict[int, str] = {}
    if "/ToUnicode" not in font:
        return letters
    words = _stream(font.ToUnicode).replace(">", "> ").split()
    kind = ""
    codes: list[str] = []
    for word in words:
        if word in ("beginbfchar", "beginbfrange"):
            kind, codes = word, []
        elif word.startswith("<") and kind:
            codes.append(word.strip("<>"))
            if kind == "beginbfchar" and len(codes) == 2:
                letters[int(codes[0], 16)] = _letter(codes[1])
                codes = []
            elif kind == "beginbfrange" and len(codes) == 3:
                first, last = int(codes[0], 16), int(codes[1], 16)
                for step in range(last - first + 1):
                    letters[first + step] = _letter(f"{int(codes[2], 16) + step:04x}")
                codes = []
        elif word.startswith("end"):
            kind = ""
    return letters


def _letter(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be", "replace")


# What is kept beside the pages ---------------------------------------------------------------------


def _kept() -> Iterator[tuple[str, str]]:
    yield "mail", _rows(Mail, "subject", "body", "kind", "address", "once_key")
    yield "tasks", _rows(DBTaskResult, "task_path", "args_kwargs", "return_value", "traceback")
    yield "conflicting writes", _rows(ConflictingWrite, "kind", "content")
    yield "progress", _rows(Progress, "title", "message", "link")


def _rows(model: Any, *columns: str) -> str:
    return "\n".join(str(row) for row in model.objects.values_list(*columns))


OURS = ("school", "placements", "logbooks", "cms")


class _Lines(logging.Handler):
    """Keeps what is logged, faults with their traces."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def _log() -> Iterator[list[str]]:
    """Everything logged meanwhile, whichever logger hears it: ours in full, others' as they speak in production."""
    handler = _Lines()
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.Logger.manager.loggerDict)]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG if logger.name.startswith(OURS) else logging.INFO)
    try:
        yield handler.lines
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
