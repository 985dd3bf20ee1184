"""Reads the tags of a page, for tests of what was rendered."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The tags of a page with their attributes, and its title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.title = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        # A drawing has a title of its own; the first one is the page's.
        self._inside = tag if not self.title else ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title, self._inside = data, ""

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] for _, attrs in self.tags if attribute in attrs]
