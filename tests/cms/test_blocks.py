"""A picture does not go without its words."""

import pytest
from django.core.exceptions import ValidationError

from cms.blocks import Contact, Described, PageBody, SiteBody


def test_picture_without_words_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        Described().clean(Described().to_python({"image": None, "alternative": ""}))
    assert sorted(refused.value.block_errors) == ["alternative", "image"]


def test_contact_is_a_mailbox() -> None:
    block = Contact()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({"role": "Lead for students", "mailbox": "ask at the desk"}))
    assert sorted(refused.value.block_errors) == ["mailbox"]


@pytest.mark.parametrize("body", [PageBody(), SiteBody()])
def test_prose_offers_neither_bare_pictures_nor_embeds(body: PageBody | SiteBody) -> None:
    offered = {
        feature
        for block in body.child_blocks.values()
        for feature in getattr(block, "features", None) or []
    }
    assert offered <= {"h2", "h3", "bold", "ol", "ul", "link"}


def test_site_body_has_each_section_once() -> None:
    block = SiteBody()
    twice = block.to_python([{"type": "parking", "value": "<p>None.</p>"}] * 2)
    with pytest.raises(ValidationError):
        block.clean(twice)
