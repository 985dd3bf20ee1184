"""1EdTech CASE 1.1 (Competencies and Academic Standards Exchange, REST/JSON binding, 2025): the JSON of a CFPackage.

An item that others are children of is a group, every other one a competency. What CASE has no field for
stands in its `extensions`; what the portal has no field for is kept beside each entry and written back.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from logbooks.competencies.document import (
    Competency,
    Document,
    Group,
    Part,
    Reading,
    Written,
    unpacked,
)
from logbooks.competencies.formats.building import build
from logbooks.competencies.formats.own import parsed, text_in
from logbooks.competencies.formats.raw import Raw, RawCount, RawHead, RawLevel, Said
from logbooks.competencies.formats.words import slug

# The portal's own fields inside CASE's `extensions`.
OURS = "oncologyPlacements"
CHILD = "isChildOf"
_LISTS = ("CFItems", "CFAssociations")
_REQUIRED = ("uri", "lastChangeDateTime")


@dataclass(slots=True)
class _Package:
    """A package taken apart."""

    head: dict[str, Any]
    items: list[dict[str, Any]]
    # By item: where it stands first, in the order of the file.
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)


def read(data: bytes) -> Reading:
    """The framework of a CFPackage."""
    said = Said()
    whole = parsed(data, said)
    if whole is None:
        return said.reading(None)
    wrapped = whole.get("CFPackage")
    if isinstance(wrapped, dict):
        said.repair(
            "wrapper", "the file", "The package stood inside “CFPackage”; CASE 1.1 has it bare."
        )
        whole = wrapped
    if not isinstance(whole.get("CFDocument"), dict) or not isinstance(whole.get("CFItems"), list):
        said.problem("format", "the file", "It is JSON, but no CFPackage: it needs CFDocument and CFItems.")  # fmt: skip
        return said.reading(None)
    package = _Package(whole["CFDocument"], [_object(one) for one in whole["CFItems"]])
    _take_associations(package, whole, said)
    changed = text_in(package.head, "lastChangeDateTime", said, "CFDocument")
    head = _head(package, whole, said)
    raws = [_raw(number, item, package, changed, said) for number, item in enumerate(package.items, start=1)]  # fmt: skip
    _say_what_is_missing(package, said)
    return build(head, _ordered(raws, package), said)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _key(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""


def _take_associations(package: _Package, whole: Mapping[str, Any], said: Said) -> None:
    ids = {_key(item.get("identifier")) for item in package.items}
    rows = whole.get("CFAssociations")
    for number, one in enumerate(rows if isinstance(rows, list) else [], start=1):
        row = _object(one)
        if row.get("associationType") != CHILD:
            package.others.append(row)
            continue
        child = _key(_object(row.get("originNodeURI")).get("identifier"))
        where = f"CFAssociations {number}"
        if child not in ids:
            said.repair(
                "association", where, "It speaks of an item that is not in the file: left out."
            )
        elif child in package.places:
            said.repair(
                "second-parent",
                where,
                f"Item {child} is a child already; this second place of it was left out.",
            )
        else:
            package.places[child] = row


def _parent(package: _Package, child: str, where: str, said: Said) -> str:
    """The item that an item is in; empty for one that is in none, which stands at the top."""
    row = package.places.get(child, {})
    parent = _key(_object(row.get("destinationNodeURI")).get("identifier"))
    if not parent:
        said.repair("no-place", where, f"No {CHILD} says where it stands: it stands at the top.")
    return "" if parent == _key(package.head.get("identifier")) else parent


def _head(package: _Package, whole: Mapping[str, Any], said: Said) -> RawHead:
    given, where = package.head, "CFDocument"
    ours = _object(_object(given.get("extensions")).get(OURS))
    title = text_in(given, "title", said, where)
    creator = text_in(given, "creator", said, where)
    if not creator:
        said.repair("missing-field", where, "It has no creator, which CASE asks for: an export names the source.")  # fmt: skip
    levels = ours.get("levels")
    kept = {key: value for key, value in given.items() if key not in ("identifier", "title")}
    kept |= {"extensions": _not_ours(given)} if "extensions" in given else {}
    package_kept = {
        key: value for key, value in whole.items() if key not in ("CFDocument", *_LISTS)
    }
    return RawHead(
        where=where,
        identifier=text_in(given, "identifier", said, where),
        code=text_in(ours, "code", said, where) or slug(title, 60),
        title=title,
        source=text_in(ours, "source", said, where) or source_of(given, title),
        levels=[
            RawLevel(where=where, code=text_in(one, "code", said, where), title=text_in(one, "title", said, where))
            for one in map(_object, levels if isinstance(levels, list) else [])
        ],
        kept={
            "case": {
                **_without_empty(kept),
                **({"associations": package.others} if package.others else {}),
                **({"package": package_kept} if package_kept else {}),
            }
        },
    )  # fmt: skip


def source_of(head: Mapping[str, Any], title: str) -> str:
    """Where a framework says that it comes from: who made it, and its official address."""
    made = str(head.get("creator") or "") or f"A CASE package called “{title}”"
    address = head.get("officialSourceURL")
    return f"{made}, {address}" if isinstance(address, str) and address else made


def _not_ours(given: Mapping[str, Any]) -> dict[str, Any]:
    held = _object(given.get("extensions"))
    return {key: value for key, value in held.items() if key != OURS}


def _without_empty(kept: dict[str, Any]) -> dict[str, Any]:
    if kept.get("extensions") == {}:
        del kept["extensions"]
    return kept


def _raw(number: int, item: dict[str, Any], package: _Package, changed: str, said: Said) -> Raw:
    key = _key(item.get("identifier"))
    code = text_in(item, "humanCodingScheme", said, f"CFItems {number}")
    where = f"CFItems {number} ({code[:60] or key[:8]})"
    ours = _object(_object(item.get("extensions")).get(OURS))
    counts = ours.get("counts")
    subjects = ours.get("schedule_3")
    kept = {
        name: value
        for name, value in item.items()
        if name not in ("identifier", "fullStatement", "humanCodingScheme", "notes")
        and (name, value) not in (("uri", f"urn:uuid:{key}"), ("lastChangeDateTime", changed))
    }
    kept |= {"extensions": _not_ours(item)} if "extensions" in item else {}
    place = package.places.get(key)
    if place is not None and (rest := _kept_place(key, place, changed)):
        kept["association"] = rest
    kept = _without_empty(kept)
    return Raw(
        where=where,
        key=key,
        parent=_parent(package, key, where, said),
        identifier=text_in(item, "identifier", said, where).strip(),
        code=code,
        title=text_in(item, "fullStatement", said, where),
        description=text_in(item, "notes", said, where),
        counts=[
            RawCount(
                number=text_in(row, "number", said, where),
                role=text_in(row, "role", said, where),
                examination=text_in(row, "examination", said, where),
            )
            for row in map(_object, counts if isinstance(counts, list) else [])
        ],
        schedule_3=[str(one) for one in subjects] if isinstance(subjects, list) else [],
        kept={"case": kept} if kept else {},
        year=text_in(ours, "year", said, where),
        task=text_in(ours, "task", said, where),
        level=text_in(ours, "level", said, where),
        source=text_in(ours, "source", said, where),
    )


def _kept_place(child: str, row: Mapping[str, Any], changed: str) -> dict[str, Any]:
    """What a place says beside who is whose child."""
    identifier = _place_id(child)
    usual = {
        "identifier": str(identifier),
        "uri": f"urn:uuid:{identifier}",
        "associationType": CHILD,
        "lastChangeDateTime": changed,
    }
    return {name: value for name, value in row.items() if usual.get(name) != value}


def _place_id(child: str) -> UUID:
    return uuid5(UUID("9a3cbd0e-6b0a-5b5e-8d54-3e0c9f4f5d11"), child)


def _ordered(raws: list[Raw], package: _Package) -> list[Raw]:
    """In the order that the places' sequence numbers say; those without one come after, as in the file."""

    def number(raw: Raw) -> float:
        said = package.places.get(raw.key, {}).get("sequenceNumber")
        return said if isinstance(said, int) and not isinstance(said, bool) else float("inf")

    return sorted(raws, key=number)


def _say_what_is_missing(package: _Package, said: Said) -> None:
    for name in _REQUIRED:
        if not package.head.get(name):
            said.repair("missing-field", "CFDocument", f"It has no {name}, which CASE asks for: an export fills it in.")  # fmt: skip
        for what, rows in (("items", package.items), ("places", list(package.places.values()))):
            lacking = sum(not row.get(name) for row in rows)
            if lacking:
                said.repair(
                    "missing-field",
                    what,
                    f"{lacking} {what} have no {name}, which CASE asks for: an export fills it in.",
                )


# Writing


def write(document: Document, moment: datetime) -> Written:
    """The framework as a CFPackage. It carries everything CASE-born; `moment` is when it was last changed, for what does not say."""
    kept = dict(unpacked(document.kept).get("case", {}))
    foreign = "case" in unpacked(document.kept)
    others, package = kept.pop("associations", []), kept.pop("package", {})
    changed = kept.get("lastChangeDateTime") or moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # fmt: skip
    head = {
        "identifier": str(document.identifier),
        "uri": f"urn:uuid:{document.identifier}",
        "lastChangeDateTime": changed,
        "title": document.title,
        "creator": document.source,
        **({} if foreign else {"language": "en-GB", "caseVersion": "1.1"}),
        **{k: v for k, v in kept.items() if v or k not in (*_REQUIRED, "creator")},
    }
    ours = _ours_of_head(document, head)
    if ours:
        head["extensions"] = {**_object(head.get("extensions")), OURS: ours}
    items = [_item(part, changed, foreign=foreign) for part in document.parts]
    whole = {
        "CFDocument": head,
        "CFItems": items,
        "CFAssociations": [*_places(document, changed), *others],
        **package,
    }
    return Written((json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode(), ())


def _ours_of_head(document: Document, head: Mapping[str, Any]) -> dict[str, Any]:
    ours: dict[str, Any] = {}
    if document.code != slug(document.title, 60):
        ours["code"] = document.code
    if document.source != source_of(head, document.title):
        ours["source"] = document.source
    if document.levels:
        ours["levels"] = [{"code": level.code, "title": level.title} for level in document.levels]
    return ours


def _kept(part: Part) -> dict[str, Any]:
    return dict(unpacked(part.kept).get("case", {}))


def _item(part: Part, changed: str, *, foreign: bool) -> dict[str, Any]:
    kept = _kept(part)
    kept.pop("association", None)
    item: dict[str, Any] = {
        "identifier": str(part.identifier),
        "uri": f"urn:uuid:{part.identifier}",
        "lastChangeDateTime": changed,
        "fullStatement": part.title,
        "humanCodingScheme": part.code,
    }
    if part.description:
        item["notes"] = part.description
    if not foreign:
        item["CFItemType"] = "Group" if isinstance(part, Group) else "Competency"
    item |= {name: value for name, value in kept.items() if value or name not in _REQUIRED}
    ours = _ours(part) if isinstance(part, Competency) else {}
    if ours:
        item["extensions"] = {**_object(item.get("extensions")), OURS: ours}
    return item


def _ours(part: Competency) -> dict[str, Any]:
    ours: dict[str, Any] = {
        "year": part.year,
        "task": part.task,
        "level": part.level,
        "counts": [
            {"number": count.number, "role": count.role, "examination": count.examination}
            for count in part.counts
        ],
        "schedule_3": list(part.schedule_3),
        "source": part.source,
    }
    return {name: value for name, value in ours.items() if value}


def _places(document: Document, changed: str) -> Iterator[dict[str, Any]]:
    by_code = {part.code: part for part in document.parts}
    numbers = _numbers(document)
    for part in document.parts:
        parent = by_code.get(part.parent)
        kept = dict(_kept(part).get("association", {}))
        identifier = _place_id(str(part.identifier))
        origin = _node(str(part.identifier), part.title, "CFItem", kept.pop("originNodeURI", None))
        destination = _node(
            str(parent.identifier if parent else document.identifier),
            parent.title if parent else document.title,
            "CFItem" if parent else "CFDocument",
            kept.pop("destinationNodeURI", None),
        )
        kept.pop("sequenceNumber", None)
        number = numbers[part.code]
        yield {
            "identifier": str(identifier),
            "uri": f"urn:uuid:{identifier}",
            "associationType": CHILD,
            "originNodeURI": origin,
            "destinationNodeURI": destination,
            **({} if number is None else {"sequenceNumber": number}),
            "lastChangeDateTime": changed,
            **{name: value for name, value in kept.items() if value or name not in _REQUIRED},
        }


def _node(identifier: str, title: str, target: str, kept: Any) -> dict[str, Any]:
    """A link to an entry; as another system wrote it, while it still leads there."""
    if isinstance(kept, dict) and _key(kept.get("identifier")) == identifier:
        return kept
    return {
        "title": title,
        "identifier": identifier,
        "uri": f"urn:uuid:{identifier}",
        "targetType": target,
    }


def _numbers(document: Document) -> dict[str, int | None]:
    """The sequence number of each part: as the file had them while they still say the order, else from 1 on."""
    below: dict[str, list[Part]] = {}
    for part in document.parts:
        below.setdefault(part.parent, []).append(part)
    numbers: dict[str, int | None] = {}
    for parts in below.values():
        had = [_kept(part).get("association", {}) for part in parts]
        said = [place.get("sequenceNumber") for place in had]
        order = [one if isinstance(one, int) else float("inf") for one in said]
        if all(had) and order == sorted(order):
            numbers |= {part.code: one for part, one in zip(parts, said, strict=True)}
        else:
            numbers |= {part.code: place for place, part in enumerate(parts, start=1)}
    return numbers
