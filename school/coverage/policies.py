"""Who says what training is required, and who sees which figures and whose names."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from school.core.decision import ALLOWED, Decision, refused
from school.coverage import states
from school.coverage.models import Publication, Report
from school.people.middleware import Viewer
from school.people.models import Person, Scope, Site
from school.people.queries import Hat, grants, scopes_with, sites_in
from school.people.roles import ROLES, Permission

REFUSAL = "Only a workforce manager of the whole network says what training is required."
UNSEEN = "Only workforce managers, site leads and those who read reports see training coverage."


def asking_hats(viewer: Viewer) -> list[Hat]:
    """The viewer's roles that let them say what is required."""
    return those_who_ask(viewer.hats)


def those_who_ask(held: list[Hat]) -> list[Hat]:
    """Of some roles those that let somebody say what is required: of the whole network, since a rule may reach everybody."""
    wanted = {Permission.IMPORT_RECORDS, Permission.SEE_STAFF_RECORDS}
    return [
        hat
        for hat in held
        if hat.scope.kind == Scope.Kind.NETWORK and wanted <= hat.role.permissions
    ]


def may_ask(viewer: Viewer) -> Decision:
    """Whether the viewer says what training is required."""
    return ALLOWED if asking_hats(viewer) else refused(REFUSAL)


def may_exempt(held: list[Hat], me: Collection[int], person: Person) -> Decision:
    """Whether roles let somebody, who is `me`, say that a person is exempt: they see the people of a site of theirs."""
    names = _sites(held, Permission.SEE_TRAINING)
    if names == frozenset():
        return refused(UNSEEN)
    if person.pk in me:
        return refused("This is about yourself. Somebody else decides about it.")
    if names is None or names & states.posts_of(person.pk):
        return ALLOWED
    return refused("This person has no post at a site whose people you see.")


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees of training coverage: the figures of sites, and of some sites their people by name.

    None means every site, those to come too.
    """

    figures: frozenset[int] | None
    names: frozenset[int] | None

    @property
    def has_names(self) -> bool:
        """Whether they see anybody by name."""
        return self.names is None or bool(self.names)

    @property
    def sites(self) -> tuple[int, ...]:
        """The sites for a question of figures; empty where it is of all."""
        return () if self.figures is None else tuple(sorted(self.figures))

    @property
    def named_sites(self) -> tuple[int, ...]:
        """The sites for a question of people; empty where it is of all."""
        return () if self.names is None else tuple(sorted(self.names))

    def of(self, site: int) -> bool:
        """Whether they see the figures of a site."""
        return self.figures is None or site in self.figures

    def names_at(self, site: int) -> bool:
        """Whether they see the people of a site."""
        return self.names is None or site in self.names


def sight(viewer: Viewer) -> Sight | None:
    """What the viewer sees of training coverage; none for who sees nothing of it."""
    return sight_of(viewer.hats)


def sight_of(hats: list[Hat]) -> Sight | None:
    """What roles let somebody see of training coverage; none where it is nothing."""
    names = _sites(hats, Permission.SEE_TRAINING)
    figures = _sites(hats, Permission.SEE_AGGREGATES)
    if figures is not None and names is not None:
        figures |= names
    else:
        figures = None
    found = Sight(figures, names)
    return None if found == Sight(frozenset(), frozenset()) else found


def sites_seen(viewer: Viewer) -> QuerySet[Site]:
    """The sites whose figures the viewer sees."""
    return seen(sight(viewer), named=False)


def sites_named(viewer: Viewer) -> QuerySet[Site]:
    """The sites whose people the viewer sees by name."""
    return _held(scopes_with(viewer.hats, Permission.SEE_TRAINING))


def seen(found: Sight | None, *, named: bool) -> QuerySet[Site]:
    """The sites of which somebody sees the figures, or the people by name."""
    if found is None:
        return Site.objects.none()
    keys = found.names if named else found.figures
    return Site.objects.all() if keys is None else Site.objects.filter(pk__in=keys)


def _sites(hats: list[Hat], permission: Permission) -> frozenset[int] | None:
    """The sites that scopes with a permission hold; none where it is the whole network."""
    scopes = scopes_with(hats, permission)
    if any(scope.kind == Scope.Kind.NETWORK for scope in scopes):
        return None
    return frozenset(_held(scopes).values_list("pk", flat=True)) if scopes else frozenset()


def _held(scopes: list[Scope]) -> QuerySet[Site]:
    """The sites that scopes hold."""
    if any(scope.kind == Scope.Kind.NETWORK for scope in scopes):
        return Site.objects.all()
    condition = Q(pk__in=[])
    for scope in scopes:
        condition |= Q(pk__in=sites_in(scope).values("pk"))
    return Site.objects.filter(condition)


UNPUBLISHED = "Only those who see training coverage of the whole network draft and publish reports."


def publishing_hats(held: list[Hat]) -> list[Hat]:
    """The roles that let somebody draft, check and publish reports: of the whole network, with names."""
    return [
        hat
        for hat in held
        if hat.scope.kind == Scope.Kind.NETWORK and Permission.SEE_TRAINING in hat.role.permissions
    ]


def may_publish(viewer: Viewer) -> Decision:
    """Whether the viewer drafts, checks and publishes reports."""
    return ALLOWED if publishing_hats(viewer.hats) else refused(UNPUBLISHED)


def checkers() -> QuerySet[Person]:
    """Who drafts, checks and publishes reports."""
    roles = [role.key for role in ROLES.values() if Permission.SEE_TRAINING in role.permissions]
    held = grants().filter(role__in=roles, scope__kind=Scope.Kind.NETWORK)
    return Person.objects.filter(pk__in=held.values("person"))


def publications(viewer: Viewer) -> QuerySet[Publication]:
    """What was published, of sites all of whose figures the viewer sees."""
    rows: QuerySet[Publication] = Publication.objects.all()
    found = sight(viewer)
    if found is None:
        return rows.none()
    if found.figures is None:
        return rows
    unseen = Site.objects.exclude(pk__in=found.figures)
    return rows.filter(report__sites__isnull=False).exclude(report__sites__in=unseen).distinct()


def readers(report: Report) -> QuerySet[Person]:
    """Who may see what is published of a report: of the network, or of all its sites."""
    roles = [
        role.key
        for role in ROLES.values()
        if role.permissions & {Permission.SEE_TRAINING, Permission.SEE_AGGREGATES}
    ]
    held = grants().filter(role__in=roles)
    mine = Q(pk__in=held.filter(scope__kind=Scope.Kind.NETWORK).values("person"))
    scopes = list(report.sites.values_list("scope", flat=True))
    if scopes:
        every = Q()
        for scope in scopes:
            every &= Q(pk__in=held.filter(scope=scope).values("person"))
        mine |= every
    return Person.objects.filter(mine)
