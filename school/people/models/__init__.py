"""Who and where: accounts, persons, organisations, sites, posts, roles, and the mail they get."""

from school.people.models.accounts import (
    AccessLog,
    AddressChange,
    Invitation,
    Person,
    PersonMerge,
    User,
)
from school.people.models.entitlements import Entitlement
from school.people.models.mail import Mail, MailPreference, RefusedAddress
from school.people.models.places import (
    MailDomain,
    MobileUnit,
    Organisation,
    ScannerTerm,
    Scope,
    Site,
    SiteCode,
    UnitStay,
)
from school.people.models.posts import Absence, JobRole, Post, PostTerm
from school.people.models.rolegrants import RoleGrant

__all__ = [
    "Absence",
    "AccessLog",
    "AddressChange",
    "Entitlement",
    "Invitation",
    "JobRole",
    "Mail",
    "MailDomain",
    "MailPreference",
    "MobileUnit",
    "Organisation",
    "Person",
    "PersonMerge",
    "Post",
    "PostTerm",
    "RefusedAddress",
    "RoleGrant",
    "ScannerTerm",
    "Scope",
    "Site",
    "SiteCode",
    "UnitStay",
    "User",
]
