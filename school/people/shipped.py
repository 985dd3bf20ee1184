"""Loads the network's sites that the portal ships with."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from school.people.models import Organisation, Scope, Site, SiteCode
from school.people.network import ensure_organisation, ensure_region

SITES = Path(__file__).parent / "data" / "network_sites.csv"


def load_sites() -> None:
    """Adds the sites that are missing; one that somebody has edited since stays as it is."""
    known = set(Site.objects.values_list("name", flat=True))
    with SITES.open(encoding="utf-8", newline="") as lines:
        missing = [row for row in csv.DictReader(lines) if row["name"] not in known]
    if not missing:
        return
    with transaction.atomic():
        for row in missing:
            organisation = ensure_organisation(
                row["organisation"],
                Organisation.Kind(row["organisation kind"]),
                row["organisation code"],
            )
            ensure_region(row["network region"])
            site = Site.objects.create(
                scope=Scope.objects.create(
                    kind=Scope.Kind.SITE, name=row["name"], parent=organisation.scope
                ),
                organisation=organisation,
                name=row["name"],
                official_name=row["official name"],
                slug=slugify(row["name"]),
                postcode=row["postcode"],
                latitude=row["latitude"],
                longitude=row["longitude"],
                network_region=row["network region"],
                nhs_region=row["NHS region"],
            )
            if row["code"]:
                SiteCode.objects.create(site=site, code=row["code"])
            if row["previous code"]:
                SiteCode.objects.create(
                    site=site,
                    code=row["previous code"],
                    ends=date.fromisoformat(row["previous code until"]),
                )
