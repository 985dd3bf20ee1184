"""What an answer writes into the log: nothing when it is ordinary, the traceback when something broke."""

import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST

from school.urls import urlpatterns as portal


@login_not_required
def refuses(request: HttpRequest) -> HttpResponse:
    """Not for this viewer."""
    raise PermissionDenied


@login_not_required
def breaks(request: HttpRequest) -> HttpResponse:
    """Something broke."""
    raise RuntimeError("broken")


@login_not_required
@require_POST
def takes_posts(request: HttpRequest) -> HttpResponse:
    """Only for forms."""
    return HttpResponse()


urlpatterns = [
    path("refuses/", refuses),
    path("breaks/", breaks),
    path("takes-posts/", takes_posts),
    *portal,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.test_logging")]


@pytest.mark.parametrize(
    ("address", "status"), [("/refuses/", 403), ("/no-such-page/", 404), ("/takes-posts/", 405)]
)
def test_ordinary_answer_writes_nothing(
    caplog: pytest.LogCaptureFixture, address: str, status: int
) -> None:
    assert Client().get(address).status_code == status
    assert caplog.records == []


def test_broken_page_writes_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    assert Client(raise_request_exception=False).get("/breaks/").status_code == 500
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("django.request", logging.ERROR)
    assert record.exc_info
    assert record.exc_info[0] is RuntimeError
