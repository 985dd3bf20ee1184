"""Where: organisations, sites, scanners, and the scopes that roles are granted on."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from school.core.models import Fact


class Scope(models.Model):
    """What a role reaches: the network, a region, an organisation, a site, a programme or a cohort."""

    class Kind(models.TextChoices):
        """The sizes of a scope."""

        NETWORK = "network", "the network"
        REGION = "region", "region"
        ORGANISATION = "organisation", "organisation"
        SITE = "site", "site"
        PROGRAMME = "programme", "programme"
        COHORT = "cohort", "cohort"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", on_delete=PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="network"), name="people_scope_one_network"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(kind="region"), name="people_scope_region_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="network", parent=None) | (~Q(kind="network") & ~Q(parent=None)),
                name="people_scope_network_is_root",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A trust, university or other provider."""

    class Kind(models.TextChoices):
        """What sort of organisation it is."""

        TRUST = "trust", "NHS trust"
        UNIVERSITY = "university", "university"
        PROVIDER = "provider", "provider"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    scope = models.OneToOneField(Scope, on_delete=PROTECT, related_name="organisation")
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=200, unique=True)
    code = models.CharField(max_length=10, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="people_organisation_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A placement and imaging site. The network's region and NHS England's differ; a report names which it uses."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    scope = models.OneToOneField(Scope, on_delete=PROTECT, related_name="site")
    organisation = models.ForeignKey(Organisation, on_delete=PROTECT, related_name="sites")
    name = models.CharField(max_length=200, unique=True)
    official_name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    postcode = models.CharField(max_length=10)
    latitude = models.DecimalField(max_digits=9, decimal_places=6)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    network_region = models.CharField(max_length=60)
    nhs_region = models.CharField(max_length=60)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SiteCode(models.Model):
    """A site's code in the NHS's organisation data; codes change when trusts merge, so each has dates."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=10)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="people_sitecode_once"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(starts=None) | Q(ends__gte=F("starts")),
                name="people_sitecode_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MailDomain(models.Model):
    """A mail domain that a site has listed: only there may a link for confirming hours be sent."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="mail_domains")
    domain = models.CharField(max_length=200)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint("site", Lower("domain"), name="people_maildomain_once"),
            models.CheckConstraint(
                condition=~Q(domain__contains="@"), name="people_maildomain_is_no_address"
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class MobileUnit(models.Model):
    """A scanner on a trailer that goes from site to site."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60, unique=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UnitStay(models.Model):
    """A mobile unit stands at a site from one day to another; it is at one site at a time."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(MobileUnit, on_delete=PROTECT, related_name="stays")
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="unit_stays")
    starts = models.DateField()
    ends = models.DateField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="people_unitstay_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} at {self.site}"


class ScannerTerm(Fact):
    """Which kind of scanner a site has over an interval (the entry's about dates). In the network's book."""

    KIND = "people.scanner_term"
    PAYLOAD = {1: ("site__uuid", "scanner_kind", "supersedes__entry__uuid")}

    class Kind(models.TextChoices):
        """A scanner that stays, or one that comes on a trailer."""

        STATIC = "static", "static"
        MOBILE = "mobile", "mobile"

    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="scanner_terms")
    scanner_kind = models.CharField(max_length=10, choices=Kind)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
