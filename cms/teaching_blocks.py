"""The parts that pages about courses, events and learning material are made of."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock

from cms.blocks import PROSE, SHORT_PROSE, Described, Notice

PLAYED = {"mp4": "video/mp4", "webm": "video/webm"}


class Moment(blocks.StructBlock):
    """A line of the day's programme."""

    starts = blocks.TimeBlock(label="From")
    ends = blocks.TimeBlock(label="To", required=False)
    what = blocks.CharBlock(max_length=150)
    who = blocks.CharBlock(max_length=150, required=False, help_text="Who leads it.")

    class Meta:
        icon = "time"


class Speaker(blocks.StructBlock):
    """Somebody who speaks."""

    name = blocks.CharBlock(max_length=100)
    role = blocks.CharBlock(max_length=150, help_text="For example “Consultant radiographer”.")
    words = blocks.TextBlock(rows=2, required=False, label="About them")

    class Meta:
        icon = "user"


class Quotation(blocks.StructBlock):
    """Somebody's own words."""

    words = blocks.TextBlock(rows=3)
    by = blocks.CharBlock(max_length=150, label="Who says it")

    class Meta:
        icon = "openquote"
        template = "cms/blocks/quotation.html"


class VideoValue(blocks.StructValue):
    """A video with what its template asks of it."""

    @property
    def kind(self) -> str:
        """The file's media type."""
        return PLAYED[self["file"].file_extension.lower()]

    @property
    def host(self) -> str:
        """Whose site a link leads to."""
        return urlsplit(self["link"]).hostname or ""


class Video(blocks.StructBlock):
    """A video of our own, with captions, or a link to one elsewhere; always with its words written out.

    Nothing of another site is shown in the page.
    """

    title = blocks.CharBlock(max_length=150)
    file = DocumentChooserBlock(required=False, help_text="An .mp4 or .webm of our own.")
    captions = DocumentChooserBlock(required=False, help_text="The captions of the file, as .vtt.")
    link = blocks.URLBlock(required=False, help_text="Or the address of a video elsewhere.")
    transcript = blocks.RichTextBlock(
        features=SHORT_PROSE,
        label="In words",
        help_text="What is said and what is shown, for who cannot hear or see it.",
    )

    class Meta:
        icon = "media"
        template = "cms/blocks/video.html"
        value_class = VideoValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {}
        file, captions = cleaned["file"], cleaned["captions"]
        if bool(file) == bool(cleaned["link"]):
            errors["file"] = ValidationError("Choose a file, or enter a link; one of the two.")
        elif file and file.file_extension.lower() not in PLAYED:
            errors["file"] = ValidationError("A video is an .mp4 or a .webm file.")
        elif file and (captions is None or captions.file_extension.lower() != "vtt"):
            errors["captions"] = ValidationError("Choose the captions of this video, a .vtt file.")
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


class File(blocks.StructBlock):
    """A document to take away; who may read the page may have it."""

    document = DocumentChooserBlock()
    title = blocks.CharBlock(
        max_length=150, required=False, help_text="The document’s own title unless you write one."
    )

    class Meta:
        icon = "doc-full"


class Call(blocks.StructBlock):
    """The one thing to do next, as a button: a page of ours or an address."""

    text = blocks.CharBlock(max_length=60)
    page = blocks.PageChooserBlock(required=False)
    link = blocks.URLBlock(required=False)

    class Meta:
        icon = "link"
        label = "Call to action"
        template = "cms/blocks/call.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["link"]):
            wrong = ValidationError("Choose a page, or enter a link; one of the two.")
            raise StructBlockValidationError(block_errors={"page": wrong})
        return cleaned


class Expander(blocks.StructBlock):
    """Something that few need to read, behind its heading."""

    summary = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=SHORT_PROSE)

    class Meta:
        icon = "collapse-down"
        template = "cms/blocks/expander.html"


class Reply(blocks.StructBlock):
    """An answer that a knowledge check offers."""

    text = blocks.CharBlock(max_length=200)
    right = blocks.BooleanBlock(required=False, label="This is right")

    class Meta:
        icon = "tick"


class CheckValue(blocks.StructValue):
    """A knowledge check, with the name under which its page is asked about it."""

    @property
    def key(self) -> str:
        """The same as long as its words are the same."""
        words = "\n".join([self["question"], *(reply["text"] for reply in self["answers"])])
        return f"check-{hashlib.sha256(words.encode()).hexdigest()[:8]}"

    @property
    def right(self) -> set[str]:
        """The places of the right answers."""
        return {str(n) for n, reply in enumerate(self["answers"]) if reply["right"]}


class KnowledgeCheck(blocks.StructBlock):
    """A question to look back at what was read: answered on the page, and kept nowhere."""

    question = blocks.CharBlock(max_length=300)
    answers = blocks.ListBlock(Reply(), min_num=2, max_num=6)
    feedback = blocks.TextBlock(
        rows=2, help_text="Said once it is answered, rightly or not: why the right answer is right."
    )

    class Meta:
        icon = "help"
        label = "Knowledge check"
        template = "cms/blocks/check.html"
        value_class = CheckValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not 0 < len(cleaned.right) < len(cleaned["answers"]):
            wrong = ValidationError("Mark what is right; one answer at least is wrong.")
            raise StructBlockValidationError(block_errors={"answers": wrong})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """What the page's address says was chosen; the other checks of the page keep theirs."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        asked = context["request"].GET
        chosen = set(asked.getlist(value.key))
        state = ""
        if chosen:
            state = "right" if chosen == value.right else "wrong"
        elif asked.get("check") == value.key:
            state = "missing"
        return context | {
            "kind": "checkbox" if len(value.right) > 1 else "radio",
            "replies": [
                {"place": str(n), "text": reply["text"], "chosen": str(n) in chosen}
                for n, reply in enumerate(value["answers"])
            ],
            "state": state,
            "others": [
                (name, answer)
                for name in asked
                if name.startswith("check-") and name != value.key
                for answer in asked.getlist(name)
            ],
        }


class CourseBody(blocks.StreamBlock):
    """What the teachers of a course add to its record."""

    text = blocks.RichTextBlock(features=PROSE, icon="pilcrow")
    programme = blocks.ListBlock(
        Moment(), label="Programme of the day", icon="time", template="cms/blocks/programme.html"
    )
    speakers = blocks.ListBlock(Speaker(), icon="group", template="cms/blocks/speakers.html")
    quotation = Quotation()
    image = Described()
    video = Video()
    files = blocks.ListBlock(File(), icon="doc-full", template="cms/blocks/files.html")
    call = Call()
    expander = Expander()
    inset = blocks.RichTextBlock(
        features=SHORT_PROSE, icon="indent", label="Inset", template="cms/blocks/inset.html"
    )
    warning = Notice(label="Warning")

    class Meta:
        # One solid button a page.
        block_counts = {"call": {"max_num": 1}}


class MaterialBody(CourseBody):
    """The same with knowledge checks, and outcomes of its own: those of a course stand in its record."""

    check = KnowledgeCheck()
    outcomes = blocks.ListBlock(
        blocks.CharBlock(max_length=200),
        label="Learning outcomes",
        icon="tick",
        template="cms/blocks/outcomes.html",
    )
