"""Frameworks of some hundred competencies as other systems write them, with faults planted, and the file as it is after their repair."""

import copy
import csv
import io
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from logbooks.competencies.formats import moodle

NAMESPACE = UUID("5f1f2a44-7d35-5c8c-9d24-1f3f8f6a2b10")
GROUPS, EACH = 12, 25
CHANGED = "2024-05-01T08:00:00Z"
LONG = "Explains every step of the examination to somebody who asks " * 10


def key(*words: object) -> str:
    """A UUID that is the same for the same words."""
    return str(uuid5(NAMESPACE, "/".join(map(str, words))))


@dataclass
class Planted:
    """The file as it came, as it is after the repairs, and where the faults are: name of the line and how often."""

    came: Any
    mended: Any
    repairs: dict[str, int] = field(default_factory=dict)

    def told(self, name: str, times: int = 1) -> None:
        """A repair that has to be told."""
        self.repairs[name] = self.repairs.get(name, 0) + times


# CASE


def case_item(*words: object, title: str, code: str, notes: str = "") -> dict[str, Any]:
    """An item as another system writes it, with fields that the portal does not read."""
    identifier = key(*words)
    item = {
        "identifier": identifier,
        "uri": f"https://case.example.org/ims/case/v1p1/CFItems/{identifier}",
        "fullStatement": title,
        "humanCodingScheme": code,
        "CFItemType": "Standard",
        "educationLevel": ["HE3"],
        "language": "en-GB",
        "lastChangeDateTime": "2023-02-03T10:00:00+00:00",
    }
    return item | ({"notes": notes} if notes else {})


def case_place(child: str, parent: str, number: int, *, top: bool = False) -> dict[str, Any]:
    """An association that says whose child an item is."""
    identifier = key("place", child)
    return {
        "identifier": identifier,
        "uri": f"https://case.example.org/ims/case/v1p1/CFAssociations/{identifier}",
        "associationType": "isChildOf",
        "sequenceNumber": number,
        "originNodeURI": case_node(child, "CFItem"),
        "destinationNodeURI": case_node(parent, "CFDocument" if top else "CFItem"),
        "lastChangeDateTime": CHANGED,
    }


def case_node(identifier: str, what: str) -> dict[str, Any]:
    """A link to an entry."""
    return {
        "title": "Node",
        "identifier": identifier,
        "uri": f"https://case.example.org/{identifier}",
        "targetType": what,
    }


def case_package() -> dict[str, Any]:
    """A sound package: 12 groups of 25 competencies."""
    document = key("document")
    items, places = [], []
    for group in range(1, GROUPS + 1):
        items.append(case_item("g", group, title=f"Cluster {group}", code=f"G{group}"))
        places.append(case_place(key("g", group), document, group, top=True))
        for number in range(1, EACH + 1):
            words = f"Shows skill {number} of cluster {group}"
            items.append(
                case_item("c", group, number, title=words, code=f"G{group}.{number}", notes="Seen twice.")
            )  # fmt: skip
            places.append(case_place(key("c", group, number), key("g", group), number * 10))
    return {
        "CFDocument": {
            "identifier": document,
            "uri": f"https://case.example.org/ims/case/v1p1/CFDocuments/{document}",
            "creator": "Example College",
            "title": "Nuclear medicine standards",
            "officialSourceURL": "https://college.example.org/standards",
            "adoptionStatus": "Adopted",
            "lastChangeDateTime": CHANGED,
            "caseVersion": "1.1",
        },
        "CFItems": items,
        "CFAssociations": [
            *places,
            {
                "identifier": key("match"),
                "uri": "https://case.example.org/match",
                "associationType": "exactMatchOf",
                "originNodeURI": case_node(key("c", 1, 1), "CFItem"),
                "destinationNodeURI": case_node(key("elsewhere"), "CFItem"),
                "lastChangeDateTime": CHANGED,
            },
        ],
        "CFDefinitions": {"CFConcepts": [], "CFLicenses": []},
    }


def planted_case() -> Planted:
    """The package with one fault of each kind that can be repaired."""
    sound = case_package()
    planted = Planted(copy.deepcopy(sound), copy.deepcopy(sound))
    came, mended = _items(planted.came), _items(planted.mended)

    one = key("c", 1, 2)
    came[one]["humanCodingScheme"] = "G1.1"
    mended[one]["humanCodingScheme"] = "G1.1-2"
    planted.told("duplicate-code")

    one = key("c", 2, 3)
    came[one]["fullStatement"] = "<p>Keeps &amp; checks <b>records</b></p>"
    mended[one]["fullStatement"] = "Keeps & checks records"
    came[one]["notes"] = "<ul><li>first</li><li>second</li></ul><script>steal()</script>"
    mended[one]["notes"] = "- first\n- second"
    planted.told("html", 2)

    one = key("c", 3, 4)
    came[one]["fullStatement"] = LONG
    mended[one]["fullStatement"] = LONG[:499].rsplit(" ", 1)[0] + "…"
    mended[one]["notes"] = f"{LONG.strip()}\n\nSeen twice."
    planted.told("too-long")
    planted.told("spaces")

    one = key("c", 4, 5)
    came[one]["fullStatement"] = came[key("c", 4, 4)]["fullStatement"].upper()
    mended[one]["fullStatement"] = came[one]["fullStatement"] + " (G4.5)"
    planted.told("duplicate-name")

    one = key("c", 5, 6)
    del came[one]["humanCodingScheme"]
    mended[one]["humanCodingScheme"] = one[:8]
    planted.told("no-code")

    one = key("c", 6, 7)
    came[one]["fullStatement"] = "Says cafe\u0301 rules\u200b"
    mended[one]["fullStatement"] = "Says café rules"
    planted.told("unicode")
    planted.told("characters")

    _orphan(planted)
    planted.came["CFAssociations"].append(case_place(key("c", 8, 1), key("g", 9), 99))
    planted.told("second-parent")
    return planted


def _items(package: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["identifier"]: item for item in package["CFItems"]}


def _orphan(planted: Planted) -> None:
    child = key("c", 7, 7)
    for package in (planted.came, planted.mended):
        for place in package["CFAssociations"]:
            if place["originNodeURI"]["identifier"] == child and place["associationType"] == "isChildOf":  # fmt: skip
                place["destinationNodeURI"] = case_node(key("nobody"), "CFItem")
    planted.told("orphan")


def mended_orphan(planted: Planted, exported: dict[str, Any]) -> None:
    """Puts the group that the repair made, under the identifier that it was given, into the mended file."""
    [group] = [item for item in exported["CFItems"] if item["fullStatement"] == "Place not found"]
    identifier = group["identifier"]
    document = planted.mended["CFDocument"]
    planted.mended["CFItems"].append(
        {
            "identifier": identifier,
            "uri": f"urn:uuid:{identifier}",
            "lastChangeDateTime": CHANGED,
            "fullStatement": "Place not found",
            "humanCodingScheme": "unplaced",
        }
    )
    child = key("c", 7, 7)
    for place in planted.mended["CFAssociations"]:
        if place["originNodeURI"]["identifier"] == child:
            place["destinationNodeURI"] = {
                "title": "Place not found",
                "identifier": identifier,
                "uri": f"urn:uuid:{identifier}",
                "targetType": "CFItem",
            }
    [place] = [p for p in exported["CFAssociations"] if p["originNodeURI"]["identifier"] == identifier]  # fmt: skip
    assert place["destinationNodeURI"]["identifier"] == document["identifier"]
    assert place["sequenceNumber"] == GROUPS + 1
    planted.mended["CFAssociations"].append(place)


def sorted_case(package: dict[str, Any]) -> dict[str, Any]:
    """A package whose lists stand in the order of the identifiers, which is how two are compared."""
    return {
        **package,
        "CFItems": sorted(package["CFItems"], key=lambda one: one["identifier"]),
        "CFAssociations": sorted(package["CFAssociations"], key=lambda one: one["identifier"]),
    }


def as_bytes(package: dict[str, Any], encoding: str = "utf-8") -> bytes:
    """The file of a package."""
    return json.dumps(package, ensure_ascii=False).encode(encoding)


# Moodle


def moodle_row(**cells: str) -> dict[str, str]:
    """A row as Moodle writes it: HTML by format, rules that say nothing."""
    usual = {
        "format": "1",
        "rule": "",
        "outcome": "0",
        "ruleconfig": "null",
        "framework": "",
        "taxonomy": "",
    }
    return {name: {**usual, **cells}.get(name, "") for name in moodle.KEYS}


def moodle_rows() -> list[dict[str, str]]:
    """A sound framework: 12 groups of 25 competencies on a scale of two values."""
    rows = [
        moodle_row(
            id="nm-standards",
            name="Nuclear medicine standards",
            description="Made by Example College",
            scale="Not yet competent,Competent",
            config='[{"scaleid":"2"},{"id":2,"scaledefault":1,"proficient":1}]',
            outcome="",
            ruleconfig="",
            framework="1",
            taxonomy="domain,competency,skill,value",
        )
    ]
    number = 0
    for group in range(1, GROUPS + 1):
        number += 1
        rows.append(moodle_row(id=f"G{group}", name=f"Cluster {group}", exported=str(number)))
        for one in range(1, EACH + 1):
            number += 1
            rows.append(
                moodle_row(
                    parent=f"G{group}",
                    id=f"G{group}.{one}",
                    name=f"Shows skill {one} of cluster {group}",
                    description="Seen twice.",
                    related="G1.1,G1.2" if one == 3 else "",
                    exported=str(number),
                )
            )
    return rows


def planted_moodle() -> Planted:
    """The rows with one fault of each kind that can be repaired."""
    planted = Planted(moodle_rows(), moodle_rows())
    came = {row["id"]: row for row in planted.came}
    mended = {row["id"]: row for row in planted.mended}

    came["G1.5"]["id"], mended["G1.5"]["id"] = "G1.4", "G1.4-2"
    planted.told("duplicate-code")

    came["G2.3"]["name"] = "<b>Keeps</b> records &amp; checks"
    mended["G2.3"]["name"] = "Keeps records & checks"
    planted.told("html")

    came["G2.4"]["description"] = "<p>First.</p><p>Second &lt;half&gt;.</p>"
    mended["G2.4"]["description"], mended["G2.4"]["format"] = "First.\n\nSecond .", "2"
    planted.told("html")

    came["G3.1"]["name"] = came["G3.2"]["name"]
    mended["G3.2"]["name"] = came["G3.2"]["name"] + " (G3.2)"
    mended["G3.1"]["name"] = came["G3.2"]["name"]
    planted.told("duplicate-name")

    long = "G4." + "x" * 80
    came["G4.1"]["id"], mended["G4.1"]["id"] = long, long[:60]
    planted.told("too-long")

    came["G5.3"]["related"], mended["G5.3"]["related"] = "G1.1,nobody", "G1.1"
    planted.told("reference")

    came["G6.1"]["name"], mended["G6.1"]["name"] = "Two   spaces", "Two spaces"
    planted.told("spaces")

    came["G7.7"]["parent"] = "nobody"
    orphan = mended["G7.7"]
    planted.mended.remove(orphan)
    planted.told("orphan")

    loose = moodle_row(id="L1", name="Stands alone", exported="999")
    planted.came.append(loose)
    planted.mended += [
        moodle_row(id="general", name="Nuclear medicine standards", format="2", exported="?"),
        {**loose, "parent": "general"},
        moodle_row(id="unplaced", name="Place not found", format="2", exported="?"),
        {**orphan, "parent": "unplaced"},
    ]
    planted.told("no-group")
    return planted


def moodle_bytes(rows: list[dict[str, str]], encoding: str = "utf-8") -> bytes:
    """The file of some rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(moodle.COLUMNS)
    writer.writerows([row[name] for name in moodle.KEYS] for row in rows)
    return out.getvalue().encode(encoding)


def moodle_table(data: bytes) -> list[dict[str, str]]:
    """The rows of a file."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert tuple(rows[0]) == moodle.COLUMNS
    return [dict(zip(moodle.KEYS, row, strict=True)) for row in rows[1:]]
