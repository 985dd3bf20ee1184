"""What the page of coverage shows: the figure, who is left out of it, the heat map and the map of the sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote_plus, urlencode

from django.urls import reverse

from school.core import charts
from school.core.share import Share
from school.coverage import asked_queries as named
from school.coverage import counting
from school.coverage.figures import COUNTED, Figure, Policy, figures
from school.coverage.models import RequirementVersion
from school.coverage.policies import Sight
from school.coverage.states import Question, State
from school.people.models import Site

# More requirements than these side by side are read by nobody.
SIDE_BY_SIDE = 8
# By what the rows of the heat map can be, as it is chosen.
BY = {
    "site": "Site",
    "job_role": "Role",
    "staff_group": "Staff group",
    "crew": "Static or mobile",
    "organisation": "Organisation",
}


class Counted(Protocol):
    """Something of one requirement that says both figures."""

    @property
    def requirement(self) -> int:
        """The key of the requirement."""

    def share(self, policy: Policy) -> Share:
        """One of the two."""


@dataclass(frozen=True, slots=True)
class Aimed:
    """The adjusted figure of several requirements added up, and the percentage that is aimed at."""

    adjusted: Share
    # The hundredths of people to be in date for the targets to be met, of those counted.
    aimed: int

    @property
    def is_met(self) -> bool:
        """Whether as many are in date as the targets ask."""
        return 100 * self.adjusted.numerator >= self.aimed

    @property
    def target(self) -> int:
        """The per cent that is aimed at, over all requirements."""
        return Share(self.aimed, 100 * self.adjusted.denominator).percent or 0


@dataclass(frozen=True, slots=True)
class Both(Aimed):
    """The same with the figure by headcount."""

    headcount: Share


@dataclass(frozen=True, slots=True)
class Total(Both):
    """The same with those whom the adjusted figure leaves out."""

    exempt: int
    in_grace: int
    away: int

    @property
    def left_out(self) -> int:
        """How many the adjusted figure leaves out."""
        return self.exempt + self.in_grace + self.away


def aimed_at(found: Sequence[Counted], targets: Mapping[int, int]) -> Aimed:
    """The adjusted figures of several groups or requirements as one; `targets` are the per cent of each requirement."""
    shares = [one.share(Policy.ADJUSTED) for one in found]
    return Aimed(
        added(shares),
        sum(
            targets[one.requirement] * share.denominator
            for one, share in zip(found, shares, strict=True)
        ),
    )


def both(found: Sequence[Counted], targets: Mapping[int, int]) -> Both:
    """The same with the figure by headcount."""
    one = aimed_at(found, targets)
    return Both(
        one.adjusted, one.aimed, headcount=added([one.share(Policy.HEADCOUNT) for one in found])
    )


def added(shares: Sequence[Share]) -> Share:
    """Several shares as one."""
    return Share(sum(s.numerator for s in shares), sum(s.denominator for s in shares))


def total(found: Sequence[Figure], targets: Mapping[int, int]) -> Total:
    """The same with whom the adjusted figure leaves out."""
    two = both(found, targets)
    return Total(
        two.adjusted,
        two.aimed,
        two.headcount,
        exempt=sum(figure.people[State.EXEMPT] for figure in found),
        in_grace=sum(figure.people[State.IN_GRACE] for figure in found),
        away=sum(figure.away[state] for figure in found for state in COUNTED),
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page says of a question."""

    question: Question
    versions: dict[int, RequirementVersion]
    total: Total
    people: int
    sites: int
    heat: charts.HeatMap
    map: charts.SiteMap | None
    below: int
    # The sites at which nobody is in post.
    empty: list[str]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The letters of each requirement that a phone shows, with its name."""
        return [(column.short, column.label) for column in self.heat.columns]


def targets(versions: Mapping[int, RequirementVersion]) -> dict[int, int]:
    """The per cent that each requirement aims at."""
    return {key: version.target_percent for key, version in versions.items()}


def overview(
    question: Question, versions: dict[int, RequirementVersion], sight: Sight, by: str, place: int
) -> Overview:
    """The figures of a question, with the heat map's rows by one of BY and its columns from the place-th eight on.

    Five queries at the most.
    """
    groups = ["", "site", "region"] if by == "site" else ["", "site", by]
    counts = counting.counts(question, groups)
    found = {name: figures(rows) for name, rows in counts.tallies.items()}
    posts = counts.in_post
    aimed = targets(versions)
    shown = dict(list(versions.items())[place * SIDE_BY_SIDE : (place + 1) * SIDE_BY_SIDE])
    sites = {site.pk: site for site in _sites(question)}
    mobile = named.mobile_sites(question.as_of, question.known_on)
    table = _Table(question, shown, aimed, sight)
    at_sites = _grouped(found["site"], aimed)
    if by == "site":
        rows = table.by_site(at_sites, _grouped(found["region"], aimed), sites, posts, mobile)
    else:
        rows = [table.group(BY[by], "", _grouped(found[by], aimed), by, named.names(by))]
    return Overview(
        question=question,
        versions=versions,
        total=total(found[""], aimed),
        people=posts.get(None, 0),
        sites=len(posts) - 1 if None in posts else len(posts),
        heat=charts.HeatMap(
            "Per cent in date, of those counted in the adjusted figure. Lowest first.",
            "Region and site" if by == "site" else BY[by],
            table.columns,
            rows,
        ),
        map=_map(sites, at_sites, mobile),
        below=sum(1 for one in at_sites.values() if not one.total.is_met),
        empty=[site.name for key, site in sites.items() if key not in posts],
    )


def _sites(question: Question) -> Sequence[Site]:
    rows = Site.objects.order_by("network_region", "name")
    return list(rows.filter(pk__in=question.sites) if question.sites else rows)


@dataclass(frozen=True, slots=True)
class _Group:
    """The figures of one group by requirement, and all of them together."""

    figures: Mapping[int, Figure]
    total: Aimed

    @property
    def order(self) -> tuple[float, int]:
        """The lowest share first, of equal ones that of the fewest; last where nobody is counted."""
        share = self.total.adjusted
        return (share.numerator / share.denominator if share.denominator else 2, share.denominator)


def _grouped(found: Sequence[Figure], aimed: Mapping[int, int]) -> dict[Any, _Group]:
    groups: dict[Any, dict[int, Figure]] = {}
    for figure in found:
        groups.setdefault(figure.group, {})[figure.requirement] = figure
    return {key: _Group(some, aimed_at([*some.values()], aimed)) for key, some in groups.items()}


class _Table:
    """The heat map of some requirements."""

    def __init__(
        self,
        question: Question,
        versions: Mapping[int, RequirementVersion],
        aimed: Mapping[int, int],
        sight: Sight,
    ) -> None:
        self.question, self.versions, self.aimed, self.sight = question, versions, aimed, sight
        self.base = reverse("coverage_people")
        labels = [version.requirement.name for version in versions.values()]
        shorts = named.short_names(labels)
        self.columns = [charts.HeatColumn(*pair) for pair in zip(labels, shorts, strict=True)]

    def by_site(
        self,
        of_sites: Mapping[int, _Group],
        of_regions: Mapping[str, _Group],
        sites: Mapping[int, Site],
        posts: Mapping[int | None, int],
        mobile: set[int],
    ) -> list[charts.HeatGroup]:
        """The sites of each region, the lowest first."""
        nothing = _Group({}, aimed_at([], self.aimed))
        regions: dict[str, list[int]] = {}
        for key, site in sites.items():
            if key in posts:
                regions.setdefault(site.network_region, []).append(key)
        groups = []
        for region, keys in regions.items():
            rows = []
            for key in sorted(keys, key=lambda key: of_sites.get(key, nothing).order):
                people = posts[key]
                note = f"{people} {'person' if people == 1 else 'people'}"
                note += ", mobile" if key in mobile else ""
                url = self._people("site", sites[key].slug) if self.sight.names_at(key) else ""
                cells = self._cells(of_sites.get(key, nothing), url)
                rows.append(charts.HeatRow(sites[key].name, note, cells))
            whole = of_regions.get(region, nothing)
            said = f"{len(rows)} {'site' if len(rows) == 1 else 'sites'}, {words(whole.total.adjusted)} in date"
            groups.append(charts.HeatGroup(region, said, self._cells(whole), rows))
        return groups

    def group(
        self, name: str, note: str, groups: Mapping[Any, _Group], by: str, called: Mapping[Any, str]
    ) -> charts.HeatGroup:
        """The rows of another grouping, the lowest first, under the figures of all of them."""
        rows = []
        for key, one in sorted(groups.items(), key=lambda pair: pair[1].order):
            url = self._people(by, key) if self.sight.has_names else ""
            label = called.get(key, str(key)) or "not said"
            rows.append(charts.HeatRow(label, "", self._cells(one, url)))
        return charts.HeatGroup(name, note, [charts.HeatCell(0, 0) for _ in self.columns], rows)

    def _people(self, by: str, group: Any) -> str:
        """The address of a group's people, up to the code of a requirement."""
        asked = {**days_asked(self.question), "by": by, "group": group, "requirement": ""}
        return f"{self.base}?{urlencode(asked)}"

    def _cells(self, group: _Group, people: str = "") -> list[charts.HeatCell]:
        """A cell of each requirement; it opens to people where there are any and their address is given."""
        found = []
        for key, version in self.versions.items():
            figure = group.figures.get(key)
            share = figure.share(Policy.ADJUSTED) if figure else Share(0, 0)
            url = f"{people}{quote_plus(version.requirement.code)}" if figure and people else ""
            found.append(
                charts.HeatCell(
                    share.numerator, share.denominator, url, target=version.target_percent
                )
            )
        return found


def days_asked(question: Question) -> dict[str, Any]:
    """The days of a question as an address says them."""
    return {
        "as_of": question.as_of.isoformat(),
        "known_on": question.known_on.isoformat(),
    }


def words(share: Share) -> str:
    """A share as a page says it: "90.1 %", or that nobody is counted."""
    return f"{share.tenths} %" if share.denominator else "nobody counted"


def _map(
    sites: Mapping[int, Site], at_sites: Mapping[int, _Group], mobile: set[int]
) -> charts.SiteMap | None:
    """The map; none where there is nothing to compare."""
    if len(sites) < 2:
        return None
    pins = [
        _pin(site, at_sites[key].total if key in at_sites else None, key in mobile)
        for key, site in sites.items()
    ]
    # Labels are placed in this order: the lowest first.
    pins.sort(key=lambda pin: ("321".find(pin.level) if pin.level in ("3", "2", "1") else 3, pin.name))  # fmt: skip
    low = [f"{pin.name} {pin.words}" for pin in pins if pin.label]
    desc = f"Below target: {'; '.join(low)}." if low else "Every site meets its target."
    return charts.site_map(
        title=f"Map of the {len(pins)} sites, static and mobile, by coverage", desc=desc, sites=pins
    )


def _pin(site: Site, found: Aimed | None, is_mobile: bool) -> charts.Site:
    share = found.adjusted if found else Share(0, 0)
    level = charts.level_of(share.numerator, share.denominator, found.target if found else 90)
    if found and found.is_met and share.denominator:
        level = "met"
    # Rounded as the heat map rounds: beside one another the two say the same, and no number contradicts its colour.
    cell = charts.HeatCell(share.numerator, share.denominator)
    percent = f"{cell.words} %" if share.denominator else "nobody counted"
    first = site.name.split(" (")[0].removesuffix(" Hospital").removesuffix(" University")
    return charts.Site(
        name=site.name,
        latitude=float(site.latitude),
        longitude=float(site.longitude),
        mobile=is_mobile,
        level=level,
        label=f"{first} {percent}" if level in ("1", "2", "3") else "",
        words=f"{share.numerator} of {share.denominator}, {percent}"
        if share.denominator
        else percent,
    )
