"""The gallery, the page that all extend, and the lean files that they fetch."""

import re
from pathlib import Path
from typing import cast

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from school.core.views import ExampleForm, gallery_context
from tests.core.markup import Page

STATIC = Path(__file__).resolve().parents[2] / "static"


def gallery_page() -> Page:
    context = gallery_context() | {"request": RequestFactory().get("/?state=awaiting")}
    return Page(render_to_string("core/gallery.html", context))


def test_gallery_has_nothing_inline() -> None:
    page = gallery_page()
    assert [
        tag
        for tag, attrs in page.tags
        if tag == "style" or (tag == "script" and "src" not in attrs)
    ] == []
    assert [
        attrs
        for _, attrs in page.tags
        if any(name == "style" or name.startswith("on") for name in attrs)
    ] == []


def test_gallery_gives_each_id_once() -> None:
    ids = gallery_page().values("id")
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "attribute", ["for", "aria-labelledby", "aria-describedby", "aria-controls", "data-tally"]
)
def test_gallery_points_only_to_what_is_there(attribute: str) -> None:
    page = gallery_page()
    pointed = {name for value in page.values(attribute) for name in value.split()}
    assert pointed
    # The design system's script makes this one from the words under the text box.
    assert pointed - set(page.values("id")) == set()


def test_summary_of_the_gallery_leads_to_controls() -> None:
    page = gallery_page()
    targets = {href[1:] for href in page.values("href") if href.startswith("#") and len(href) > 1}
    assert targets - set(page.values("id")) == set()


def test_title_begins_with_error_when_the_form_has_one() -> None:
    page = Template('{% extends "base.html" %}{% block title %}Log a shift{% endblock %}')
    assert (
        Page(page.render(Context({"form": ExampleForm({})}))).title
        == "Error: Log a shift – School of Oncology"
    )
    assert (
        Page(page.render(Context({"form": ExampleForm()}))).title
        == "Log a shift – School of Oncology"
    )
    assert (
        Page(page.render(Context({"has_errors": True}))).title
        == "Error: Log a shift – School of Oncology"
    )


def test_header_of_a_visitor_offers_to_sign_in() -> None:
    made = render_to_string("404.html")
    assert ">Sign in</a>" in made
    assert ">Sign out</button>" not in made


def test_header_of_a_person_names_them_and_their_hat() -> None:
    chrome = {
        "person_name": "Dilys Sampleby", "hat": "Practice educator",
        "nav": [{"label": "Inbox", "url": "/inbox/", "current": True, "count": 7}],
    }  # fmt: skip
    made = render_to_string("404.html", {"chrome": chrome})
    assert 'Dilys Sampleby<span class="soo-who__hat">Practice educator</span>' in made
    assert ('<a href="/inbox/" aria-current="page">Inbox<span class="soo-count">7'
            '<span class="nhsuk-u-visually-hidden"> waiting</span></span></a>') in made  # fmt: skip
    assert ">Sign out</button>" in made


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "refused.html"]
)
def test_error_page_needs_nothing_from_the_request(name: str) -> None:
    page = Page(render_to_string(name))
    assert [tag for tag, _ in page.tags].count("h1") == 1


def test_vendored_style_fetches_nothing() -> None:
    style = (STATIC / "vendor/nhsuk-frontend/nhsuk-frontend.css").read_text("utf-8")
    assert [
        word
        for word in ("url(", "@import", "@charset", "sourceMappingURL", "\ufeff")
        if word in style
    ] == []


def test_scripts_name_no_other_host_and_no_map() -> None:
    for script in STATIC.rglob("*.js"):
        text = script.read_text("utf-8")
        assert [word for word in ("://", "sourceMappingURL", "eval(") if word in text] == [], (
            script.name
        )


def test_own_style_fetches_only_the_font() -> None:
    style = (STATIC / "css/soo.css").read_text("utf-8")
    assert re.findall(r"url\(([^)]*)\)", style) == ['"../vendor/inter/inter-latin.woff2"']


def test_every_class_of_our_own_has_a_rule() -> None:
    style = (STATIC / "css/soo.css").read_text("utf-8")
    ruled = set(re.findall(r"\.(soo-[a-z0-9_-]+)", style))
    # These carry no look of their own: the columns of a heat map with eight, and states in the plain ink.
    plain = {"soo-heat--8", "soo-state--plain"}
    used = {
        name
        for value in gallery_page().values("class")
        for name in value.split()
        if name.startswith("soo-")
    }
    assert used - ruled - plain == set()


def test_gallery_reads_its_forms_without_their_errors_leaking() -> None:
    context = gallery_context()
    assert [
        bool(cast(forms.Form, context[name]).errors) for name in ("filled_form", "wrong_form")
    ] == [False, True]
