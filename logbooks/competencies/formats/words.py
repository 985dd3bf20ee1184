"""Texts and bytes as they come out of other systems, made plain: encodings, HTML, characters that nothing shows."""

import html
import re
import unicodedata
from collections.abc import Callable
from html.entities import html5
from html.parser import HTMLParser

# Tells of a repair: its name, and what was done.
Tell = Callable[[str, str], None]

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff\u2028\u2029\ud800-\udfff]")
_BLOCKS = frozenset({"p", "div", "br", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})  # fmt: skip
_SILENT = frozenset({"script", "style", "head", "title"})


def decoded(data: bytes, tell: Tell) -> str | None:
    """The text of a file in UTF-8 or UTF-16 with its mark, or in Windows-1252; none when it is in no such encoding."""
    if data.startswith(b"\xef\xbb\xbf"):
        tell("byte-order-mark", "It begins with the mark of UTF-8, which was taken off.")
        data = data[3:]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            return None
        tell("encoding", "It is in UTF-16 and was read as that; files from here are in UTF-8.")
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    tell("encoding", "It is in Windows-1252 and was read as that; files from here are in UTF-8.")
    return text


def has_html(text: str) -> bool:
    """Whether a text holds a tag or a character written as an entity."""
    if _TAG.search(text):
        return True
    return any(name[1] == "#" or name[1:] in html5 for name in _ENTITY.findall(text))


class _Plain(HTMLParser):
    """Collects the words, a line for each block and a dash before each item of a list."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "li":
            self.said.append("\n- ")
        elif tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def without_html(text: str) -> str:
    """The words of a piece of HTML. Until nothing is left to take out: entities may have hidden tags."""
    for _ in range(5):
        if not has_html(text):
            return text
        parser = _Plain()
        parser.feed(text)
        parser.close()
        text = "".join(parser.said)
    # Written to hide: nothing of it that could be a tag or an entity stays.
    return html.unescape(_TAG.sub("", text)).replace("<", "‹").replace("&", "＆")


def cleaned(text: str, tell: Tell, *, lines: bool = False) -> str:
    """A text as the portal keeps it; `lines` lets it have more than one. Tells of all that it changed."""
    plain = text
    if has_html(plain):
        plain = without_html(plain)
        tell("html", "HTML was taken out; its words stay as plain text.")
    if "\r" in plain:
        plain = plain.replace("\r\n", "\n").replace("\r", "\n")
        tell("line-ends", "Line ends of another system were made plain ones.")
    if _CONTROL.search(plain):
        plain = _CONTROL.sub("", plain)
        tell("characters", "Characters that nothing shows were taken out.")
    if not unicodedata.is_normalized("NFC", plain):
        plain = unicodedata.normalize("NFC", plain)
        tell("unicode", "Letters with separate accents were put together.")
    spaced = _lines(plain) if lines else " ".join(plain.split())
    if spaced != plain and not has_html(text):
        tell("spaces", "Spaces and empty lines beyond one were taken out.")
    return spaced


def _lines(text: str) -> str:
    rows = [" ".join(row.split()) for row in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip("\n")


def shortened(text: str, longest: int) -> str:
    """A text cut at a word, with dots, so that it is no longer than may be."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > longest // 2 else head).rstrip() + "…"


def slug(text: str, longest: int) -> str:
    """A code of small letters, digits and hyphens made of a text; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")
