"""What a board decided about an exam, as one document: the standard, who was there, why, and what it comes to.

Marks, cuts and the pass mark are exact: text of a fraction such as "129/2", or of a whole number, which `Fraction`
reads again; a pass mark with a standard error in it is the shortest text of the float. None is what there is not.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AtStation:
    """One candidate at one station, called "S1" and so on; `most` are its marks, `grade` is the number of the global grade.

    `carried` names the earlier exam whose mark counts here, since the station was passed there.
    """

    station: str
    title: str
    mark: str | None
    most: int
    cut: str | None
    grade: str | None
    passed: bool | None
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One candidate's result; `passed` is None where nobody can say, and `reasons` say why or what was failed.

    `domains` are the marks and the most marks by domain.
    """

    candidate: UUID
    number: int
    total: str | None
    passed: bool | None
    reasons: tuple[str, ...]
    stations: tuple[AtStation, ...]
    domains: tuple[tuple[str, str, int], ...]

    @property
    def carried(self) -> str:
        """What is carried, in words: "S1 carried from the OSCE of May"; empty where nothing."""
        own = [at for at in self.stations if at.carried]
        return ", ".join(f"{at.station} carried from {at.carried}" for at in own)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `method`, `sem`, `rounding`, `minimum` and `must_pass` are those of `analysis.compared.Standard`.

    `explained` are the findings of the data-quality report with what the board says to each; `closings` are the UUIDs of the
    closed sheets that were counted; `comparison` is whether candidates may see the cohort beside their own marks.
    """

    method: str
    percent: str
    overrides: tuple[tuple[str, str], ...]
    sem: str
    rounding: str
    minimum: str
    must_pass: tuple[str, ...]
    borderline: int
    cuts: tuple[tuple[str, str | None], ...]
    exact: str
    pass_mark: str
    needed: int
    attendance: tuple[str, ...]
    reasons: str
    explained: tuple[tuple[str, str], ...]
    comparison: bool
    resits_carry: bool
    closings: tuple[UUID, ...]
    results: tuple[Result, ...]

    def result(self, candidate: UUID) -> Result | None:
        """What it says of one candidate."""
        return next((one for one in self.results if one.candidate == candidate), None)


def from_canonical(text: str) -> Decision:
    """The decision that `sealing.canonical` wrote."""
    data: Mapping[str, Any] = json.loads(text)
    pairs = {name: tuple(map(tuple, data[name])) for name in ("overrides", "cuts", "explained")}
    lists = {name: tuple(data[name]) for name in ("must_pass", "attendance")}
    closings = tuple(UUID(one) for one in data["closings"])
    results = tuple(result(one) for one in data["results"])
    return Decision(**{**data, **pairs, **lists, "closings": closings, "results": results})


def result(data: Mapping[str, Any]) -> Result:
    """A result that was written as JSON."""
    return Result(
        **{
            **data,
            "candidate": UUID(data["candidate"]),
            "reasons": tuple(data["reasons"]),
            "stations": tuple(AtStation(**one) for one in data["stations"]),
            "domains": tuple((name, str(own), most) for name, own, most in data["domains"]),
        }
    )
