"""Signing by who is not signed in: behind a link, or on the student's phone by a code or a PIN. Each is the one act `sign`."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import transaction

from logbooks.competencies import signing_rules as rules
from logbooks.competencies import telling
from logbooks.competencies.actions import links, pins
from logbooks.competencies.actions.asking import rule_own_log_book
from logbooks.competencies.actions.signing import WORDINGS, Signing, sign
from logbooks.competencies.models import SigningLink, SignOff
from logbooks.competencies.signing_rules import Item, Said
from placements import reference
from placements.models import Placement
from school.core.errors import DomainError
from school.people import link_codes
from school.people.models import Person

Proof = SignOff.Proof


def sign_by_link(*, link: SigningLink, items: Sequence[Item], said: Said) -> Signing:
    """Signs as the link's person, who has just proved the link's code. Raises DomainError as `sign` does, and when the link is closed."""
    links.rule_usable(link)
    return _sign(link.placement, link.person, items, said, Proof.LINK_AND_CODE)


def send_phone_code(
    *,
    by: Person,
    placement: Placement,
    assessor: Person,
    address: str,
    items: Sequence[Item],
    said: Said,
) -> None:
    """Sends whoever was asked the code for exactly these lines and words. Raises DomainError with the form's field."""
    rule_own_log_book(by, placement.enrolment)
    _demand_way(placement, Proof.PHONE_CODE)
    links.rule_asked_here(placement, items)
    rules.rule_words(said)
    links.send_phone_code(
        by=by,
        placement=placement,
        assessor=assessor,
        address=address,
        about=links.about(items, said),
        words=telling.phone_code_words(placement, [row.competency for row in items], said.outcome),
    )


def sign_by_phone_code(
    *,
    by: Person,
    placement: Placement,
    assessor: Person,
    items: Sequence[Item],
    said: Said,
    code: str,
) -> Signing:
    """Signs as whoever was asked, who read the lines on the student's phone and typed the code sent to them there.

    The code is used up with what it signs; what signs nothing leaves it. Raises DomainError with the field "secret".
    """
    rule_own_log_book(by, placement.enrolment)

    def signed() -> Signing:
        link = links.phone_link(placement, assessor)
        if link is None:
            raise DomainError("Send a code first.", field="secret")
        about = links.about(items, said)
        links.rule_unchanged(link, about)
        try:
            link_codes.check(link=link, code=code, about=about)
        except DomainError as error:
            error.field = "secret"
            raise
        return _sign(placement, assessor, items, said, Proof.PHONE_CODE, link)

    return _once(assessor, items, said, Proof.PHONE_CODE, signed)


def sign_by_pin(
    *,
    by: Person,
    placement: Placement,
    assessor: Person,
    items: Sequence[Item],
    said: Said,
    pin: str,
) -> Signing:
    """Signs as whoever was asked, who read the lines on the student's phone and typed their PIN there. Raises DomainError with the field "secret"."""
    rule_own_log_book(by, placement.enrolment)

    def signed() -> Signing:
        _demand_way(placement, Proof.PIN)
        links.rule_still_here(assessor)
        pins.check_pin(assessor=assessor, pin=pin)
        return _sign(placement, assessor, items, said, Proof.PIN)

    return _once(assessor, items, said, Proof.PIN, signed)


def _once(
    assessor: Person,
    items: Sequence[Item],
    said: Said,
    proof: SignOff.Proof,
    signed: Callable[[], Signing],
) -> Signing:
    """What `signed` gives; the same press again hears the first answer, though its code is used up by then."""
    uuids = [row.uuid for row in items]
    again = links.signed_before(assessor, uuids)
    if not again:
        try:
            return signed()
        except DomainError:
            again = links.signed_before(assessor, uuids)
            if not again:
                raise
    # Writes nothing: every line stands already, or is refused as another content of the same.
    return sign(by=assessor, items=items, said=replace(said, proof=proof))


def _sign(
    placement: Placement,
    assessor: Person,
    items: Sequence[Item],
    said: Said,
    proof: SignOff.Proof,
    link: SigningLink | None = None,
) -> Signing:
    """Signs, tells whose name it is in, and uses up the code of a link: all of it or nothing."""
    links.rule_asked_here(placement, items)
    links.rule_still_here(assessor)
    # Kept before anything that may be rolled back, since the sentence is remembered after its first use.
    reference.wording(WORDINGS[said.outcome])
    with transaction.atomic():
        answer = sign(by=assessor, items=items, said=replace(said, proof=proof))
        if answer.signed:
            telling.signed_unseen(answer.signed)
            if link is not None:
                link_codes.spend(link)
    return answer


def _demand_way(placement: Placement, proof: SignOff.Proof) -> None:
    verdict = rules.rule_way_allowed(rules.rules_of(placement.enrolment), proof)
    if not verdict:
        raise DomainError(verdict.reason)
