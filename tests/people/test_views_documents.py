"""The check that is open to everybody: a code however it is typed, the digest of a file, and never the file itself."""

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.placements.test_views_statements import words

pytestmark = pytest.mark.django_db

UNKNOWN = "/verify/7K4M-Q2XD-9TRW-3HNB/"
DIGEST = "0a" * 32


def test_code_is_taken_however_it_is_typed(client: Client) -> None:
    assert client.get("/verify/").status_code == 200
    answer = client.get("/verify/", {"code": "7k4m q2xd-9trw 3hnb"})
    assert (answer.status_code, answer["Location"]) == (302, UNKNOWN)
    short = client.get("/verify/", {"code": "7k4m"})
    assert (short.status_code, "Enter all 16 letters and digits" in words(short)) == (422, True)


def test_digest_is_taken_however_it_is_typed(client: Client) -> None:
    answer = client.get("/verify/", {"digest": f" {DIGEST.upper()} "})
    assert (answer.status_code, answer["Location"]) == (302, f"/verify/{DIGEST}/")
    for typed, said in (("", "Choose the file, or enter its SHA-256"), ("0a", "Enter all 64")):
        for address in ("/verify/", UNKNOWN):
            answer = client.get(address, {"digest": typed})
            assert (answer.status_code, said in words(answer)) == (422, True)


def test_file_that_nobody_knows_is_not_ours(client: Client) -> None:
    said = words(client.get(f"/verify/{DIGEST}/"))
    assert ("is not one that the School issued" in said, DIGEST in said) == (True, False)


def test_page_never_receives_a_file(client: Client) -> None:
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7", "application/pdf")
    for address in ("/verify/", UNKNOWN):
        assert client.post(address, {"file": file}).status_code == 405
        page = client.get(address).content.decode()
        # The box for the file has no name, so no browser sends what is in it.
        box = page.split('type="file"')[1].split(">")[0]
        assert ("name=" in box, 'method="post"' in page) == (False, False)


def test_check_is_limited_for_each_address(client: Client, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "check_document": "3/m/ip"}
    assert [client.get(UNKNOWN).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert Client(REMOTE_ADDR="192.0.2.7").get(UNKNOWN).status_code == 200
