"""The parts of pages about teaching: what each refuses, and what a page shows of them."""

from datetime import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document

from cms.policies import Access
from cms.teaching_blocks import Call, CourseBody, KnowledgeCheck, MaterialBody, Video
from tests.cms.making import make_material, make_page
from tests.cms.test_models import text
from tests.courses.making import make_event


def kept(name: str) -> Document:
    """A document as the editor keeps it."""
    return Document.objects.create(title=name, file=ContentFile(b"x", name))


def refused(block: Any, value: dict[str, Any]) -> list[str]:
    """Which parts of a block are refused."""
    try:
        block.clean(block.normalize(value))
    except ValidationError as error:
        return sorted(error.block_errors)  # type: ignore[attr-defined]
    return []


WORDS = "<p>A hand is raised.</p>"


@pytest.mark.parametrize(
    ("file", "captions", "link", "wrong"),
    [
        ("", "", "https://video.example/1", []),
        ("film.mp4", "film.vtt", "", []),
        ("film.mp4", "", "", ["captions"]),
        ("film.mp4", "film.pdf", "", ["captions"]),
        ("film.pdf", "film.vtt", "", ["file"]),
        ("", "", "", ["file"]),
        ("film.mp4", "film.vtt", "https://video.example/1", ["file"]),
    ],
)
def test_video_has_one_source_and_captions(
    db: None, file: str, captions: str, link: str, wrong: list[str]
) -> None:
    value = {
        "title": "Lying still",
        "file": kept(file) if file else None,
        "captions": kept(captions) if captions else None,
        "link": link,
        "transcript": WORDS,
    }
    assert refused(Video(), value) == wrong


def test_video_without_its_words_is_refused() -> None:
    value = {"title": "Lying still", "link": "https://video.example/1", "transcript": "",
             "file": None, "captions": None}  # fmt: skip
    assert refused(Video(), value) == ["transcript"]


def test_call_to_action_leads_to_one_place() -> None:
    assert refused(Call(), {"text": "Go on", "page": None, "link": ""}) == ["page"]
    assert refused(Call(), {"text": "Go on", "page": None, "link": "https://x.example/"}) == []


def test_outcomes_of_a_course_are_not_written_twice() -> None:
    own = set(MaterialBody().child_blocks) - set(CourseBody().child_blocks)
    assert own == {"check", "outcomes"}


def test_page_shows_every_part_and_asks_no_other_site(pages: None, client: Client) -> None:
    film, captions = kept("film.mp4"), kept("film.vtt")
    video = {
        "title": "Lying still",
        "link": "",
        "transcript": WORDS,
        "file": film,
        "captions": captions,
    }
    body = [
        ("text", "<h2>Before</h2><p>Rest.</p>"),
        ("outcomes", ["say what FDG shows"]),
        ("programme", [{"starts": time(9, 30), "ends": time(10), "what": "Welcome", "who": "Greta"}]),
        ("speakers", [{"name": "Ada Moss", "role": "Radiographer", "words": ""}]),
        ("quotation", {"words": "It was still.", "by": "A patient"}),
        ("video", video),
        ("video", video | {"file": None, "captions": None, "link": "https://video.example/1"}),
        ("files", [{"document": film, "title": "The film"}]),
        ("call", {"text": "Book", "page": None, "link": "https://x.example/"}),
        ("expander", {"summary": "Small print", "text": "<p>None.</p>"}),
        ("inset", "<p>Remember.</p>"),
        ("warning", {"title": "Metal", "text": "Leave it outside."}),
    ]  # fmt: skip
    page = make_material(make_page(make_event()), Access.OPEN, body)
    words = text(client, page.url)
    for shown in (
        "Rest.", "You will be able to say what FDG shows", "09:30 to 10:00 Welcome Greta",
        "Ada Moss Radiographer", "It was still. A patient", "Lying still. Download the video",
        "Watch “Lying still” at video.example", "The video in words A hand is raised.",
        "The film MP4, 1", "Small print None.", "Information: Remember.", "Metal Leave it outside.",
    ):  # fmt: skip
        assert shown in words
    html = client.get(page.url).content.decode()
    assert f'<source src="{film.url}" type="video/mp4"><track kind="captions"' in html
    assert "<iframe" not in html


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ((True, False), []),
        ((True, True, False), []),
        ((False, False), ["answers"]),
        ((True, True), ["answers"]),
        ((True,), ["answers"]),
    ],
)
def test_knowledge_check_has_right_and_wrong_answers(
    right: tuple[bool, ...], wrong: list[str]
) -> None:
    answers = [{"text": f"Answer {n}", "right": one} for n, one in enumerate(right)]
    value = {"question": "Why?", "answers": answers, "feedback": "Because."}
    assert refused(KnowledgeCheck(), value) == wrong


def test_knowledge_check_with_several_right_answers_offers_boxes(
    pages: None, client: Client
) -> None:
    answers = [{"text": f"Answer {n}", "right": n < 2} for n in range(3)]
    value = {"question": "Which?", "answers": answers, "feedback": "Because."}
    page = make_material(make_page(make_event()), Access.OPEN, [("check", value)])
    key = page.body[0].value.key
    body = client.get(page.url).text
    assert body.count('type="checkbox"') == 3
    assert "More than one is right." in body
    assert "That is not right yet." in client.get(f"{page.url}?{key}=0").text
    assert "That is right." in client.get(f"{page.url}?{key}=0&{key}=1").text
