"""Makes a document of the rows of any format: each fault becomes a named problem, or a repair that says what was changed."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID, uuid5

from logbooks.competencies.document import (
    LONGEST,
    MOST_PARTS,
    Competency,
    Document,
    Group,
    Level,
    Part,
    Reading,
    compact,
)
from logbooks.competencies.formats.details import Details
from logbooks.competencies.formats.raw import Raw, RawHead, Said
from logbooks.competencies.formats.words import cleaned, shortened, slug

# Identifiers of what came without one grow from this, so that the same file gives the same ones again.
NAMESPACE = UUID("6d9f1c52-2f2f-5b3a-9a35-0c7f2f1c7a10")
UNPLACED = "\0unplaced"
LOOSE = "\0loose"
# How many codes a sentence names.
_NAMED = 6


def build(head: RawHead, raws: Sequence[Raw], said: Said) -> Reading:
    """The document that the rows make, with all there is to say about them."""
    if len(raws) > MOST_PARTS:
        said.problem(
            "too-many",
            head.where,
            f"It holds {len(raws):,} entries; {MOST_PARTS:,} is the most. Divide it.",
        )
        return said.reading(None)
    if not raws:
        said.problem("empty", head.where, "It holds no group and no competency.")
        return said.reading(None)
    making = _Making(head, list(raws), said)
    return said.reading(making.document())


class _Making:
    def __init__(self, head: RawHead, raws: list[Raw], said: Said) -> None:
        self.head, self.raws, self.said = head, raws, said
        self.ids: dict[int, UUID] = {}
        self.codes: dict[int, str] = {}
        self.below: dict[str, list[Raw]] = {}
        self.levels: dict[str, str] = {}
        for number, raw in enumerate(raws):
            raw.key = raw.key or f"\0{number}"

    def document(self) -> Document | None:
        head = self._head()
        self._clean()
        self._identify(head.identifier)
        self._refuse_unclear_parents()
        self._place()
        if self.said.refused:
            # What stands where cannot be told, but what is wrong inside the entries can.
            for raw in self.raws:
                self._competency(raw, "")
            return None
        self._leave_out_empty_groups()
        self._give_group_to_loose(head.title)
        self._tell_names_apart()
        return Document(
            identifier=head.identifier,
            code=head.code,
            title=head.title,
            source=head.source,
            levels=head.levels,
            parts=tuple(self._parts()),
            kept=compact(self.head.kept),
        )

    # The head

    def _head(self) -> Document:
        head, said = self.head, self.said
        title = cleaned(head.title, said.telling(head.where, "Title"))
        if not title:
            title = cleaned(head.code, said.telling(head.where)) or "Framework without a title"
            said.repair("no-title", head.where, f"It has no title; “{title}” stands for it.")
        title = self._short(title, "framework title", head.where)
        code = slug(head.code, LONGEST["framework code"]) or slug(title, 60) or "framework"
        if head.code and code != head.code:
            said.repair("code", head.where, f"“{head.code[:100]}” is here called “{code}”.")
        source = cleaned(head.source, said.telling(head.where, "Source"))
        source = self._short(source, "framework source", head.where)
        if not source:
            said.problem("no-source", head.where, "It does not say where the framework comes from.")
        levels = tuple(self._levels())
        identifier = self._uuid(head.identifier, head.where) or uuid5(NAMESPACE, code)
        return Document(identifier, code, title, source, levels, ())

    def _levels(self) -> list[Level]:
        levels: list[Level] = []
        for raw in self.head.levels:
            title = cleaned(raw.title, self.said.telling(raw.where, "Level"))
            title = self._short(title or raw.code, "level title", raw.where)
            code = slug(raw.code or title, LONGEST["level code"])
            if not code:
                self.said.problem("no-level-code", raw.where, "A level has neither code nor title.")
                continue
            if raw.code and raw.code != code:
                self.said.repair("level-code", raw.where, f"“{raw.code}” is here called “{code}”.")
            if code in {level.code for level in levels}:
                self.said.problem(
                    "duplicate-level", raw.where, f"Two levels are called “{title}” ({code})."
                )
                continue
            levels.append(Level(code, title))
            self.levels |= {code: code, raw.code or code: code, title.casefold(): code}
        return levels

    def _short(self, text: str, what: str, where: str) -> str:
        longest = LONGEST[what]
        if len(text) > longest:
            self.said.repair(
                "too-long",
                where,
                f"The {what} has {len(text)} characters and was cut to {longest}: “{text[:60]}…”.",
            )
        return shortened(text, longest)

    def _uuid(self, text: str, where: str) -> UUID | None:
        """An identifier; one that is no UUID has one made of it."""
        if not text:
            return None
        try:
            return UUID(text)
        except ValueError:
            made = uuid5(NAMESPACE, text)
            self.said.repair(
                "identifier", where, f"“{text[:60]}” is no UUID; {made} stands for it."
            )
            return made

    # What each entry says by itself

    def _clean(self) -> None:
        for raw in self.raws:
            tell = self.said.telling
            raw.code = cleaned(raw.code, tell(raw.where, "Code"))
            raw.title = cleaned(raw.title, tell(raw.where, "Title"))
            raw.description = cleaned(raw.description, tell(raw.where, "Description"), lines=True)
            raw.source = cleaned(raw.source, tell(raw.where, "Source"))
            if not raw.title:
                raw.title = raw.description.split("\n")[0] or raw.code
                if raw.title:
                    words = f"It has no title; “{raw.title[:60]}” stands for it."
                    self.said.repair("no-title", raw.where, words)
                else:
                    self.said.problem("no-title", raw.where, "It has neither title nor code.")
            if len(raw.title) > LONGEST["title"]:
                raw.description = f"{raw.title}\n\n{raw.description}".strip()
                raw.title = shortened(raw.title, LONGEST["title"])
                self.said.repair(
                    "too-long",
                    raw.where,
                    f"The title was cut to {LONGEST['title']} characters; all of it begins the description.",
                )
            raw.source = self._short(raw.source, "source", raw.where)

    def _identify(self, framework: UUID) -> None:
        seen: dict[UUID, Raw] = {}
        taken: dict[str, Raw] = {}
        wanted = {raw.code for raw in self.raws}
        for raw in self.raws:
            given = self._uuid(raw.identifier, raw.where)
            code = self._code(raw, given or uuid5(framework, raw.key + raw.title), taken, wanted)
            # From the code that it has in the end, so that an export is read with the same one.
            uuid = given or uuid5(framework, code)
            if uuid in seen:
                self.said.problem(
                    "duplicate-identifier",
                    raw.where,
                    f"It has the identifier {uuid} of {seen[uuid].where}.",
                )
            seen[uuid] = taken[code] = raw
            self.ids[id(raw)], self.codes[id(raw)] = uuid, code

    def _code(self, raw: Raw, uuid: UUID, taken: dict[str, Raw], wanted: set[str]) -> str:
        code, longest = raw.code, LONGEST["code"]
        if not code:
            code = str(uuid)[:8]
            self.said.repair("no-code", raw.where, f"It has no code; {code} stands for it.")
        if len(code) > longest:
            code = code[:longest].strip()
            self.said.repair(
                "too-long", raw.where, f"The code “{raw.code}” was cut to {longest} characters."
            )
        if code not in taken:
            return code
        number = 2
        while (new := f"{code[: longest - 5]}-{number}") in taken or new in wanted:
            number += 1
        self.said.repair(
            "duplicate-code",
            raw.where,
            f"It has the code “{code}” of {taken[code].where}, and is here called “{new}”.",
        )
        return new

    # What stands where

    def _refuse_unclear_parents(self) -> None:
        number = Counter(raw.key for raw in self.raws)
        named = {raw.parent for raw in self.raws}
        for key in [key for key, times in number.items() if times > 1 and key in named]:
            rows = [raw for raw in self.raws if raw.key == key]
            if len({self.ids[id(raw)] for raw in rows}) == 1:
                continue  # told of as an identifier that is there twice
            places = ", ".join(raw.where for raw in rows)
            self.said.problem(
                "duplicate-code",
                rows[1].where,
                f"{places} are all called “{key}”, and others are said to be in it: which is meant?",
            )

    def _place(self) -> None:
        keys = {raw.key for raw in self.raws}
        orphans = [raw for raw in self.raws if raw.parent and raw.parent not in keys]
        for raw in self.raws:
            if not raw.parent or raw.parent in keys:
                self.below.setdefault(raw.parent, []).append(raw)
        if orphans:
            self._add_group(UNPLACED, "unplaced", "Place not found")
        for raw in orphans:
            self.said.repair(
                "orphan",
                raw.where,
                f"It is said to be in “{raw.parent[:60]}”, which is not there: it is put under “Place not found”.",
            )
            raw.parent = UNPLACED
            self.below[UNPLACED].append(raw)
        self._refuse_cycles()

    def _add_group(self, key: str, code: str, title: str, place: int | None = None) -> None:
        group = Raw(where=f"the new group “{title}”", key=key, code=code, title=title, group=True)
        self.raws.append(group)
        self.ids[id(group)] = uuid5(NAMESPACE, f"{self.head.identifier}{self.head.code}/{code}")
        taken = set(self.codes.values())
        number = 1
        while (name := code if number == 1 else f"{code}-{number}") in taken:
            number += 1
        self.codes[id(group)] = name
        self.below.setdefault(key, [])
        top = self.below.setdefault("", [])
        top.insert(len(top) if place is None else place, group)

    def _refuse_cycles(self) -> None:
        by_key = {raw.key: raw for raw in self.raws}
        well: set[str] = {""}
        for raw in self.raws:
            way: dict[str, None] = {}
            key = raw.key
            while key not in well and key not in way:
                way[key] = None
                key = by_key[key].parent if key in by_key else ""
            if key in way:
                inside = list(way)[list(way).index(key) :]
                rows = [by_key[one] for one in inside]
                named = " in ".join(f"“{self.codes[id(one)]}”" for one in [*rows, rows[0]][:_NAMED])
                self.said.problem(
                    "cycle",
                    rows[0].where,
                    f"It is in itself: {named}. Take one of these links out.",
                )
            well |= set(way)

    def _leave_out_empty_groups(self) -> None:
        while empty := [
            raw for raw in self.raws if raw.group and not self.below.get(raw.key) and raw.key
        ]:
            for raw in empty:
                self.said.repair(
                    "empty-group",
                    raw.where,
                    f"The group “{raw.title[:60]}” holds nothing: left out.",
                )
                self.below[raw.parent].remove(raw)
                self.raws.remove(raw)

    def _is_group(self, raw: Raw) -> bool:
        return bool(self.below.get(raw.key))

    def _give_group_to_loose(self, title: str) -> None:
        top = self.below.get("", [])
        loose = [raw for raw in top if not self._is_group(raw)]
        if not loose:
            return
        place = top.index(loose[0])
        self.below[""] = [raw for raw in top if self._is_group(raw)]
        self._add_group(LOOSE, "general", title, place)
        for raw in loose:
            raw.parent = LOOSE
        self.below[LOOSE] = loose
        codes = ", ".join(self.codes[id(raw)] for raw in loose[:_NAMED])
        more = f" and {len(loose) - _NAMED} more" if len(loose) > _NAMED else ""
        self.said.repair(
            "no-group",
            self.head.where,
            f"{codes}{more} stood in no group: a new group “{title}” holds them.",
        )

    def _tell_names_apart(self) -> None:
        for rows in self.below.values():
            taken = {raw.title.casefold() for raw in rows}
            seen: dict[str, Raw] = {}
            for raw in rows:
                first = seen.setdefault(raw.title.casefold(), raw)
                if first is raw:
                    continue
                raw.title = self._free_name(raw, taken)
                taken.add(raw.title.casefold())
                self.said.repair(
                    "duplicate-name",
                    raw.where,
                    f"It is named as {first.where} in the same place; its code was put behind: “{raw.title[-80:]}”.",
                )

    def _free_name(self, raw: Raw, taken: set[str]) -> str:
        """The title with its code behind it, and a number where another entry of the same place is called that already."""
        code, number = self.codes[id(raw)], 1
        while True:
            ending = f" ({code})" if number == 1 else f" ({code}, {number})"
            name = shortened(raw.title, LONGEST["title"] - len(ending)) + ending
            if name.casefold() not in taken:
                return name
            number += 1

    # The parts

    def _parts(self) -> list[Part]:
        parts: list[Part] = []
        grown = 0
        waiting = [(raw, "") for raw in reversed(self.below.get("", []))]
        while waiting:
            raw, parent = waiting.pop()
            if not self._is_group(raw):
                parts.append(self._competency(raw, parent))
                continue
            code = self.codes[id(raw)]
            grown += raw.group is None
            self._say_of_group(raw)
            parts.append(
                Group(
                    self.ids[id(raw)], code, raw.title, parent, raw.description, compact(raw.kept)
                )
            )
            waiting += [(one, code) for one in reversed(self.below[raw.key])]
        if grown:
            self.said.loss(
                "groups",
                self.head.where,
                f"Entries that hold others ({grown}) became groups: a group is not signed by itself.",
            )
        return parts

    def _say_of_group(self, raw: Raw) -> None:
        if raw.group is False:
            self.said.repair("holds-others", raw.where, "It holds others, so it became a group.")
        if raw.group is not None and (raw.year or raw.task or raw.counts or raw.schedule_3 or raw.source):  # fmt: skip
            self.said.repair(
                "not-of-a-group",
                raw.where,
                "Year, task, counts, subjects and source are a competency’s; a group’s were left out.",
            )

    def _competency(self, raw: Raw, parent: str) -> Competency:
        found = Details(raw, self.said, self.levels)
        return Competency(
            identifier=self.ids[id(raw)],
            code=self.codes[id(raw)],
            title=raw.title,
            parent=parent,
            description=raw.description,
            year=found.year(),
            task=found.task(),
            level=found.level(),
            counts=found.counts(),
            schedule_3=found.subjects(),
            source=raw.source,
            kept=compact(raw.kept),
        )
