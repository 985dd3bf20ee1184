"""What a visitor sees before signing in, on a phone and on a desktop."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from cms.setup import ensure_pages
from tests.factories import make_network, make_site


def test_visitor_finds_a_site_and_help(
    new_page: Callable[..., Page], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    make_network()
    make_site("Freeman Hospital")
    ensure_pages()
    page = new_page(size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert len(asked) < 12, asked
    expect(page.get_by_role("heading", name="Three years of placements")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Find a placement site").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Placement sites")
    axe(page)
    page.get_by_role("link", name="Freeman Hospital").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Freeman Hospital")
    axe(page)
    for name in ("Accessibility", "Privacy", "Help", "Contact the School"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        axe(page)
    page.goto("/no/such/page/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no page at this address")
    axe(page)
