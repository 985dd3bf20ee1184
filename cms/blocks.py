"""The parts that the bodies of pages are made of."""

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

# No image and no embed: a picture needs its words (ImageBlock), and nothing is fetched from elsewhere.
PROSE = ["h2", "h3", "bold", "ol", "ul", "link"]
SHORT_PROSE = ["bold", "ol", "ul", "link"]


class Described(blocks.StructBlock):
    """A picture with the words that stand for it; there is no picture without them."""

    image = ImageChooserBlock()
    alternative = blocks.CharBlock(
        max_length=250,
        label="In words",
        help_text="What somebody who cannot see the picture needs to know. Do not begin with “Picture of”.",
    )
    caption = blocks.CharBlock(max_length=250, required=False)

    class Meta:
        icon = "image"
        label = "Picture"
        template = "cms/blocks/image.html"


class Notice(blocks.StructBlock):
    """Something to look at before anything else on the page."""

    title = blocks.CharBlock(max_length=120)
    text = blocks.TextBlock(rows=3)

    class Meta:
        icon = "warning"
        template = "cms/blocks/notice.html"


class Door(blocks.StructBlock):
    """A way in from the home page: for whom, what it opens, and the page behind it."""

    title = blocks.CharBlock(max_length=60)
    text = blocks.CharBlock(max_length=250)
    page = blocks.PageChooserBlock(
        required=False, help_text="Without a page, the door leads to signing in."
    )

    class Meta:
        icon = "login"


class Contact(blocks.StructBlock):
    """Whom to write to at a site: a role and its mailbox, so that the page outlives the person."""

    role = blocks.CharBlock(max_length=100, help_text="For example “Lead for students”.")
    mailbox = blocks.EmailBlock(help_text="The role’s own mailbox, not a person’s.")
    telephone = blocks.CharBlock(max_length=30, required=False)

    class Meta:
        icon = "mail"
        template = "cms/blocks/contact.html"


def section(heading: str, help_text: str, icon: str) -> blocks.RichTextBlock:
    """A part of a site's page whose heading is always the same, so that a student finds it at every site."""
    return blocks.RichTextBlock(
        features=SHORT_PROSE,
        label=heading,
        help_text=help_text,
        icon=icon,
        section=True,
    )


class PageBody(blocks.StreamBlock):
    """The body of a plain page."""

    text = blocks.RichTextBlock(features=PROSE, icon="pilcrow")
    notice = Notice()
    image = Described()


class SiteBody(blocks.StreamBlock):
    """What a site tells a student before the first day."""

    bring = section("What to bring", "Clothes, documents, food, a locker’s coin.", "list-ul")
    way = section("How to get there", "From the street to the scanner room.", "arrow-right")
    parking = section("Parking", "Where, what it costs, whether students may.", "pin")
    contact = Contact()
    text = blocks.RichTextBlock(features=PROSE, icon="pilcrow", label="Anything else")
    image = Described()

    class Meta:
        block_counts = {
            "bring": {"max_num": 1},
            "way": {"max_num": 1},
            "parking": {"max_num": 1},
            "contact": {"max_num": 3},
        }


class Doors(blocks.StreamBlock):
    """The ways in from the home page."""

    door = Door()

    class Meta:
        min_num = 1
        max_num = 3
