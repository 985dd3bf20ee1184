"""A row's form sent twice is one row; another form under its UUID is refused, with everything typed kept."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.urls import reverse

from placements.actions import adjusting, arranging, audits, requesting
from placements.models import PlaceOffer, Stage
from school.core import clock
from school.core.errors import Conflict
from school.people import units
from school.people.models import Person, Site
from tests import factories as make
from tests.placements.browsers import browser

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def stage() -> Stage:
    return Stage.objects.get(version=make.make_network(), year=3)


@pytest.fixture
def elm(stage: Stage) -> Site:
    return make.make_site("Elm Hospital")


@pytest.fixture
def esme(stage: Stage) -> Person:
    return make.make_coordinator("Esme Elder")


def ahead(days: int) -> date:
    return clock.today() + timedelta(days=days)


Save = Callable[..., Model]


def offer(by: Person, site: Site, stage: Stage) -> tuple[Save, dict[str, Any], dict[str, Any]]:
    first = {"by": by, "site": site, "stage": stage, "starts": ahead(1), "ends": ahead(9), "places": 2}  # fmt: skip
    return arranging.offer_places, first, {"places": 3}


def request(by: Person, site: Site, stage: Stage) -> tuple[Save, dict[str, Any], dict[str, Any]]:
    _, first, _ = offer(by, site, stage)
    return requesting.ask_for_places, {**first, "words": "Soon"}, {"words": "Later"}


def action(by: Person, site: Site, stage: Stage) -> tuple[Save, dict[str, Any], dict[str, Any]]:
    audit = arranging.record_audit(by=by, site=site, day=clock.today(), uuid=uuid4())
    first = {"by": by, "audit": audit, "what": "A badge", "due": ahead(9)}
    return audits.ask_for_action, first, {"due": ahead(8)}


def proposal(by: Person, site: Site, stage: Stage) -> tuple[Save, dict[str, Any], dict[str, Any]]:
    first = {"by": by, "enrolment": make.make_student(), "stage": stage, "minutes": 60, "reason": "Lost"}  # fmt: skip
    return adjusting.propose_adjustment, first, {"minutes": 90}


def stay(by: Person, site: Site, stage: Stage) -> tuple[Save, dict[str, Any], dict[str, Any]]:
    unit = units.named_unit(name="PET-3", by=by)
    first = {"by": by, "unit": unit, "site": site, "starts": ahead(1), "ends": ahead(9)}
    return units.record_stay, first, {"ends": ahead(8)}


@pytest.mark.parametrize("kind", [offer, request, action, proposal, stay])
def test_row_sent_again_is_the_first_and_other_content_is_refused(
    kind: Callable[..., tuple[Save, dict[str, Any], dict[str, Any]]],
    esme: Person,
    elm: Site,
    stage: Stage,
) -> None:
    save, first, other = kind(esme, elm, stage)
    uuid = uuid4()
    row, again = save(uuid=uuid, **first), save(uuid=uuid, **first)
    assert row == again
    with pytest.raises(Conflict):
        save(uuid=uuid, **first | other)
    assert type(row)._default_manager.filter(uuid=uuid).count() == 1


def test_row_sent_again_after_it_was_changed_is_still_the_first(
    esme: Person, elm: Site, stage: Stage
) -> None:
    save, first, _ = offer(esme, elm, stage)
    uuid = uuid4()
    made = save(uuid=uuid, **first)
    arranging.change_offer(by=esme, offer=made, starts=ahead(1), ends=ahead(9), places=5)  # type: ignore[arg-type]
    assert save(uuid=uuid, **first) == made
    assert PlaceOffer.objects.get(uuid=uuid).places == 5


def test_form_with_other_content_is_refused_with_everything_typed(
    esme: Person, elm: Site, stage: Stage
) -> None:
    client, address = browser(esme), reverse("add_offer", args=[elm.uuid])
    before = PlaceOffer.objects.count()
    typed = {"stage": str(stage.uuid), "places": "2", "uuid": str(uuid4())} | {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in (("starts", ahead(1)), ("ends", ahead(9)))
        for part in ("day", "month", "year")
    }
    assert client.post(address, typed).status_code == 302
    answer = client.post(address, typed | {"places": "77"})
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "saved before with other content" in said
    assert 'value="77"' in said
    assert PlaceOffer.objects.count() == before + 1
